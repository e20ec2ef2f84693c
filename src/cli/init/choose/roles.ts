import { type InferredColumn, isChoice, isIdentifier, isUnnamed } from '../column.ts';
import type { InferredTable } from '../infer.ts';
import type { Leak } from './leaks.ts';
import type { SplitChoice } from './split.ts';

/** What a column is for. */
export type Role = 'target' | 'feature' | 'time' | 'group' | 'series' | 'id' | 'left out';

export interface ColumnRole {
  readonly column: InferredColumn;
  readonly role: Role;
  /** Whether a caller is asked for it and the model sees it. */
  readonly isFeature: boolean;
  /** Why it is no feature. */
  readonly reason?: string | undefined;
}

interface Chosen {
  /** Undefined while it is not decided. */
  readonly target: InferredColumn | undefined;
  readonly split: SplitChoice;
  /** Columns that the caller leaves out. */
  readonly without: readonly InferredColumn[];
  /** Columns that the caller keeps. */
  readonly kept?: readonly InferredColumn[];
  /** What gives the target away. */
  readonly leaks?: readonly Leak[];
}

/** Of different texts to lines: with more, a text says nothing about other lines. */
const mostDifferent = 0.5;
/** Of an id's lines for each value: with more, it is a category, such as a shop. */
const mostOfId = 20;
const mostCategories = 1000;

export function rolesOf({ columns }: InferredTable, chosen: Chosen): readonly ColumnRole[] {
  return columns.map((column) => ({ column, ...roleOf(column, chosen) }));
}

function roleOf(column: InferredColumn, chosen: Chosen): Omit<ColumnRole, 'column'> {
  const { target, split, without } = chosen;
  if (column === target) return { role: 'target', isFeature: false };
  if (column === split.group) return { role: 'group', isFeature: false };
  const reason = leftOutBecause(column, chosen);
  if (column === split.by) return { role: 'time', isFeature: reason === undefined, reason };
  if (reason === undefined) return { role: 'feature', isFeature: true };
  return {
    role: isIdentifier(column) && !without.includes(column) ? 'id' : 'left out',
    isFeature: false,
    reason,
  };
}

function leftOutBecause(column: InferredColumn, { without, kept, leaks }: Chosen): string | undefined {
  if (without.includes(column)) return 'left out by --without';
  if (kept?.includes(column)) return undefined;
  return reasonAgainst(column) ?? leaks?.find(({ derived }) => derived.includes(column))?.message;
}

/** Why a column of numbers with a few other cells is no feature. */
export function oddReason({ line, text }: NonNullable<InferredColumn['oddField']>): string {
  return `line ${line} has ${JSON.stringify(text)} where others have a number`;
}

/** Why a column is no feature. */
function reasonAgainst(column: InferredColumn): string | undefined {
  const { name, type, distinct, nullable, filled, missing, oddField, isClock, countsLines } = column;
  if (type === undefined) return 'no line has a value';
  if (name === '__proto__') return 'code cannot use this name: rename it in the file';
  if (distinct === 1 && !nullable) return 'every line has the same value';
  if (countsLines) return 'it counts the lines';
  if (isUnnamed(column) && type === 'integer' && distinct === filled && missing === 0)
    return 'its numbers are all different and have no name, as those of an index';
  if (isIdentifier(column) && !isCategory(column)) return 'an id says nothing about other lines';
  if (type !== 'string' || isClock || isChoice(column)) return undefined;
  if (oddField) return oddReason(oddField);
  return distinct > mostDifferent * filled ? 'nearly every line has another text' : undefined;
}

/** Whether an id is that of a category, such as a shop, or a code whose size says nothing, such as a postcode. */
export function isCategory(column: InferredColumn): boolean {
  const { distinct, filled, countsLines, name, type } = column;
  if (countsLines || distinct > mostCategories) return false;
  if (isIdentifier(column)) return filled > mostOfId * distinct;
  return type === 'integer' && distinct > 2 && filled >= fewestOfCode * distinct && isCodeName(name);
}

/** Of a code's lines for each value: with fewer, a category teaches less than a number. */
const fewestOfCode = 5;

function isCodeName(name: string): boolean {
  return (
    /(?:^|[^a-z])(?:zip|zipcode|postcode|plz|postleitzahl|cep|code|id|code[^a-z]?postal)$/i.test(name) ||
    /[a-z](?:Zip|Code|Id|ID)$/.test(name)
  );
}

/** Whether a column can be a feature. */
export function isInformative(column: InferredColumn): boolean {
  return reasonAgainst(column) === undefined;
}
