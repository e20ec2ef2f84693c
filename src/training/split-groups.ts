import { PlatformError } from '../kernel/errors.ts';
import type { Split } from '../project/models/split.ts';
import { hashShare } from './row-hash.ts';
import type { ColumnValues } from './row-numbers.ts';
import { isBeforeTests, isFarFromAsked, isOneTime } from './split-refusals.ts';

/** The default of a split's `validation`. */
const validationShare = 0.15;

/** Rows by group. */
export interface Grouped {
  /** The number of each row's group, from 0 without gaps. */
  readonly groups: Int32Array;
  /** The rank of each row in time, from 0; equal times have equal ranks. */
  readonly order: Float64Array;
  /** The first row of each group that has a target; -1 for a group without one. */
  readonly firstRows: Int32Array;
  /** The value of each row's group. @default the row's number */
  readonly values: ColumnValues | undefined;
  readonly isLabelled: Uint8Array;
}

/** Groups in the order of time. */
export interface Queue {
  /** Groups of the same time are in no particular order. */
  readonly numbers: Int32Array;
  /** The first time of each, in the same order. */
  readonly times: Float64Array;
  /** The numbers, with groups of the same time in the order that divides them. */
  readonly divisible: () => Int32Array;
}

/** 1 for each group, by number, that is chosen. */
export type ChosenGroups = Uint8Array;

export function firstRowsOf(groups: Int32Array, isLabelled: Uint8Array): Int32Array {
  let most = -1;
  for (let row = 0; row < groups.length; row++) most = Math.max(most, groups[row] as number);
  const first = new Int32Array(most + 1).fill(-1);
  for (let row = groups.length - 1; row >= 0; row--)
    if (isLabelled[row] === 1) first[groups[row] as number] = row;
  return first;
}

/** Groups by their first times. With `group`, the order of rows does not matter. */
export function byFirstTime({ groups, order, isLabelled, ...labelled }: Grouped): Queue {
  const first = new Float64Array(labelled.firstRows.length).fill(Infinity);
  for (let row = 0; row < groups.length; row++) {
    const number = groups[row] as number;
    const time = order[row] as number;
    if (isLabelled[row] === 1 && time < (first[number] as number)) first[number] = time;
  }
  const present = Int32Array.from(first.keys()).filter((number) => first[number] !== Infinity);
  const numbers = present.sort((a, b) => (first[a] as number) - (first[b] as number) || a - b);
  return {
    numbers,
    times: Float64Array.from(numbers, (number) => first[number] as number),
    divisible: () => byHash(numbers, first, labelled),
  };
}

function byHash(
  numbers: Int32Array,
  first: Float64Array,
  labelled: Pick<Grouped, 'firstRows' | 'values'>,
): Int32Array {
  const hashes = new Float64Array(first.length);
  for (const number of numbers) hashes[number] = hashShare(labelOf(number, labelled), 'order');
  return numbers.toSorted(
    (a, b) => (first[a] as number) - (first[b] as number) || (hashes[a] as number) - (hashes[b] as number),
  );
}

/** The value of a group as text. */
function labelOf(number: number, { firstRows, values }: Pick<Grouped, 'firstRows' | 'values'>): string {
  const row = firstRows[number] as number;
  return String(values?.[row] ?? row);
}

/** The lowest hashes test. Validation uses another hash, so that a larger test share takes rows from both other subsets. */
export function drawnGroups(
  { test, validation = validationShare, seed = 0 }: Split,
  grouped: Pick<Grouped, 'firstRows' | 'values'>,
): { readonly tests: ChosenGroups; readonly validates: ChosenGroups } {
  const all = Int32Array.from(grouped.firstRows.keys()).filter(
    (number) => (grouped.firstRows[number] as number) >= 0,
  );
  const testing = lowest(all, grouped, { share: checkedShare('test', test as number), salt: `test ${seed}` });
  const tests = chosen(testing, grouped);
  const rest = all.filter((number) => tests[number] === 0);
  const share = checkedShare('validation', validation);
  const validating = lowest(rest, grouped, { share, salt: `validation ${seed}` });
  // By chance, all of a few groups can be in validation: one must remain for training.
  const isAll = validating.length > 1 && validating.length === rest.length;
  return { tests, validates: chosen(isAll ? validating.slice(0, -1) : validating, grouped) };
}

/** The groups whose hash is below `share`, or else the one with the lowest hash, in the order of their numbers. */
function lowest(
  numbers: Int32Array,
  grouped: Pick<Grouped, 'firstRows' | 'values'>,
  { share, salt }: { readonly share: number; readonly salt: string },
): Int32Array {
  const hashes = Float64Array.from(numbers, (number) => hashShare(labelOf(number, grouped), salt));
  const below = numbers.filter((_, at) => (hashes[at] as number) < share);
  if (below.length > 0) return below;
  let least = 0;
  for (let at = 1; at < hashes.length; at++)
    if ((hashes[at] as number) < (hashes[least] as number)) least = at;
  return numbers.slice(least, least + 1);
}

export function chosen(numbers: Iterable<number>, { firstRows }: Pick<Grouped, 'firstRows'>): ChosenGroups {
  const marks = new Uint8Array(firstRows.length);
  for (const number of numbers) marks[number] = 1;
  return marks;
}

/** Where the tests of earlier versions began. */
export interface EarlierTest {
  readonly from: string | number;
  /** The lowest rank in time at or after it; Infinity without one. */
  readonly rank: number;
}

/**
 * The latest groups that have this share, cut where a new time starts. The cut never moves to before an earlier one: then
 * fewer groups test, until enough later ones are there. @throws PlatformError SPLIT_REFUSED
 */
export function latestTests(split: Split, queue: Queue, earlier?: EarlierTest): Int32Array {
  const { numbers, times } = queue;
  const count = numbers.length;
  const asked = count - atLeastOne(count * checkedShare('test', split.test as number));
  const start = boundaryNear(times, asked);
  if (start === undefined) throw isOneTime(split, count);
  if (earlier) {
    const kept = times.findIndex((time) => time >= earlier.rank);
    if (kept < 0) throw isBeforeTests(split, earlier.from);
    if (kept >= start) return numbers.subarray(kept);
  }
  if (!keepsHalf(start, asked, count)) throw isFarFromAsked(split, count - start, count);
  return numbers.subarray(start);
}

/**
 * The latest of the groups that train: they stand for the future as the test does, so early stopping and a search never
 * choose what is only good at rows of the same days.
 */
export function latestValidation({ numbers, times, divisible }: Queue, share = validationShare): Int32Array {
  const count = numbers.length;
  const asked = count - atLeastOne(count * checkedShare('validation', share));
  const start = boundaryNear(times, asked);
  if (start !== undefined && keepsHalf(start, asked, count)) return numbers.subarray(start);
  // If most rows have the same time, its groups are divided by their hashes.
  return divisible().subarray(asked);
}

/** The index nearest to `target` where a new time starts; undefined if all have the same time. */
function boundaryNear(times: Float64Array, target: number): number | undefined {
  let nearest: number | undefined;
  for (let index = 1; index < times.length; index++) {
    if (times[index] === times[index - 1]) continue;
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

function checkedShare(name: string, share: number): number {
  if (share > 0 && share < 1) return share;
  const remedy = 'must be a share between 0 and 1, such as 0.2';
  throw new PlatformError('PROJECT_INVALID', { field: `split ${name}`, value: share, remedy });
}
