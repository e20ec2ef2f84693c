import type { ReactNode } from 'react';
import type { ModelReportView, ReportView, RunReportView } from '../../../../src/client/index.ts';
import { Bars } from '../../charts/bars.tsx';
import { Card, useLimit } from '../../shell/parts.tsx';
import { metricMeaning } from '../../text/metrics.ts';
import { counted, formatNumber, formatSigned } from '../../text/numbers.ts';
import { comparedIn, metricOr } from './beside.ts';
import { Learning } from './learning.tsx';
import { OverTime } from './over-time.tsx';
import { Reliability } from './reliability.tsx';
import { Residuals } from './residuals.tsx';
import { Segments } from './segments.tsx';
import { Worst } from './worst.tsx';
import './report.css';

/** Where the models of a run are right and wrong. */
export function Report({ report: { models } }: { readonly report: RunReportView }): ReactNode {
  return models.map((of) => <ModelReport key={of.model} of={of} isOnly={models.length === 1} />);
}

function ModelReport({ of, isOnly }: { readonly of: ModelReportView; readonly isOnly: boolean }): ReactNode {
  const { model, report, learning } = of;
  const title = isOnly ? 'Report' : `Report of ${model}`;
  return (
    <section className="report" aria-label={title}>
      <h2>{title}</h2>
      {report ? (
        <p className="muted">{aboutOf(report)}</p>
      ) : (
        <p className="muted">
          This run has no report of its test rows: an older release ran it, or its files were removed. The
          next run that trains or measures the model has one.
        </p>
      )}
      <div className="report-grid">
        {report && <Metrics report={report} />}
        {report && <Importances report={report} />}
        {learning && <Learning curve={learning} />}
        {report && <Residuals report={report} />}
        {report && <Reliability report={report} />}
        {report && <OverTime report={report} />}
        {report && <Segments report={report} />}
      </div>
      {report && <Worst report={report} />}
    </section>
  );
}

function aboutOf({ rows, champion, version }: ReportView): string {
  const on = counted(rows, 'test row');
  if (rows === 0) return 'The split leaves no test rows, so there is nothing to report.';
  if (!champion) return `On ${on} that the model did not learn from.`;
  return `On ${on} that neither version ${version} nor the live version ${champion.version} learned from.`;
}

function Metrics({ report }: { readonly report: ReportView }): ReactNode {
  const compared = comparedIn(report);
  if (report.rows === 0 || report.metrics.length === 0) return null;
  return (
    <Card title={report.champion ? `Beside v${report.champion.version}, which was live` : 'Metrics'}>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              {compared.map(({ of, title }) => (
                <th key={of} scope="col" className="n wrap">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.metrics.map((metric) => (
              <tr key={metric.name}>
                <th scope="row" title={metricMeaning(metric.name)}>
                  {metric.title}
                  {metric.unit !== null && <span className="faint"> {metric.unit}</span>}
                </th>
                {compared.map(({ of }) => (
                  <td key={of} className="n">
                    {metricOr(metric.name, metric[of])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
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
        {inUnit}, rises when a feature’s values are shuffled among {counted(importances.rows, 'test row')}.
        Features that say the same share it.
      </p>
    </Card>
  );
}
