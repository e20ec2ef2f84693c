import { parseDuration } from '../kernel/units.ts';
import type { Split } from '../project/models/split.ts';
import { periodOf, timeOf } from './calendar.ts';
import type { ColumnValue, ColumnValues } from './row-numbers.ts';
import { byFirstTime, type Grouped, latestValidation } from './split-groups.ts';
import { subsets } from './subsets.ts';

/** Which fits a row tests and trains. */
export interface PeriodColumns {
  /** Rows with the same number belong together; of a walk-forward split they are numbered in the order of time. */
  readonly group: ArrayLike<number>;
  readonly order: ArrayLike<number>;
  /** The period that the row tests, from 1; 0 for none. */
  readonly period: ArrayLike<number>;
  /** The first period whose fit may learn from the row; above the last one for none. */
  readonly trainsFrom: ArrayLike<number>;
}

export interface Periods extends PeriodColumns {
  /** '2025', in the order of time. */
  readonly names: readonly string[];
}

/**
 * The fit of each period learns from the groups that ended before its first test row, by the gap at least. A group tests
 * in the period of its first row.
 * @param times one text for each row
 */
export function walkForward(
  { from, refit }: { readonly from: string | number; readonly refit: Parameters<typeof periodOf>[1] },
  grouped: Grouped,
  { times, gap }: { readonly times: ColumnValues; readonly gap: number },
): Periods {
  const queue = [...byFirstTime(grouped).divisible()];
  const rankOf = new Map(queue.map((number, rank) => [number, rank]));
  const spans = spansOf(grouped, times);
  const nameOf = (number: number): string | undefined => {
    const { first } = spans.get(number) ?? { first: '' };
    return first >= String(from) ? periodOf(first, refit) : undefined;
  };
  const tested = new Map(queue.map((number) => [number, nameOf(number)]));
  const names = [...new Set([...tested.values()].filter((name) => name !== undefined))].toSorted();
  const indexOf = new Map(names.map((name, index) => [name, index + 1]));
  const starts = names.map(() => Infinity);
  for (const number of queue) {
    const index = indexOf.get(tested.get(number) ?? '');
    if (index !== undefined)
      starts[index - 1] = Math.min(starts[index - 1] as number, timeOf(spans.get(number)?.first ?? ''));
  }
  const trains = new Map(
    queue.map((number) => {
      const last = timeOf(spans.get(number)?.last ?? '');
      const found = starts.findIndex((start) => isBefore(last, start, gap));
      return [number, found < 0 ? names.length + 1 : found + 1];
    }),
  );
  const of = (value: (number: number) => number, unlabelled: number): Int32Array =>
    grouped.groups.map((number, row) => (grouped.isLabelled[row] ? value(number) : unlabelled));
  return {
    names,
    order: grouped.order,
    group: grouped.groups.map((number) => rankOf.get(number) ?? queue.length + number),
    period: of((number) => indexOf.get(tested.get(number) ?? '') ?? 0, 0),
    trainsFrom: of((number) => trains.get(number) ?? 0, names.length + 1),
  };
}

/** The subset of each row for the fit of one period, from 1. */
export function subsetsOfPeriod(columns: PeriodColumns, index: number, split: Split): Int8Array {
  const count = columns.period.length;
  const first = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    if (!trainsFor(columns, row, index)) continue;
    const number = columns.group[row] as number;
    first.set(number, Math.min(columns.order[row] as number, first.get(number) ?? Infinity));
  }
  const queue = [...first].toSorted((a, b) => a[1] - b[1] || a[0] - b[0]);
  const numbers = Int32Array.from(queue, ([number]) => number);
  const times = Float64Array.from(queue, ([, time]) => time);
  const validates = new Set(latestValidation({ numbers, times, divisible: () => numbers }, split.validation));
  return Int8Array.from({ length: count }, (_, row) => {
    if (columns.period[row] === index) return subsets.test;
    if (!trainsFor(columns, row, index)) return subsets.none;
    return validates.has(columns.group[row] as number) ? subsets.validation : subsets.train;
  });
}

/** Whether each row may train: those that are too close to the first test row, or after it, may not. */
export function beforeGap(isTest: (row: number) => boolean, times: ColumnValues, gap: number): Uint8Array {
  const each = Float64Array.from<ColumnValue>(times, (value) => timeOf(String(value)));
  const start = each.reduce((least, time, row) => (isTest(row) ? Math.min(least, time) : least), Infinity);
  return Uint8Array.from(each, (time) => Number(isBefore(time, start, gap)));
}

/** The milliseconds of a gap. */
export function gapOf({ gap }: Split): number {
  return gap === undefined ? 0 : parseDuration(gap, 'split.gap');
}

function isBefore(time: number, start: number, gap: number): boolean {
  return gap > 0 ? time < start - gap : time < start;
}

function trainsFor({ trainsFrom }: PeriodColumns, row: number, index: number): boolean {
  return (trainsFrom[row] as number) <= index;
}

interface Span {
  readonly first: string;
  readonly last: string;
}

function spansOf({ groups, isLabelled }: Grouped, times: ColumnValues): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>();
  for (const [row, number] of groups.entries()) {
    if (!isLabelled[row]) continue;
    const time = String(times[row]);
    const { first, last } = spans.get(number) ?? { first: time, last: time };
    spans.set(number, { first: time < first ? time : first, last: time > last ? time : last });
  }
  return spans;
}
