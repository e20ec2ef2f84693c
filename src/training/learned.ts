import { hashNumber } from './row-hash.ts';
import type { ColumnValue, ColumnValues } from './row-numbers.ts';
import { subsets } from './split.ts';

/** How to recognize the rows that a version learned from, even if the data and the split have changed. */
export interface LearnedFrom {
  /** The column whose equal values belong together; null if each row is its own group. */
  readonly group: string | null;
  /** The time column and the latest time among the training rows; null without one. */
  readonly by: {
    readonly column: string;
    readonly to: string | number;
    /** The first time of its own test. @default not known */
    readonly testsFrom?: string | number;
  } | null;
  /** The columns that `contents` are hashes of, in this order. */
  readonly columns: readonly string[];
}

/** One hash for each row that was learned from. */
export interface LearnedHashes {
  /** The hash of the group; NaN without one. In the order of `contents`. */
  readonly groups: Float64Array;
  /** The hash of the row's columns without the group: it recognizes a row whose group has another number. */
  readonly contents: Float64Array;
}

/** The test rows of a candidate. */
export interface CandidateRows {
  /** One number for each row, as in `subsets`. */
  readonly subsets: ArrayLike<number>;
  /** The other version's columns `group` and `by`, if the rows still have them. */
  readonly group?: ColumnValues;
  readonly by?: ColumnValues;
  /** A hash of each row over the other version's columns; absent if one of them is missing. */
  readonly contents?: Float64Array;
}

export type LearnedRows =
  | { readonly kind: 'known'; readonly isLearned: Uint8Array }
  | { readonly kind: 'unknown'; readonly reason: string };

export function hashGroup(value: ColumnValue): number {
  return hashNumber(String(value));
}

/** @param texts what `contentText` writes of the values, in the order of `LearnedFrom.columns` */
export function hashContent(texts: readonly string[]): number {
  return hashNumber(`[${texts.join(',')}]`);
}

const mostRemembered = 10_000;

/** Writes the values of a column as JSON; a missing one is null. Columns repeat their texts. */
export function contentText(): (value: unknown) => string {
  const remembered = new Map<string, string>();
  return (value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
    if (typeof value !== 'string') return JSON.stringify(value ?? null);
    const before = remembered.get(value);
    if (before !== undefined) return before;
    const text = JSON.stringify(value);
    if (remembered.size < mostRemembered) remembered.set(value, text);
    return text;
  };
}

/**
 * Finds the rows of a candidate that another version learned from. A row counts as learned if its group was; without that
 * column, or if groups were renumbered, if it is not later than the latest time that was learned from; without either, if
 * the version learned from a row with the same values. A row also counts if the version learned from its values and the
 * candidate did not: its number changed. So does a row before the first one that tested the version. In doubt a row counts as learned.
 */
export function findLearnedRows(learned: LearnedFrom & LearnedHashes, rows: CandidateRows): LearnedRows {
  const count = rows.subsets.length;
  const seen = new Set(learned.contents);
  const groups = isRenumbered(learned, rows) ? undefined : byGroup(learned, rows);
  const isLearned = groups ?? byTime(learned, rows) ?? byContent(seen, rows);
  if (!isLearned) return { kind: 'unknown', reason: reasonOf(learned) };
  markEarlier(isLearned, learned, rows);
  if (!rows.contents) return { kind: 'known', isLearned };
  const candidate = new Set(rows.contents.filter((_, row) => isTrained(rows.subsets[row])));
  for (let row = 0; row < count; row++) {
    const content = rows.contents[row] as number;
    if (seen.has(content) && !candidate.has(content)) isLearned[row] = 1;
  }
  return { kind: 'known', isLearned };
}

/** The share of learned rows that must be found again before the others count as new. */
const fewestFound = 0.5;

/**
 * Whether groups were renumbered since the version learned: most of its rows are found by their values, and at most half of
 * these in their group.
 */
function isRenumbered(
  { group: column, groups, contents }: LearnedFrom & LearnedHashes,
  { group, contents: now }: CandidateRows,
): boolean {
  if (column === null || !group || !now) return false;
  const present = new Set(now);
  const pairs = new Set(Array.from(now, (content, row) => `${hashGroup(group[row] ?? null)} ${content}`));
  const found = [...contents.keys()].filter((row) => present.has(contents[row] as number));
  const inGroup = found.filter((row) => pairs.has(`${groups[row]} ${contents[row]}`));
  return found.length >= contents.length * fewestFound && inGroup.length <= found.length * fewestFound;
}

function isTrained(subset: number | undefined): boolean {
  return subset === subsets.train || subset === subsets.validation;
}

function byGroup(learned: LearnedFrom & LearnedHashes, { group }: CandidateRows): Uint8Array | undefined {
  if (learned.group === null || !group) return undefined;
  const groups = new Set(learned.groups);
  return Uint8Array.from<ColumnValue>(group, (value) => (groups.has(hashGroup(value)) ? 1 : 0));
}

function byTime({ by: learned }: LearnedFrom, { by }: CandidateRows): Uint8Array | undefined {
  if (!learned || !by || typeof by[0] !== typeof learned.to) return undefined;
  return Uint8Array.from<ColumnValue>(by, (value) => (value !== null && value > learned.to ? 0 : 1));
}

/** A version that was tested on the future is not scored on rows of its past, even if it did not learn from them. */
function markEarlier(isLearned: Uint8Array, { by: learned }: LearnedFrom, { by }: CandidateRows): void {
  const from = learned?.testsFrom;
  if (from === undefined || !by || typeof by[0] !== typeof from) return;
  for (const [row, value] of by.entries()) if (value !== null && value < from) isLearned[row] = 1;
}

function byContent(seen: ReadonlySet<number>, { contents }: CandidateRows): Uint8Array | undefined {
  if (!contents) return undefined;
  const found = new Set(contents.filter((content) => seen.has(content)));
  if (found.size < seen.size * fewestFound) return undefined;
  return Uint8Array.from(contents, (content) => (seen.has(content) ? 1 : 0));
}

function reasonOf({ group, by }: LearnedFrom): string {
  const columns = [group, by?.column].filter((name) => typeof name === 'string');
  if (columns.length === 0)
    return 'a column of its rows is missing or most of its rows have changed, so the rows it learned from cannot be identified';
  const named = columns.map((name) => `"${name}"`).join(' or ');
  return `the column ${named} is missing or has changed, so the rows it learned from cannot be identified`;
}
