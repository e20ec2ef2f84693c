import type { Column } from '../tables/column.ts';
import {
  type Columns,
  describe,
  durationProblem,
  formatValue,
  isNumber,
  missingColumn,
  nullProblem,
  oneOfProblem,
  shareProblem,
  timeProblems,
} from './problem-rules.ts';
import type { Split, TestFrom } from '../models/split.ts';

const periods = ['day', 'week', 'month', 'quarter', 'year'];

export function splitProblems(split: Split, columns: Columns): readonly string[] {
  return [
    ...missingColumn('split.group', split.group, columns),
    ...orderProblems(split, columns),
    ...(typeof split.test === 'object' && split.test !== null
      ? fromProblems(split, split.test, columns)
      : shareProblem('split.test', split.test ?? null)),
    ...shareProblem('split.validation', split.validation),
    ...durationProblem('split.gap', split.gap),
    ...(split.gap !== undefined && isOrderedBy(split, columns, isNumber)
      ? [`split.gap is a time, but split.by "${split.by}" is a number column: order rows by a date or time`]
      : []),
  ];
}

function orderProblems(split: Split, columns: Columns): readonly string[] {
  const { by, group, rows }: { by?: string; group?: string; rows?: unknown } = split;
  if (rows !== undefined)
    return [
      ...oneOfProblem('split.rows', rows, ['independent']),
      ...(by === undefined && group === undefined
        ? []
        : [
            "split has `rows: 'independent'` beside `by` or `group`: leave `rows` out if rows belong together",
          ]),
    ];
  if (by === undefined && group === undefined)
    return [
      "split has neither `by` nor `group`: a random split of rows leaks, so choose the column that orders or groups them; if no two rows belong together, say `rows: 'independent'`",
    ];
  if (by === undefined) return [];
  const column = columns.get(by);
  if (column && isNumber(column)) return nullProblem('split.by', column);
  const why = column?.type === 'string' ? '. Sorted by an id or a name, later rows would train' : '';
  return timeProblems('split.by', by, columns).map((problem) => `${problem}${why}`);
}

function fromProblems(split: Split, { from, refit }: TestFrom, columns: Columns): readonly string[] {
  if (split.by === undefined)
    return ['split.test has `from`, but rows without `by` have no order: give a share, or name `by`'];
  const column = columns.get(split.by);
  return [
    ...(column && !isValueOf(column, from)
      ? [
          `split.test.from is ${formatValue(from)}, but split.by "${split.by}" is ${describe(column)}: give ${exampleOf(column)}`,
        ]
      : []),
    ...oneOfProblem('split.test.refit', refit, periods),
    ...(refit !== undefined && isOrderedBy(split, columns, isNumber)
      ? [`split.test.refit needs dates, but split.by "${split.by}" is a number column: name a date column`]
      : []),
  ];
}

function isOrderedBy({ by }: Split, columns: Columns, is: (column: Column) => boolean): boolean {
  const column = by === undefined ? undefined : columns.get(by);
  return column !== undefined && is(column);
}

/** A year is enough of a date to compare with: '2020' is before '2020-01-01'. */
function isValueOf(column: Column, from: unknown): boolean {
  if (isNumber(column)) return Number.isFinite(from);
  if (column.type === 'string') return typeof from === 'string';
  return typeof from === 'string' && /^\d{4}(-\d{2}(-\d{2}(T.*)?)?)?$/.test(from);
}

function exampleOf(column: Column): string {
  if (isNumber(column)) return 'a number';
  return column.type === 'date' ? 'a date such as "2020-01-31"' : 'a time such as "2020-01-31T00:00:00Z"';
}
