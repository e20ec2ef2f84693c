import { PlatformError } from '../../../kernel/errors.ts';
import { type InferredColumn, isIdentifier, isNumeric, isReadable } from '../column.ts';
import type { InferredTable } from '../infer.ts';
import { columnNamed } from './column-named.ts';
import { dayPartsOf, type DayParts } from './day-parts.ts';

/** What divides the rows into those that train and those that test; rows are independent if nothing is named. */
export interface SplitChoice {
  /** Orders rows in time. */
  readonly by?: InferredColumn | undefined;
  /** Columns of year, month and day that order rows together. */
  readonly dayParts?: DayParts | undefined;
  /** Keeps rows of the same value in one subset. */
  readonly group?: InferredColumn | undefined;
}

export interface SplitWish {
  readonly time?: string | undefined;
  readonly group?: string | undefined;
}

interface Given {
  readonly table: InferredTable;
  readonly target: InferredColumn;
  readonly file: string;
}

const fewestTimes = 5;
const fewestGroups = 10;
/** Of the lines of a group: more are a category, such as a shop. */
const mostInGroup = 20;

/** @throws PlatformError CONFIG_INVALID for a named column that cannot order or group rows */
export function chooseSplit({ table, target, file }: Given, wish: SplitWish): SplitChoice {
  const others = table.columns.filter((column) => isReadable(column) && column !== target);
  const by = wish.time === undefined ? latest(others, table) : timeNamed(wish.time, table, { target, file });
  const group =
    wish.group === undefined
      ? others.find((column) => column !== by && canGroup(column, table.rows))
      : groupNamed(wish.group, table, { target, file });
  return { by, dayParts: by ? undefined : dayPartsOf(others, table), group };
}

/** Of several dates the one that comes last: a house is built before it is sold. */
function latest(columns: readonly InferredColumn[], { rows }: InferredTable): InferredColumn | undefined {
  return columns
    .filter(
      ({ name, dates, distinct, filled }) =>
        dates && distinct >= fewestTimes && filled >= 0.8 * rows && !isBirth.test(name),
    )
    .reduce<InferredColumn | undefined>(
      (best, column) => (best && (best.dates?.to ?? 0) >= (column.dates?.to ?? 0) ? best : column),
      undefined,
    );
}

const isBirth = /birth|geburt|naissance|\bdob\b|^dob$/i;

/** An id that repeats. Text is never a group unless it is named, because a category would be lost as a feature. */
function canGroup(column: InferredColumn, rows: number): boolean {
  const { nullable, distinct, commonest, filled, countsLines } = column;
  if (!isIdentifier(column) || countsLines || nullable) return false;
  return (
    distinct >= fewestGroups && commonest > 1 && commonest <= 0.2 * rows && filled <= mostInGroup * distinct
  );
}

interface Names {
  readonly target: InferredColumn;
  readonly file: string;
}

function timeNamed(name: string, table: InferredTable, { target, file }: Names): InferredColumn {
  const column = columnNamed(name, table.columns, { file, option: '--time' });
  if (column === target) throw refused('--time', name, 'must be another column than the target');
  if (column.distinct < fewestTimes)
    throw refused(
      '--time',
      name,
      `must have at least ${fewestTimes} different values, of which the latest test`,
    );
  if (column.dates || isNumeric(column)) return column;
  throw refused(
    '--time',
    name,
    'must be a column of dates, times or numbers; if its dates have another form, name it with --dates',
  );
}

function groupNamed(name: string, table: InferredTable, { target, file }: Names): InferredColumn {
  const column = columnNamed(name, table.columns, { file, option: '--group' });
  if (column === target) throw refused('--group', name, 'must be another column than the target');
  if (column.commonest === 1)
    throw refused('--group', name, 'must have values that repeat: each line is a group of its own');
  if (column.distinct >= fewestTimes) return column;
  throw refused(
    '--group',
    name,
    `must have at least ${fewestTimes} different values, of which some train and some test`,
  );
}

function refused(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', { field, value, remedy });
}
