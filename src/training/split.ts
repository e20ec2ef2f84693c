import { PlatformError } from '../kernel/errors.ts';
import { seededRandom } from '../kernel/random.ts';
import type { Split } from '../project/split.ts';
import { type ColumnValue, type ColumnValues, numberGroups, numberOrder } from './row-numbers.ts';

/** The subset of a row, as a number in `subsets`. */
export const subsets = { train: 0, validation: 1, test: 2 } as const;
export type Subset = keyof typeof subsets;

/** The columns that the split names, one value a row. */
export interface SplitColumns {
  readonly rows: number;
  readonly by?: ColumnValues;
  readonly group?: ColumnValues;
}

export interface SplitRows {
  /** One number a row: 0 trains, 1 validates, 2 tests. */
  readonly subsets: Int8Array;
  /** Rows with the same number belong together; without a group column, each row is a group. */
  readonly group: Int32Array;
  /** Rows in the order of time; without `by`, 0, 1, 2 … */
  readonly order: Float64Array;
  readonly counts: Readonly<Record<Subset, { readonly rows: number; readonly groups: number }>>;
}

/**
 * Assigns each row to a subset; a group is never divided. A share takes the latest groups by their first
 * value of `by`; `from` takes the rows at or after a value. Of the rest, the latest groups validate. Without `by`,
 * groups are drawn by the seed, whatever the order of the rows.
 * @throws PlatformError SPLIT_REFUSED for a group that would be in two subsets and for an empty subset; DATA_INVALID for
 *   a missing value in a column that the split needs; PROJECT_INVALID for a share that is not between 0 and 1
 */
export function splitRows(columns: SplitColumns, split: Split): SplitRows {
  const group = split.group === undefined ? undefined : needed(columns.group, split.group);
  const by = split.by === undefined ? undefined : needed(columns.by, split.by);
  const groups =
    group && split.group !== undefined ? numberGroups(group, split.group) : eachItsOwn(columns.rows);
  const order = by && split.by !== undefined ? numberOrder(by, split.by) : Float64Array.from(groups.keys());
  const queue = by ? byFirstTime(groups, order) : drawn(group ?? [], groups, split.seed ?? 0);
  const tests = testGroups(split, { columns, groups, queue });
  const rest = queue.filter((number) => !tests.has(number));
  const validates = new Set(latest(rest, checkedShare('validation', split.validation ?? 0.15)));
  const subsetOf = (number: number): number => (tests.has(number) ? 2 : validates.has(number) ? 1 : 0);
  const result = Int8Array.from(groups, subsetOf);
  return { subsets: result, group: groups, order, counts: checkedCounts(result, groups, split) };
}

/**
 * Makes sure that every group is in one subset.
 * @param group one value a row; @param name its column, for the message
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

interface Grouped {
  readonly columns: SplitColumns;
  readonly groups: Int32Array;
  /** Group numbers, the latest or last drawn at the end. */
  readonly queue: readonly number[];
}

function testGroups(split: Split, { columns, groups, queue }: Grouped): ReadonlySet<number> {
  if (typeof split.test === 'number') return new Set(latest(queue, checkedShare('test', split.test)));
  const { from } = split.test;
  const by = columns.by ?? [];
  if (by.length > 0 && typeof by[0] !== typeof from)
    throw new PlatformError('PROJECT_INVALID', {
      field: 'split test.from',
      value: from,
      remedy: `must be a ${typeof by[0]}, as in column ${split.by}: ${JSON.stringify(by[0])}`,
    });
  const isTest = Array.from<ColumnValue, boolean>(by, (value) => value !== null && value >= from);
  if (split.group !== undefined) checkSplit(Int8Array.from(isTest, Number), columns.group ?? [], split.group);
  return new Set(groups.filter((_, row) => isTest[row]));
}

function latest(queue: readonly number[], share: number): readonly number[] {
  return queue.slice(queue.length - Math.max(1, Math.round(queue.length * share)));
}

function byFirstTime(groups: Int32Array, order: Float64Array): readonly number[] {
  const first = new Map<number, number>();
  for (const [row, number] of groups.entries()) {
    const time = order[row] as number;
    if (time < (first.get(number) ?? Infinity)) first.set(number, time);
  }
  return [...first].toSorted(([a, timeA], [b, timeB]) => timeA - timeB || a - b).map(([number]) => number);
}

function drawn(values: ColumnValues, groups: Int32Array, seed: number): readonly number[] {
  const names = new Map([...groups.entries()].map(([row, number]) => [number, JSON.stringify(values[row])]));
  const queue = [...names].toSorted(([, a], [, b]) => (a < b ? -1 : 1)).map(([number]) => number);
  const random = seededRandom(seed);
  for (let last = queue.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [queue[last], queue[other]] = [queue[other] as number, queue[last] as number];
  }
  return queue;
}

function eachItsOwn(rows: number): Int32Array {
  return new Int32Array(rows).map((_, row) => row);
}

function needed(values: ColumnValues | undefined, name: string): ColumnValues {
  if (values) return values;
  const remedy = 'Give the column of the rows that the split names.';
  throw new PlatformError('INPUT_INVALID', { field: `split column ${name}`, value: undefined, remedy });
}

function checkedShare(name: string, share: number): number {
  if (share > 0 && share < 1) return share;
  const remedy = 'must be a share between 0 and 1, such as 0.2';
  throw new PlatformError('PROJECT_INVALID', { field: `split ${name}`, value: share, remedy });
}

function checkedCounts(result: Int8Array, groups: Int32Array, split: Split): SplitRows['counts'] {
  const unit = split.group === undefined ? 'rows' : 'groups';
  const count = (subset: Subset): { rows: number; groups: number } => {
    const numbers = groups.filter((_, row) => result[row] === subsets[subset]);
    return { rows: numbers.length, groups: new Set(numbers).size };
  };
  const counts = { train: count('train'), validation: count('validation'), test: count('test') };
  for (const subset of ['test', 'validation', 'train'] as const) {
    if (counts[subset].rows > 0) continue;
    throw new PlatformError('SPLIT_REFUSED', {
      field: `the ${subset} subset`,
      value: 'empty',
      remedy:
        subset === 'test'
          ? `Move the split: ${JSON.stringify(split.test)} leaves no rows to test on.`
          : `Give more ${unit}, or a smaller test or validation part: each subset needs one of the ${unit} at least.`,
    });
  }
  return counts;
}

function isInTwoSubsets(name: string, value: ColumnValue): PlatformError {
  return new PlatformError('SPLIT_REFUSED', {
    field: `group ${name}`,
    value,
    remedy: `Its rows would both train and test, which flatters the model. Split where no ${name} is under way, give test as a share, or name another group.`,
  });
}
