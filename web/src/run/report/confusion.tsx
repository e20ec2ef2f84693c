import type { CSSProperties, ReactNode } from 'react';
import { formatCount, formatShare, type ReportView } from '../../../../src/client/index.ts';
import { Card } from '../../shell/parts.tsx';
import { ScrollArea } from '../../shell/scroll-area.tsx';

/** Which classes are taken for which, with how many of each are found and how many of those called so are right. */
export function Confusion({ report: { confusion } }: { readonly report: ReportView }): ReactNode {
  if (!confusion) return null;
  const { classes, counts } = confusion;
  const titles = classes.map((name) => name ?? 'all others');
  const sums = counts.map((line) => line.reduce((sum, count) => sum + count, 0));
  const called = classes.map((_, column) => counts.reduce((sum, line) => sum + (line[column] ?? 0), 0));
  const all = sums.reduce((sum, count) => sum + count, 0);
  const hits = counts.reduce((sum, line, row) => sum + (line[row] ?? 0), 0);
  const of = (count: number | undefined, all: number | undefined): string =>
    all === undefined || all === 0 ? '–' : formatShare((count ?? 0) / all);
  return (
    <Card
      title="Which class is taken for which"
      className="by-class"
      aside={<span className="faint">Rows happened, columns predicted</span>}
    >
      <ScrollArea label="Actual and predicted classes">
        <table className="confusion" aria-label="Actual and predicted classes">
          <thead>
            <tr>
              <th scope="col">Actual</th>
              {titles.map((title) => (
                <th key={title} scope="col" className="n" title={title}>
                  <span className="cut">{title}</span>
                </th>
              ))}
              <th scope="col" className="n">
                Rows
              </th>
              <th scope="col" className="n">
                Found
              </th>
            </tr>
          </thead>
          <tbody>
            {counts.map((line, row) => (
              <tr key={titles[row]}>
                <th scope="row" title={titles[row]}>
                  <span className="cut">{titles[row]}</span>
                </th>
                {line.map((count, column) => (
                  <td
                    key={titles[column]}
                    className={row === column ? 'n right' : 'n'}
                    style={
                      {
                        '--share': `${((sums[row] ? count / sums[row] : 0) * 45).toFixed(1)}%`,
                      } as CSSProperties
                    }
                    title={`${formatCount(count)} rows of ${titles[row]} predicted as ${titles[column]}`}
                  >
                    {formatCount(count)}
                  </td>
                ))}
                <td className="n">{formatCount(sums[row] ?? 0)}</td>
                <td className="n">{of(line[row], sums[row])}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">Right</th>
              {classes.map((_, column) => (
                <td key={titles[column]} className="n">
                  {of(counts[column]?.[column], called[column])}
                </td>
              ))}
              <td className="n">{formatCount(all)}</td>
              <td className="n">{of(hits, all)}</td>
            </tr>
          </tbody>
        </table>
      </ScrollArea>
      <p className="faint">
        Found: the share of a class’s rows that are predicted as it. Right: the share of the rows predicted as
        a class that are of it. The class with the highest probability is the prediction.
      </p>
    </Card>
  );
}
