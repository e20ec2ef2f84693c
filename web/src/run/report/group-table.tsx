import type { ReactNode } from 'react';
import {
  formatCount,
  formatNumber,
  type ReportMetricView,
  type ReportValues,
} from '../../../../src/client/index.ts';
import { type Compared, metricOr } from './beside.ts';
import { ScrollArea } from '../../shell/scroll-area.tsx';

interface GroupTableProps {
  /** For screen readers. */
  readonly title: string;
  /** The head of the first column. */
  readonly first: string;
  readonly metric: ReportMetricView;
  readonly compared: readonly Compared[];
  readonly groups: readonly (ReportValues & {
    readonly name: string;
    readonly rows: number;
    readonly further?: readonly (number | null)[];
  })[];
  /** Of the version, after all that it is beside; `further` of each group is in their order. @default none */
  readonly further?: readonly ReportMetricView[];
}

/** A metric by groups of test rows, with a bar for each. */
export function GroupTable({
  title,
  first,
  metric,
  compared,
  groups,
  further = [],
}: GroupTableProps): ReactNode {
  const isCompared = metric.better !== 'neither' && groups.some(({ champion }) => champion !== null);
  const largest = Math.max(...groups.map(({ value }) => Math.abs(value ?? 0)), 1e-9);
  return (
    <ScrollArea label={title}>
      <table aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col" className="n">
              Rows
            </th>
            <th scope="col" aria-hidden="true" className="bar-cell" />
            {compared.map((each) => (
              <th key={each.title} scope="col" className="n wrap">
                {each.title}
              </th>
            ))}
            {isCompared && (
              <th scope="col" className="wrap">
                Against the live version
              </th>
            )}
            {further.map((each) => (
              <th key={each.name} scope="col" className="n wrap">
                {each.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group, index) => (
            <tr key={index}>
              <th scope="row" title={group.name}>
                <span className="cut">{group.name}</span>
              </th>
              <td className="n">{formatCount(group.rows)}</td>
              <td aria-hidden="true" className="bar-cell">
                <i style={{ width: `${(Math.abs(group.value ?? 0) / largest) * 100}%` }} />
              </td>
              {compared.map((each) => (
                <td key={each.title} className="n">
                  {metricOr(metric.name, each.of(group))}
                </td>
              ))}
              {isCompared && <Against group={group} better={metric.better} />}
              {further.map(({ name }, position) => (
                <td key={name} className="n">
                  {metricOr(name, group.further?.[position] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** Groups with fewer rows differ by chance. */
const fewRows = 50;

function Against({
  group: { value, champion, rows },
  better,
}: {
  readonly group: ReportValues & { readonly rows: number };
  readonly better: ReportMetricView['better'];
}): ReactNode {
  if (value === null || champion === null) return <td>–</td>;
  const gain = better === 'lower' ? champion - value : value - champion;
  const text = gain === 0 ? 'the same' : `${formatNumber(Math.abs(gain))} ${gain > 0 ? 'better' : 'worse'}`;
  if (rows < fewRows) return <td className="faint">{text}, of few rows</td>;
  return <td className={gain > 0 ? 'good-word' : gain < 0 ? 'bad-word' : undefined}>{text}</td>;
}
