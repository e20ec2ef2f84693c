import type { ReactNode } from 'react';
import { formatCount, type ReportView } from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { Card } from '../../shell/parts.tsx';
import { comparedIn, linesOf, metricOr } from './beside.ts';

/** The metric in parts of the test rows, in the order of time. */
export function OverTime({ report }: { readonly report: ReportView }): ReactNode {
  const { overTime, metric } = report;
  const [first, last] = [overTime[0], overTime.at(-1)];
  if (!metric || !first || !last || overTime.length < 2) return null;
  const compared = comparedIn(report);
  const format = (value: number): string => metricOr(metric.name, value);
  return (
    <Card title="Over time" aside={<span className="faint">{withUnit(metric)}</span>}>
      <LineChart
        title={`${metric.title} over time: ${metricOr(metric.name, first.value)} from ${dayOf(first.from)}, ${metricOr(metric.name, last.value)} at the end`}
        x={overTime.map((_, index) => index)}
        lines={linesOf(compared, overTime)}
        ends={[dayOf(first.from), dayOf(last.to)]}
        format={format}
      />
      <ChartTable
        title={`${metric.title} over time`}
        head={['Time', 'Rows', ...compared.map(({ title }) => title)]}
        rows={overTime.map((part) => [
          part.from === part.to ? dayOf(part.from) : `${dayOf(part.from)} – ${dayOf(part.to)}`,
          formatCount(part.rows),
          ...compared.map(({ of }) => metricOr(metric.name, of(part))),
        ])}
      />
    </Card>
  );
}

export function withUnit({ title, unit }: NonNullable<ReportView['metric']>): string {
  return unit === null ? title : `${title}, ${unit}`;
}

/** The day of a date with a time; other text as it is. */
function dayOf(text: string): string {
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? text.slice(0, 10) : text;
}
