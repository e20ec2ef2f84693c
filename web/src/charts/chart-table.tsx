import type { ReactNode } from 'react';
import { ScrollArea } from '../shell/scroll-area.tsx';

interface ChartTableProps {
  /** What the numbers are. */
  readonly title: string;
  readonly head: readonly string[];
  /** The first cell of each names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** The numbers of a chart, for readers who do not see it or want to copy them. */
export function ChartTable({ title, head, rows }: ChartTableProps): ReactNode {
  return (
    <details className="chart-table">
      <summary>As a table</summary>
      <ScrollArea label={title}>
        <table aria-label={title}>
          <thead>
            <tr>
              {head.map((name, index) => (
                <th key={name} scope="col" className={index === 0 ? undefined : 'n'}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name = '', ...cells]) => (
              <tr key={[name, ...cells].join('\t')}>
                <th scope="row">{name}</th>
                {cells.map((cell, index) => (
                  <td key={head[index + 1]} className="n">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </details>
  );
}
