import { PlatformError } from '../kernel/errors.ts';
import type { Split } from '../project/models/split.ts';
import { isTime } from './calendar.ts';
import { type ColumnValue, type ColumnValues, numberGroups, numberOrder } from './row-numbers.ts';
import {
  byFirstTime,
  chosen,
  drawnGroups,
  type EarlierTest,
  firstRowsOf,
  type Grouped,
  latestTests,
  latestValidation,
} from './split-groups.ts';
import {
  hasNoTarget,
  isEmpty,
  isInTwoSubsets,
  isNoTime,
  needsTimes,
  startsTooEarly,
} from './split-refusals.ts';
import { type Subset, subsets } from './subsets.ts';
import { beforeGap, gapOf, type Periods, subsetsOfPeriod, walkForward } from './walk-forward.ts';

export { type Subset, subsets } from './subsets.ts';

/** The columns of the split, one value for each row. */
export interface SplitColumns {
  readonly rows: number;
  readonly by?: ColumnValues;
  readonly group?: ColumnValues;
  /** A hash of each row, for rows that are independent. */
  readonly content?: ColumnValues;
  /** The target. A row without it is in no subset. @default every row has one */
  readonly target?: ColumnValues;
  /** Indexes of rows that are in no subset, such as those that the request schema refuses. @default none */
  readonly refused?: ReadonlySet<number>;
}

export interface SplitRows {
  /** One number for each row, from `subsets`: for the last fit, if there are several. */
  readonly subsets: Int8Array;
  /** Rows with the same number belong together; without a group column, each row is a group. */
  readonly group: Int32Array;
  /** The order of rows in time; without `by`, 0, 1, 2 … */
  readonly order: Float64Array;
  /** Which fit tests and trains each row; a plain split has one. */
  readonly periods: Periods;
  /** Of the last fit, and the tested rows of all. */
  readonly counts: Readonly<Record<Subset, { readonly rows: number; readonly groups: number }>>;
  /** Rows that train nothing because they are too close to the test. */
  readonly inGap: number;
}

/**
 * Assigns each row to a subset; a group is never divided. Rows without a target are set aside first.
 *
 * With `by`, a share takes the latest groups by their first value of `by`, and `from` takes the rows at or after a value; of
 * the rest, the latest groups validate. Groups with the same start are in one subset, so later rows never move a group from
 * training to the test, and with `notBefore` rows of the past that arrive late do not either. Without `by`, a hash of the group (of an independent row,
 * its content) and the seed decides, so more data never moves an old row.
 * @param notBefore the first value of `by` that tested before: a share never moves the test to an earlier one @default no limit
 * @throws PlatformError SPLIT_REFUSED for a group that would be in two subsets, for an order that is no time, for rows that
 *   are all before `notBefore` and for an empty subset; DATA_INVALID for a missing value in a column that the split needs; PROJECT_INVALID for a share that is
 *   not between 0 and 1, and for a gap or a refit over numbers
 */
export function splitRows(columns: SplitColumns, split: Split, notBefore?: string | number): SplitRows {
  const name = split.rows === 'independent' ? 'content' : split.group;
  const group =
    name === undefined
      ? undefined
      : needed(split.rows === 'independent' ? columns.content : columns.group, name);
  const by = split.by === undefined ? undefined : needed(columns.by, split.by);
  const groups = group && name !== undefined ? numberGroups(group, name) : eachItsOwn(columns.rows);
  const order = by && split.by !== undefined ? numberOrder(by, split.by) : Float64Array.from(groups.keys());
  if (by) checkTimes(by, split);
  const isLabelled = labelled(columns);
  if (columns.rows > 0 && !isLabelled.includes(1)) throw hasNoTarget(columns.rows);
  const firstRows = firstRowsOf(groups, isLabelled);
  const grouped: Grouped = { groups, order, firstRows, values: group, isLabelled };
  const { test } = split;
  if (by && typeof test === 'object') checkFrom(columns, split);
  if (by && typeof test === 'object' && test.refit !== undefined)
    return walked(
      walkForward({ from: test.from, refit: test.refit }, grouped, { times: by, gap: gapOf(split) }),
      split,
      isLabelled,
    );
  const earlier = earlierTest(notBefore, by, order);
  const { assigned, inGap } = assign(columns, split, { ...grouped, ...(earlier && { earlier }) });
  const isTest = (subset: number): boolean => subset === subsets.test;
  return {
    subsets: assigned,
    group: groups,
    order,
    periods: {
      names: ['test'],
      group: groups,
      order,
      period: Int32Array.from(assigned, (subset) => Number(isTest(subset))),
      trainsFrom: Int32Array.from(assigned, (subset) => (isTest(subset) || subset === subsets.none ? 2 : 1)),
    },
    counts: checkedCounts(assigned, groups, split),
    inGap,
  };
}

/**
 * Checks that every group is in one subset.
 * @param group one value for each row; @param name its column, for the message
 * @throws PlatformError SPLIT_REFUSED naming the column and the first group in two subsets
 */
export function checkSplit(subsetOfRow: Int8Array, group: ColumnValues, name: string): void {
  const seen = new Map<ColumnValue, number>();
  for (const [row, value] of group.entries()) {
    const subset = subsetOfRow[row] as number;
    if ((seen.get(value) ?? subset) !== subset) throw isInTwoSubsets(name, value);
    seen.set(value, subset);
  }
}

/** Undefined without `notBefore`, and where it is of another type than the times. */
function earlierTest(
  notBefore: string | number | undefined,
  by: ColumnValues | undefined,
  order: Float64Array,
): EarlierTest | undefined {
  if (notBefore === undefined || !by || typeof by[0] !== typeof notBefore) return undefined;
  const rank = order.reduce(
    (first, each, row) => (isFrom(by[row], notBefore) ? Math.min(first, each) : first),
    Infinity,
  );
  return { from: notBefore, rank };
}

type Assigning = Grouped & { readonly earlier?: EarlierTest };

interface Assigned {
  readonly assigned: Int8Array;
  readonly inGap: number;
}

function assign(columns: SplitColumns, split: Split, grouped: Assigning): Assigned {
  const { groups, isLabelled } = grouped;
  if (columns.by) return latest(columns.by, split, grouped);
  const { tests, validates } = drawnGroups(split, grouped);
  const assigned = Int8Array.from(groups, (number, row) => {
    if (isLabelled[row] === 0) return subsets.none;
    if (tests[number] === 1) return subsets.test;
    return validates[number] === 1 ? subsets.validation : subsets.train;
  });
  return { assigned, inGap: 0 };
}

function latest(by: ColumnValues, split: Split, grouped: Assigning): Assigned {
  const { groups, isLabelled } = grouped;
  const { test } = split;
  const tests = chosen(
    typeof test === 'number'
      ? latestTests(split, byFirstTime(grouped), grouped.earlier)
      : groups.filter((_, row) => isLabelled[row] === 1 && isFrom(by[row], test.from)),
    grouped,
  );
  const isTest = (row: number): boolean => isLabelled[row] === 1 && tests[groups[row] as number] === 1;
  const gap = gapOf(split);
  const isFar = gap > 0 ? beforeGap(isTest, by, gap) : undefined;
  const trains = isLabelled.map((labelled, row) => Number(labelled && !isTest(row) && isFar?.[row] !== 0));
  const training = { ...grouped, isLabelled: trains };
  const validates = chosen(latestValidation(byFirstTime(training), split.validation), grouped);
  const assigned = Int8Array.from(groups, (number, row) => {
    if (isTest(row)) return subsets.test;
    if (!trains[row]) return subsets.none;
    return validates[number] === 1 ? subsets.validation : subsets.train;
  });
  return { assigned, inGap: countInGap(assigned, isLabelled) };
}

/** The rows with a target that are in no subset. */
function countInGap(assigned: Int8Array, isLabelled: Uint8Array): number {
  return assigned.filter((subset, row) => subset === subsets.none && isLabelled[row] === 1).length;
}

/** The last of several fits, and the tested rows of all. */
function walked(periods: Periods, split: Split, isLabelled: Uint8Array): SplitRows {
  const [first] = periods.names;
  if (first === undefined) throw isEmpty('test', split);
  const firstFit = subsetsOfPeriod(periods, 1, split);
  if (!firstFit.includes(subsets.train) || !firstFit.includes(subsets.validation))
    throw startsTooEarly(split, first);
  const last = subsetsOfPeriod(periods, periods.names.length, split);
  const group = Int32Array.from(periods.group);
  const fits = checkedCounts(last, group, split);
  const tested = Int32Array.from(periods.period)
    .map((period, row) => (period > 0 ? (group[row] as number) : -1))
    .filter((number) => number >= 0);
  return {
    subsets: last,
    group,
    order: Float64Array.from(periods.order),
    periods,
    counts: { ...fits, test: { rows: tested.length, groups: new Set(tested).size } },
    inGap: countInGap(last, isLabelled),
  };
}

/** 1 for rows with a target that are not refused. */
function labelled({ rows, target, refused = new Set() }: SplitColumns): Uint8Array {
  const isLabelled = target
    ? Uint8Array.from<ColumnValue>(target, (value) => (value === null || Number.isNaN(value) ? 0 : 1))
    : new Uint8Array(rows).fill(1);
  for (const row of refused) isLabelled[row] = 0;
  return isLabelled;
}

function isFrom(value: ColumnValue | undefined, from: string | number): boolean {
  return value !== null && value !== undefined && value >= from;
}

function checkFrom({ by = [], group }: SplitColumns, split: Split): void {
  if (typeof split.test === 'number') return;
  const { from } = split.test;
  if (by.length > 0 && typeof by[0] !== typeof from)
    throw new PlatformError('PROJECT_INVALID', {
      field: 'split test.from',
      value: from,
      remedy: `must be a ${typeof by[0]}, as in column ${split.by}: ${JSON.stringify(by[0])}`,
    });
  if (typeof from === 'string' && !isTime(from))
    throw new PlatformError('PROJECT_INVALID', {
      field: 'split test.from',
      value: from,
      remedy: 'must be an ISO date or time such as 2026-01-31',
    });
  if (split.group === undefined) return;
  checkSplit(
    Int8Array.from<ColumnValue>(by, (value) => Number(isFrom(value, from))),
    group ?? [],
    split.group,
  );
}

/** Text orders rows only if it is a time; a gap and a refit need one. */
function checkTimes(by: ColumnValues, split: Split): void {
  if (typeof by[0] === 'number') {
    if (split.gap !== undefined) throw needsTimes('gap', split);
    if (typeof split.test === 'object' && split.test.refit !== undefined)
      throw needsTimes('test.refit', split);
    return;
  }
  for (const value of new Set<ColumnValue>(by))
    if (!isTime(String(value)))
      throw isNoTime(split.by ?? '', (by as readonly ColumnValue[]).indexOf(value), value);
}

function eachItsOwn(rows: number): Int32Array {
  return new Int32Array(rows).map((_, row) => row);
}

function needed(values: ColumnValues | undefined, name: string): ColumnValues {
  if (values) return values;
  const remedy = 'The rows must have the column that the split names.';
  throw new PlatformError('INPUT_INVALID', { field: `split column ${name}`, value: undefined, remedy });
}

function checkedCounts(result: Int8Array, groups: Int32Array, split: Split): SplitRows['counts'] {
  const count = (subset: Subset): { rows: number; groups: number } => {
    const numbers = groups.filter((_, row) => result[row] === subsets[subset]);
    return { rows: numbers.length, groups: countDistinct(numbers) };
  };
  const counts = { train: count('train'), validation: count('validation'), test: count('test') };
  for (const subset of ['test', 'validation', 'train'] as const)
    if (counts[subset].rows === 0) throw isEmpty(subset, split);
  return counts;
}

function countDistinct(numbers: Int32Array): number {
  const sorted = numbers.toSorted();
  return sorted.reduce((count, number, at) => (at > 0 && number === sorted[at - 1] ? count : count + 1), 0);
}
