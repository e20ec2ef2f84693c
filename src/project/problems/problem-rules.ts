import { parseDuration } from '../../kernel/units.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { Column } from '../tables/column.ts';

/** Columns by name. */
export type Columns = ReadonlyMap<string, Column>;

export function columnsOf({ schema }: { readonly schema: { readonly columns: readonly Column[] } }): Columns {
  return new Map(schema.columns.map((column) => [column.name, column]));
}

/** A name that is not a column of the rows. */
export function missingColumn(field: string, name: string | undefined, columns: Columns): readonly string[] {
  return name === undefined || columns.has(name)
    ? []
    : [
        `${field} is ${formatValue(name)}, which is not a column of its rows (${formatNames([...columns.keys()])})`,
      ];
}

/** A column that does not order rows in time: another type, or one that may be null. */
export function timeProblems(field: string, name: string, columns: Columns): readonly string[] {
  const column = columns.get(name);
  if (!column) return missingColumn(field, name, columns);
  if (!isTime(column)) {
    const times = [...columns.values()].filter((each) => isTime(each) && !each.nullable);
    const instead = times[0] ? `, such as "${times[0].name}"` : '';
    return [`${field} "${name}" is ${describe(column)}: name a date or time column${instead}`];
  }
  return nullProblem(field, column);
}

export function nullProblem(field: string, { name, nullable }: Column): readonly string[] {
  return nullable
    ? [`${field} "${name}" may be null: leave out such rows in the step before, so that each row has a value`]
    : [];
}

function isTime({ type }: Column): boolean {
  return type === 'date' || type === 'timestamp';
}

export function isNumber({ type }: Column): boolean {
  return type === 'number' || type === 'integer';
}

/** 'an integer column' */
export function describe({ type }: Column): string {
  return `${type === 'integer' ? 'an' : 'a'} ${type} column`;
}

/** A project may be run without a type check, so any value may be anything. */
export function durationProblem(field: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  try {
    if (typeof value === 'string') {
      parseDuration(value, field);
      return [];
    }
  } catch {
    // The sentence below says what a duration is.
  }
  return [`${field} is ${formatValue(value)}: give a number and one of ms, s, m, h, d, such as "30s"`];
}

export function oneOfProblem(field: string, value: unknown, allowed: readonly string[]): readonly string[] {
  return value === undefined || allowed.includes(value as string)
    ? []
    : [`${field} is ${formatValue(value)}: give one of ${allowed.map((each) => `'${each}'`).join(', ')}`];
}

/** A share between 0 and 1, without both. */
export function shareProblem(field: string, value: unknown): readonly string[] {
  return value === undefined || (typeof value === 'number' && value > 0 && value < 1)
    ? []
    : [`${field} is ${formatValue(value)}: give a share between 0 and 1, such as 0.2`];
}

export function wholeProblem(field: string, value: unknown, from: number): readonly string[] {
  return value === undefined || (Number.isInteger(value) && (value as number) >= from)
    ? []
    : [`${field} is ${formatValue(value)}: give a whole number from ${from}`];
}

export function formatValue(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
}
