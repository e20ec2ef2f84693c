import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { FoundRun } from '../../../src/client/index.ts';
import { useWindow } from '../data/use-window.ts';
import { ErrorNote } from '../shell/parts.tsx';
import { asErrorBody } from '../shell/error-body.ts';
import { Ago } from '../text/times.tsx';
import { nameOfColumn, type RunColumn, valueOf } from './columns.ts';
import { RunStatusText } from './run-status.tsx';
import { MetricValue, RunValue } from './run-value.tsx';
import type { Sort } from './runs-search.ts';
import { useRows, useTotal } from './use-pages.ts';
import { type FoundBy, foundRuns } from './use-run-pages.ts';
import { ScrollArea } from '../shell/scroll-area.tsx';

/** Rows have these heights in tracking.css. */
const rowHeights = { wide: 36, narrow: 64 };
const firstRows = 40;

interface RunsGridProps {
  readonly by: FoundBy;
  readonly sort: Sort | undefined;
  readonly onSort: (column: RunColumn) => void;
  /** Whether the runs are of several experiments, so that each names its own. */
  readonly hasExperiments: boolean;
  readonly onTotal: (total: number) => ReactNode;
}

/** Every run that a search finds; only the rows on the screen are loaded and rendered. */
export function RunsGrid({ by, sort, onSort, hasExperiments, onTotal }: RunsGridProps): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = matchMedia('(max-width: 700px)').matches ? rowHeights.narrow : rowHeights.wide;
  const { total, error: firstError } = useTotal(foundRuns(by));
  const rows = useWindow(body, total ?? firstRows, rowHeight);
  const { error = firstError, rowAt } = useRows(foundRuns(by), rows);
  if (error) return <ErrorNote error={asErrorBody(error)} />;
  if (total === undefined) return <output className="pending">Loading…</output>;
  if (total === 0) return <p className="muted">No run matches. Change the filter to see others.</p>;
  const end = Math.min(rows.end, total);
  return (
    <>
      {onTotal(total)}
      <ScrollArea label="Table of the runs">
        <table className="found-runs" aria-rowcount={total + 1}>
          <colgroup>
            <col className="run" />
            {hasExperiments && <col className="experiment" />}
            <col className="status" />
            {by.columns.map((column) => (
              <col key={nameOfColumn(column)} className={column.kind} />
            ))}
            <col className="started" />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Run</th>
              {hasExperiments && <th scope="col">Experiment</th>}
              <th scope="col">Status</th>
              {by.columns.map((column) => (
                <ColumnHead key={nameOfColumn(column)} column={column} sort={sort} onSort={onSort} />
              ))}
              <th scope="col">Started</th>
            </tr>
          </thead>
          <tbody ref={body}>
            <Space rows={rows.first} height={rowHeight} />
            {Array.from({ length: Math.max(0, end - rows.first) }, (_, offset) => (
              <RunRow
                key={rows.first + offset}
                position={rows.first + offset}
                run={rowAt(rows.first + offset)}
                columns={by.columns}
                hasExperiment={hasExperiments}
              />
            ))}
            <Space rows={total - end} height={rowHeight} />
          </tbody>
        </table>
      </ScrollArea>
    </>
  );
}

/** Takes the place of rows that are not rendered. */
export function Space({ rows, height }: { readonly rows: number; readonly height: number }): ReactNode {
  return rows > 0 ? <tr className="space" aria-hidden="true" style={{ height: rows * height }} /> : null;
}

interface ColumnHeadProps {
  readonly column: RunColumn;
  readonly sort: Sort | undefined;
  readonly onSort: (column: RunColumn) => void;
}

function ColumnHead({ column, sort, onSort }: ColumnHeadProps): ReactNode {
  const name = nameOfColumn(column);
  const isSorted = sort !== undefined && nameOfColumn(sort.column) === name;
  const direction = isSorted ? (sort.ascending ? 'ascending' : 'descending') : undefined;
  return (
    <th scope="col" className={column.kind === 'metrics' ? 'n' : undefined} aria-sort={direction}>
      <button type="button" className="sort" title={name} onClick={() => onSort(column)}>
        {column.key}
        {isSorted && <span aria-hidden="true">{sort.ascending ? '↑' : '↓'}</span>}
      </button>
    </th>
  );
}

interface RunRowProps {
  readonly run: FoundRun | undefined;
  readonly columns: readonly RunColumn[];
  readonly position: number;
  readonly hasExperiment: boolean;
}

function RunRow({ run, columns, position, hasExperiment }: RunRowProps): ReactNode {
  if (!run)
    return (
      <tr aria-rowindex={position + 2} className="loading">
        <td aria-label="Loading" colSpan={columns.length + (hasExperiment ? 4 : 3)}>
          <span />
        </td>
      </tr>
    );
  return (
    <tr aria-rowindex={position + 2}>
      <th scope="row" title={run.name}>
        <Link to="/runs/$run" params={{ run: run.id }}>
          {run.name || run.id}
        </Link>
      </th>
      {hasExperiment && (
        <td className="extra" title={run.experiment.name}>
          <Link to="/experiments/$experiment" params={{ experiment: run.experiment.id }}>
            {run.experiment.name}
          </Link>
        </td>
      )}
      <td>
        <RunStatusText run={run} />
      </td>
      {columns.map((column, index) => (
        <RunCell
          key={nameOfColumn(column)}
          run={run}
          column={column}
          className={index === 0 ? 'first' : 'extra'}
        />
      ))}
      <td>
        <Ago at={run.startedAt} />
      </td>
    </tr>
  );
}

interface RunCellProps {
  readonly run: FoundRun;
  readonly column: RunColumn;
  /** 'first' for the one column of a narrow screen. */
  readonly className: 'first' | 'extra';
}

function RunCell({ run, column, className }: RunCellProps): ReactNode {
  const value = valueOf(run, column);
  if (column.kind === 'metrics')
    return (
      <td className={`n ${className}`} data-label={column.key}>
        <MetricValue value={value} />
      </td>
    );
  return (
    <td className={className} data-label={column.key} title={typeof value === 'string' ? value : undefined}>
      <RunValue value={value} />
    </td>
  );
}
