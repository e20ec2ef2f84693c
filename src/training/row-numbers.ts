import { PlatformError } from '../kernel/errors.ts';

/** A value of a column that groups or orders rows. */
export type ColumnValue = string | number | boolean | null;

/** A column, one value a row. NaN is a missing value, as null is. */
export type ColumnValues = readonly ColumnValue[] | Float64Array;

/**
 * A number for each group, from 0 in order of appearance.
 * @param name the column, for the message. @throws PlatformError DATA_INVALID for a missing value
 */
export function numberGroups(values: ColumnValues, name: string): Int32Array {
  const numbers = new Map<ColumnValue, number>();
  return Int32Array.from<ColumnValue>(values, (value, row) => {
    if (isMissing(value)) throw missing(name, row);
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  });
}

/**
 * Ranks from 0 in the order of the values, with equal ranks for equal values: numbers by size, text by code unit, as for ISO dates.
 * @param name the column, for the message. @throws PlatformError DATA_INVALID for a missing value and for mixed types
 */
export function numberOrder(values: ColumnValues, name: string): Float64Array {
  const type = typeof values[0];
  for (const [row, value] of values.entries()) {
    if (isMissing(value)) throw missing(name, row);
    if (typeof value !== type)
      throw new PlatformError('DATA_INVALID', {
        field: `column ${name}, row ${row}`,
        value,
        remedy: `Other rows have a ${type}: all values must have the same type.`,
      });
  }
  const distinct = [...new Set<ColumnValue>(values)].toSorted((a, b) => ((a ?? 0) < (b ?? 0) ? -1 : 1));
  const ranks = new Map(distinct.map((value, rank) => [value, rank]));
  return Float64Array.from<ColumnValue>(values, (value) => ranks.get(value) as number);
}

function isMissing(value: ColumnValue): boolean {
  return value === null || Number.isNaN(value);
}

function missing(name: string, row: number): PlatformError {
  const remedy =
    'The split needs it in every row: fill it in the step that writes the rows, or leave the row out.';
  return new PlatformError('DATA_INVALID', { field: `column ${name}, row ${row}`, value: null, remedy });
}
