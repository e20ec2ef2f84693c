import type { ReactNode } from 'react';
import {
  formatSigned,
  formatNumber,
  type ModelReportView,
  type ReportView,
  type RunReportView,
} from '../../../../src/client/index.ts';
import { Bars } from '../../charts/bars.tsx';
import { Card, useLimit } from '../../shell/parts.tsx';
import { counted } from '../../text/numbers.ts';
import { Absent } from './absent.tsx';
import { Confusion } from './confusion.tsx';
import { Cutoff } from './cutoff.tsx';
import { ForecastReport } from './forecast-report.tsx';
import { Learning } from './learning.tsx';
import { Metrics } from './metrics.tsx';
import { OverTime } from './over-time.tsx';
import { Reliability } from './reliability.tsx';
import { Residuals } from './residuals.tsx';
import { Roc } from './roc.tsx';
import { Scatter } from './scatter.tsx';
import { Segments } from './segments.tsx';
import { Worst } from './worst.tsx';
import './report.css';

/** Where the models of a run are right and wrong. */
export function Report({ report: { models } }: { readonly report: RunReportView }): ReactNode {
  return models.map((of) => <ModelReport key={of.model} of={of} isOnly={models.length === 1} />);
}

function ModelReport({ of, isOnly }: { readonly of: ModelReportView; readonly isOnly: boolean }): ReactNode {
  const { model, report, forecast, learning, absent } = of;
  const title = isOnly ? 'Report' : `Report of ${model}`;
  return (
    <section className="report" aria-label={title}>
      <h2>{title}</h2>
      {report && <p className="muted">{aboutOf(report)}</p>}
      {forecast && <ForecastReport report={forecast} />}
      {!report && !forecast && (
        <p className="muted">
          This run has no report of its test rows: an older release ran it, or its files were removed. The
          next run that trains or measures the model has one.
        </p>
      )}
      <div className="report-grid">
        {report && <Metrics report={report} />}
        {report && <Importances report={report} />}
        {report && <Scatter report={report} />}
        {report && <Residuals report={report} />}
        {report && <Reliability report={report} />}
        {report && <Roc report={report} />}
        {report && <Cutoff report={report} />}
        {report && <Confusion report={report} />}
        {learning && <Learning curve={learning} />}
        {report && <OverTime report={report} />}
        {report && <Segments report={report} />}
      </div>
      {report && <Worst report={report} />}
      <Absent sentences={absent} />
    </section>
  );
}

function aboutOf({ rows, champion, version }: ReportView): string {
  const on = counted(rows, 'test row');
  if (rows === 0) return 'The split leaves no test rows, so there is nothing to report.';
  if (!champion) return `On ${on} that the model did not learn from.`;
  return `On ${on} that neither version ${version} nor the live version ${champion.version} learned from.`;
}

const importancesShown = 10;

function Importances({ report }: { readonly report: ReportView }): ReactNode {
  const { importances, target, unit } = report;
  const features = importances?.features ?? [];
  const [limit, more] = useLimit(features.length, importancesShown);
  if (!importances || features.length === 0) return null;
  const loss = target.kind === 'number' ? 'mean error' : 'log loss';
  const largest = features[0]?.increase ?? 0;
  const inUnit = target.kind === 'number' && unit !== null ? ` ${unit}` : '';
  return (
    <Card title="What predictions rely on">
      <Bars
        bars={features.slice(0, limit).map(({ feature, title, increase }) => ({
          key: feature,
          title,
          share: Math.max(0, increase),
          amount: formatSigned(Math.max(0, increase), largest),
        }))}
      />
      {more}
      <p className="faint">
        How much the {loss}, {formatNumber(importances.loss)}
        {inUnit}, rises when a field’s values are shuffled among {counted(importances.rows, 'test row')}.
        Fields that say the same share it.
      </p>
    </Card>
  );
}
