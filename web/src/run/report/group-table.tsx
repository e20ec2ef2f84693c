import type { ReactNode } from 'react';
import { formatCount, type ReportMetricView, type ReportValues } from '../../../../src/client/index.ts';
import { type Compared, metricOr } from './beside.ts';

interface GroupTableProps {
  /** For screen readers. */
  readonly title: string;
  /** The head of the first column. */
  readonly first: string;
  readonly metric: ReportMetricView;
  readonly compared: readonly Compared[];
  readonly groups: readonly (ReportValues & { readonly name: string; readonly rows: number })[];
}

/** A metric by groups of test rows, with a bar for each. */
export function GroupTable({ title, first, metric, compared, groups }: GroupTableProps): ReactNode {
  const largest = Math.max(...groups.map(({ value }) => Math.abs(value ?? 0)), 1e-9);
  return (
    <div className="scroll">
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
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
