import type { ReactNode } from 'react';
import { formatShare, formatNumber, type ForecastReportView } from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { ForecastChart } from '../../charts/forecast-chart.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { Card, useLimit } from '../../shell/parts.tsx';
import { counted } from '../../text/numbers.ts';
import { comparedIn, linesOf, metricOr, versionTitle } from './beside.ts';
import { GroupTable } from './group-table.tsx';
import { Metrics } from './metrics.tsx';
import { formatForecastTime, formatForecastTimes } from './forecast-time.ts';
import { withUnit } from './over-time.tsx';

interface Props {
  readonly report: ForecastReportView;
}

/** Where the forecasts of a version are right and wrong. */
export function ForecastReport({ report }: Props): ReactNode {
  return (
    <>
      <p className="muted">{aboutOf(report)}</p>
      <div className="report-grid">
        <Metrics report={report} />
        <ByStep report={report} />
        <Coverage report={report} />
        <ByOrigin report={report} />
        <BySeries report={report} />
      </div>
      <WorstForecasts report={report} />
    </>
  );
}

function aboutOf({ rows, series, byOrigin, byStep, champion, version }: ForecastReportView): string {
  const what = `On ${counted(rows, 'value')} of ${counted(series, 'series', 'series')}, forecast up to ${counted(byStep.length, 'step')} ahead from ${counted(byOrigin.length, 'origin')}, each time from the values before.`;
  return champion
    ? `${what} Version ${version} and the live version ${champion.version} forecast the same values.`
    : what;
}

function ByStep({ report }: Props): ReactNode {
  const { byStep, metric } = report;
  const [first, last] = [byStep[0], byStep.at(-1)];
  if (!first || !last || byStep.length < 2) return null;
  const compared = comparedIn(report);
  const format = (value: number): string => metricOr(metric.name, value);
  return (
    <Card title="By step ahead" aside={<span className="faint">{withUnit(metric)}</span>}>
      <LineChart
        title={`${metric.title} by step ahead: ${metricOr(metric.name, first.value)} at step 1, ${metricOr(metric.name, last.value)} at step ${last.step}`}
        x={byStep.map(({ step }) => step)}
        lines={linesOf(compared, byStep)}
        ends={['1 step', `${last.step} steps`]}
        format={format}
      />
      <ChartTable
        title={`${metric.title} by step ahead`}
        head={['Step', ...compared.map(({ title }) => title)]}
        rows={byStep.map((part) => [
          String(part.step),
          ...compared.map(({ of }) => metricOr(metric.name, of(part))),
        ])}
      />
    </Card>
  );
}

/** The share of values inside the interval, by step, against the share that should be. */
function Coverage({ report: { coverage, champion, version } }: Props): ReactNode {
  const { level, byStep } = coverage;
  const last = byStep.at(-1);
  const isMeasured = byStep.some((part) => part.value !== null || part.champion !== null);
  if (!last || byStep.length < 2 || !isMeasured) return null;
  const share = (value: number | null): string => (value === null ? '–' : formatShare(value));
  const titles = [versionTitle(version), ...(champion ? [versionTitle(champion.version)] : [])];
  return (
    <Card title="Interval coverage" aside={<span className="faint">Should be {formatShare(level)}</span>}>
      <LineChart
        title={`Share of values inside the interval by step ahead: ${share(byStep[0]?.value ?? null)} at step 1, ${share(last.value)} at step ${last.step}`}
        x={byStep.map(({ step }) => step)}
        lines={[
          { kind: 'main', title: titles[0] ?? '', values: byStep.map(({ value }) => value) },
          ...(champion
            ? [
                {
                  kind: 'beside',
                  title: titles[1] ?? '',
                  values: byStep.map((part) => part.champion),
                } as const,
              ]
            : []),
          { kind: 'base', title: 'Should be', values: byStep.map(() => level) },
        ]}
        ends={['1 step', `${last.step} steps`]}
        format={formatShare}
      />
      <ChartTable
        title="Interval coverage by step ahead"
        head={['Step', ...titles]}
        rows={byStep.map((part) => [
          String(part.step),
          share(part.value),
          ...(champion ? [share(part.champion)] : []),
        ])}
      />
    </Card>
  );
}

function ByOrigin({ report }: Props): ReactNode {
  const { byOrigin, metric } = report;
  return (
    <Card title="By origin" aside={<span className="faint">{withUnit(metric)}</span>}>
      <GroupTable
        title={`${metric.title} by origin`}
        first="Forecast"
        metric={metric}
        compared={comparedIn(report)}
        groups={byOrigin.map(({ from, to, ...part }) => ({
          ...part,
          name: formatForecastTimes(from, to),
        }))}
      />
    </Card>
  );
}

const seriesShown = 8;

function BySeries({ report }: Props): ReactNode {
  const { worstSeries, series, metric } = report;
  const [limit, more] = useLimit(worstSeries.length, seriesShown);
  if (series < 2) return null;
  return (
    <Card
      title="Worst series"
      className="by-field"
      aside={<span className="faint">{withUnit(metric)}, largest first</span>}
    >
      <GroupTable
        title={`${metric.title} by series`}
        first="Series"
        metric={metric}
        compared={comparedIn(report)}
        groups={worstSeries.slice(0, limit)}
      />
      {more}
      {worstSeries.length < series && (
        <p className="faint">
          The worst {worstSeries.length} of {counted(series, 'series', 'series')}.
        </p>
      )}
    </Card>
  );
}

function WorstForecasts({ report: { worst, metric, series, unit, coverage } }: Props): ReactNode {
  // The bounds of a version without an interval are its points.
  const hasInterval = coverage.byStep.some(({ value }) => value !== null);
  if (worst.length === 0) return null;
  return (
    <Card title="Worst forecasts" aside={<span className="faint">Largest errors first</span>}>
      <ul className="worst-forecasts">
        {worst.map((forecast, index) => {
          const [first, last] = [forecast.steps[0], forecast.steps.at(-1)];
          const when = formatForecastTimes(first?.time ?? '', last?.time ?? '');
          const name = series > 1 ? forecast.series : when;
          return (
            <li key={index}>
              <h3 title={name}>{name}</h3>
              <p className="faint">
                {series > 1 && <span>{when}</span>}
                <span>
                  {metric.title} {metricOr(metric.name, forecast.value)}
                </span>
              </p>
              <ForecastChart
                points={forecast.steps.map(({ predicted, ...step }) => ({ ...step, prediction: predicted }))}
                history={forecast.history}
                truth={forecast.steps.map(({ truth }) => truth)}
              />
              <ChartTable
                title={`Forecast of ${name} from ${formatForecastTime(first?.time ?? '')}`}
                head={[
                  'When',
                  `Truth${unit === null ? '' : `, ${unit}`}`,
                  'Forecast',
                  ...(hasInterval ? ['Interval'] : []),
                ]}
                rows={forecast.steps.map(({ time, truth, predicted, low, high }) => [
                  formatForecastTime(time),
                  formatNumber(truth),
                  formatNumber(predicted),
                  ...(hasInterval ? [`${formatNumber(low)} to ${formatNumber(high)}`] : []),
                ])}
              />
            </li>
          );
        })}
      </ul>
      <p className="faint">
        Thin: what happened. Strong: the forecast{hasInterval && ', in the band of its interval'}.
      </p>
    </Card>
  );
}
