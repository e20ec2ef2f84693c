import { PlatformError } from '../kernel/errors.ts';
import type { Split } from '../project/models/split.ts';
import { hashShare } from './row-hash.ts';
import type { ColumnValues } from './row-numbers.ts';
import { isFarFromAsked, isOneTime } from './split-refusals.ts';

/** The default of a split's `validation`. */
const validationShare = 0.15;

/** Rows by group. */
export interface Grouped {
  readonly groups: Int32Array;
  readonly order: Float64Array;
  /** The value of each group as text; without groups whose rows all lack a target. */
  readonly labels: ReadonlyMap<number, string>;
  readonly isLabelled: Uint8Array;
}

/** A group in the order of time. */
export interface Queued {
  readonly number: number;
  /** The first time of the group. */
  readonly time: number;
}

export function firstLabels(
  groups: Int32Array,
  values: ColumnValues | undefined,
  isLabelled: Uint8Array,
): ReadonlyMap<number, string> {
  const labels = new Map<number, string>();
  for (const [row, number] of groups.entries())
    if (isLabelled[row] && !labels.has(number)) labels.set(number, String(values?.[row] ?? row));
  return labels;
}

/** Groups in the order of their first times; groups with the same time in the order of a hash. With `group`, the order of rows does not matter. */
export function byFirstTime({ groups, order, labels, isLabelled }: Grouped): readonly Queued[] {
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

/** The lowest hashes test. Validation uses another hash, so that a larger test share takes rows from both other subsets. */
export function drawnGroups(
  { test, validation = validationShare, seed = 0 }: Split,
  labels: Grouped['labels'],
): { readonly tests: ReadonlySet<number>; readonly validates: ReadonlySet<number> } {
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

/** With fewer groups that test, at least half of the share must test. */
const fewestTests = 30;

/**
 * The latest groups that have this share, cut where a new time starts, and not before `notBefore` as long as enough groups
 * test. @throws PlatformError SPLIT_REFUSED
 */
export function latestTests(
  split: Split,
  queue: readonly Queued[],
  notBefore = -Infinity,
): ReadonlySet<number> {
  const asked = queue.length - atLeastOne(queue.length * checkedShare('test', split.test as number));
  const start = boundaryNear(queue, asked);
  if (start === undefined) throw isOneTime(split, queue.length);
  if (!keepsHalf(start, asked, queue.length)) throw isFarFromAsked(split, queue.length - start, queue.length);
  const kept = queue.findIndex(({ time }) => time >= notBefore);
  const tests = kept < 0 ? 0 : queue.length - kept;
  const isEnough = tests >= fewestTests || tests * 2 >= queue.length - asked;
  return new Set(queue.slice(kept > start && isEnough ? kept : start).map(({ number }) => number));
}

/**
 * The latest of the groups that train: they stand for the future as the test does, so early stopping and a search never
 * choose what is only good at rows of the same days.
 */
export function latestValidation(rest: readonly Queued[], share = validationShare): ReadonlySet<number> {
  const asked = rest.length - atLeastOne(rest.length * checkedShare('validation', share));
  const start = boundaryNear(rest, asked);
  // If most rows have the same time, its groups are divided by their hashes.
  const validates = rest.slice(start !== undefined && keepsHalf(start, asked, rest.length) ? start : asked);
  return new Set(validates.map(({ number }) => number));
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

function checkedShare(name: string, share: number): number {
  if (share > 0 && share < 1) return share;
  const remedy = 'must be a share between 0 and 1, such as 0.2';
  throw new PlatformError('PROJECT_INVALID', { field: `split ${name}`, value: share, remedy });
}
