import { PlatformError } from '../kernel/errors.ts';
import type { Split } from '../project/split.ts';
import { hashShare } from './row-hash.ts';
import { type ColumnValue, type ColumnValues, numberGroups, numberOrder } from './row-numbers.ts';

/** The subset of a row, as a number. `none` has rows without a target, and test rows that a comparison leaves out. */
export const subsets = { train: 0, validation: 1, test: 2, none: 3 } as const;
export type Subset = Exclude<keyof typeof subsets, 'none'>;

/** The columns of the split, one value for each row. */
export interface SplitColumns {
  readonly rows: number;
  readonly by?: ColumnValues;
  readonly group?: ColumnValues;
  /** The target. A row without it is in no subset. @default every row has one */
  readonly target?: ColumnValues;
}

export interface SplitRows {
  /** One number for each row, from `subsets`. */
  readonly subsets: Int8Array;
  /** Rows with the same number belong together; without a group column, each row is a group. */
  readonly group: Int32Array;
  /** The order of rows in time; without `by`, 0, 1, 2 … */
  readonly order: Float64Array;
  readonly counts: Readonly<Record<Subset, { readonly rows: number; readonly groups: number }>>;
}

/**
 * Assigns each row to a subset; a group is never divided. Rows without a target are set aside first.
 *
 * With `by`, a share takes the latest groups by their first value of `by`, and `from` takes the rows at or after a value; of
 * the rest, the latest groups validate. Groups with the same start are in one subset, so later rows never move a group from
 * training to the test; rows of the past that arrive late can. Without `by`, a hash of the group and the seed decides, so
 * more data never moves an old row.
 * @throws PlatformError SPLIT_REFUSED for a group that would be in two subsets and for an empty subset; DATA_INVALID for
 *   a missing value in a column that the split needs; PROJECT_INVALID for a share that is not between 0 and 1
 */
export function splitRows(columns: SplitColumns, split: Split): SplitRows {
  const group = split.group === undefined ? undefined : needed(columns.group, split.group);
  const by = split.by === undefined ? undefined : needed(columns.by, split.by);
  const groups =
    group && split.group !== undefined ? numberGroups(group, split.group) : eachItsOwn(columns.rows);
  const order = by && split.by !== undefined ? numberOrder(by, split.by) : Float64Array.from(groups.keys());
  const isLabelled = labelled(columns);
  const labels = firstLabels(groups, group, isLabelled);
  if (columns.rows > 0 && labels.size === 0) throw hasNoTarget(columns.rows);
  const grouped: Grouped = { columns, groups, order, labels, isLabelled };
  const { tests, validates } = by ? latestGroups(split, grouped) : drawnGroups(split, labels);
  const result = Int8Array.from(groups, (number, row) =>
    !isLabelled[row]
      ? subsets.none
      : tests.has(number)
        ? subsets.test
        : validates.has(number)
          ? subsets.validation
          : subsets.train,
  );
  return { subsets: result, group: groups, order, counts: checkedCounts(result, groups, split) };
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

interface Grouped {
  readonly columns: SplitColumns;
  readonly groups: Int32Array;
  readonly order: Float64Array;
  /** The value of each group as text; without groups whose rows all lack a target. */
  readonly labels: ReadonlyMap<number, string>;
  readonly isLabelled: Uint8Array;
}

interface Chosen {
  readonly tests: ReadonlySet<number>;
  readonly validates: ReadonlySet<number>;
}

function labelled({ rows, target }: SplitColumns): Uint8Array {
  if (!target) return new Uint8Array(rows).fill(1);
  return Uint8Array.from<ColumnValue>(target, (value) => (value === null || Number.isNaN(value) ? 0 : 1));
}

function firstLabels(
  groups: Int32Array,
  values: ColumnValues | undefined,
  isLabelled: Uint8Array,
): ReadonlyMap<number, string> {
  const labels = new Map<number, string>();
  for (const [row, number] of groups.entries())
    if (isLabelled[row] && !labels.has(number)) labels.set(number, String(values?.[row] ?? row));
  return labels;
}

/** The lowest hashes test. Validation uses another hash, so that a larger test share takes rows from both other subsets. */
function drawnGroups({ test, validation = 0.15, seed = 0 }: Split, labels: Grouped['labels']): Chosen {
  const tests = lowest(labels, checkedShare('test', test as number), `test ${seed}`);
  const rest = new Map([...labels].filter(([number]) => !tests.has(number)));
  const validates = lowest(rest, checkedShare('validation', validation), `validation ${seed}`);
  // By chance, all of a few groups can be in validation: one must remain for training.
  if (validates.size > 1 && validates.size === rest.size) validates.delete(Math.max(...validates));
  return { tests, validates };
}

/** The groups whose hash is below `share`, or else the one with the lowest hash. */
function lowest(labels: Grouped['labels'], share: number, salt: string): Set<number> {
  const hashes = [...labels].map(([number, label]) => [number, hashShare(label, salt)] as const);
  const chosen = hashes.filter(([, hash]) => hash < share);
  const first = hashes.reduce((least, each) => (each[1] < least[1] ? each : least), [-1, 1] as const);
  return new Set((chosen.length > 0 ? chosen : [first]).map(([number]) => number));
}

function latestGroups(split: Split, grouped: Grouped): Chosen {
  const queue = byFirstTime(grouped);
  const tests = testGroups(split, grouped, queue);
  const rest = queue.filter(({ number }) => !tests.has(number));
  const share = checkedShare('validation', split.validation ?? 0.15);
  const asked = rest.length - atLeastOne(rest.length * share);
  const start = boundaryNear(rest, asked);
  // If most rows have the same time, its groups are divided by their hashes.
  const validates = rest.slice(start !== undefined && keepsHalf(start, asked, rest.length) ? start : asked);
  return { tests, validates: new Set(validates.map(({ number }) => number)) };
}

interface Queued {
  readonly number: number;
  /** The first time of the group. */
  readonly time: number;
}

function testGroups(
  split: Split,
  { columns, groups, isLabelled }: Grouped,
  queue: readonly Queued[],
): ReadonlySet<number> {
  if (typeof split.test === 'number') {
    const asked = queue.length - atLeastOne(queue.length * checkedShare('test', split.test));
    const start = boundaryNear(queue, asked);
    if (start === undefined) throw isOneTime(split, queue.length);
    if (!keepsHalf(start, asked, queue.length)) throw isFarFromAsked(split, queue.length - start, queue);
    return new Set(queue.slice(start).map(({ number }) => number));
  }
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
  return new Set(groups.filter((_, row) => isTest[row] && isLabelled[row]));
}

/** The index nearest to `target` where a new time starts; undefined if all have the same time. */
function boundaryNear(queue: readonly Queued[], target: number): number | undefined {
  let nearest: number | undefined;
  for (let index = 1; index < queue.length; index++) {
    if (queue[index]?.time === queue[index - 1]?.time) continue;
    if (nearest === undefined || Math.abs(index - target) < Math.abs(nearest - target)) nearest = index;
  }
  return nearest;
}

/** Whether both parts have at least half of the size that `asked` gives them. */
function keepsHalf(start: number, asked: number, count: number): boolean {
  return start >= asked / 2 && count - start >= (count - asked) / 2;
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.round(count));
}

/** Groups in the order of their first times; groups with the same time in the order of a hash. With `group`, the order of rows does not matter. */
function byFirstTime({ groups, order, labels, isLabelled }: Grouped): readonly Queued[] {
  const first = new Map<number, number>();
  for (const [row, number] of groups.entries()) {
    const time = order[row] as number;
    if (isLabelled[row] && time < (first.get(number) ?? Infinity)) first.set(number, time);
  }
  const hashOf = (number: number): number => hashShare(labels.get(number) ?? '', 'order');
  return [...first]
    .map(([number, time]) => ({ number, time, hash: hashOf(number) }))
    .toSorted((a, b) => a.time - b.time || a.hash - b.hash);
}

function eachItsOwn(rows: number): Int32Array {
  return new Int32Array(rows).map((_, row) => row);
}

function needed(values: ColumnValues | undefined, name: string): ColumnValues {
  if (values) return values;
  const remedy = 'The rows must have the column that the split names.';
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

function hasNoTarget(rows: number): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: 'target',
    value: `missing in all ${rows} rows`,
    remedy:
      'Only rows with a target can train and test: name another target, or mend the step that makes the rows.',
  });
}

function isOneTime({ by, group }: Split, count: number): PlatformError {
  return new PlatformError('SPLIT_REFUSED', {
    field: `column ${by}`,
    value: `one value for all ${count} ${group === undefined ? 'rows' : 'groups'}`,
    remedy:
      'The latest rows test, and no row is later than another: name a column of times, or split by `group` alone.',
  });
}

function isFarFromAsked(
  { by, group, test }: Split,
  tests: number,
  { length }: readonly Queued[],
): PlatformError {
  const unit = group === undefined ? 'rows' : 'groups';
  return new PlatformError('SPLIT_REFUSED', {
    field: `column ${by}`,
    value: `the nearest boundary between two values has ${tests} of ${length} ${unit} after it`,
    remedy: `A test share of ${test as number} cannot be reached without dividing ${unit} of one time: name a column with more distinct times, or the first value that tests, such as \`test: { from: … }\`.`,
  });
}

function isInTwoSubsets(name: string, value: ColumnValue): PlatformError {
  return new PlatformError('SPLIT_REFUSED', {
    field: `group ${name}`,
    value,
    remedy: `Its rows would both train and test, which flatters the model. Split where no ${name} is under way, give test as a share, or choose another group column.`,
  });
}
