import { type ReactNode, useMemo, useState } from 'react';
import { formatNumber, type TrialView, titleOf } from '../../../src/client/index.ts';
import { Card, useLimit } from '../shell/parts.tsx';
import { metricTitle } from '../text/metrics.ts';
import { counted, formatAligned } from '../text/numbers.ts';
import { cellOf, type Order, sortTrials, type TrialColumn, trialColumns } from './sort.ts';
import { ScrollArea } from '../shell/scroll-area.tsx';

const shownFirst = 10;

/** The search's trials; a heading sorts by its column, and again the other way. */
export function Trials({
  trials,
  isCut,
}: {
  readonly trials: readonly TrialView[];
  /** Whether the search has more trials. */
  readonly isCut: boolean;
}): ReactNode {
  const columns = useMemo(() => trialColumns(trials), [trials]);
  const [chosen, setOrder] = useState<Order>();
  const [limit, more] = useLimit(trials.length, shownFirst);
  const first = columns.find(({ kind }) => kind === 'metric') ?? columns[0];
  const order = chosen ?? (first && { column: first, descending: false });
  if (trials.length === 0 || !order) return null;
  const sortBy = (column: TrialColumn): void =>
    setOrder({ column, descending: isSame(column, order.column) ? !order.descending : false });
  return (
    <Card title="Trials" aside={<span className="faint">{counted(trials.length, 'trial')}</span>}>
      <ScrollArea label="Trials">
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.kind + column.name} column={column} order={order} onSort={sortBy} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sortTrials(trials, order)
              .slice(0, limit)
              .map((trial) => (
                <tr key={trial.runId}>
                  {columns.map((column) => (
                    <td key={column.kind + column.name} className="n">
                      {formatCell(cellOf(trial, column), column)}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </ScrollArea>
      {more}
      {isCut && (
        <p className="faint">
          The table has the latest {counted(trials.length, 'trial')}. <code>modelyard runs</code> lists all.
        </p>
      )}
    </Card>
  );
}

interface HeadingProps {
  readonly column: TrialColumn;
  readonly order: Order;
  readonly onSort: (column: TrialColumn) => void;
}

function Heading({ column, order, onSort }: HeadingProps): ReactNode {
  const sorted = isSame(column, order.column);
  const direction = order.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" className="n" aria-sort={sorted ? direction : undefined}>
      <button type="button" className="sort" onClick={() => onSort(column)}>
        {column.kind === 'metric' ? metricTitle(column.name) : titleOf(column.name)}
        <span aria-hidden="true">{sorted ? (order.descending ? '↓' : '↑') : ''}</span>
      </button>
    </th>
  );
}

function isSame(one: TrialColumn, other: TrialColumn): boolean {
  return one.kind === other.kind && one.name === other.name;
}

function formatCell(cell: number | string | undefined, column: TrialColumn): string {
  if (cell === undefined) return '–';
  if (typeof cell !== 'number' || column.kind === 'index') return String(cell);
  return Number.isInteger(cell) ? formatNumber(cell) : formatAligned(cell);
}
