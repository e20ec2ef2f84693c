import { dateText, dayMs } from '../data/calendar.ts';
import type { ColumnValues } from '../data/table-reader.ts';
import type { Column } from '../project/tables/table.ts';

/** A value that a lookup finds. Dates and times are text. */
export type ViewValue = string | number | boolean | null;

/** A column of a view in the order of its keys and times. */
export interface SortedColumn {
  /** Adds the value at a position; nothing for an absent optional value. */
  put(values: Record<string, ViewValue>, position: number): void;
}

/** @param stored numbers, and dates and times in milliseconds, with NaN for null; text @param order row numbers */
export function sortedColumn(
  { name, type, optional }: Column,
  stored: ColumnValues,
  order: Int32Array,
): SortedColumn {
  const isRequired = optional !== true;
  if (stored instanceof Float64Array) {
    const numbers = numbersInOrder(stored, order);
    const valueOf = numberReader(type);
    return {
      put(values, position) {
        const value = numbers[position] ?? Number.NaN;
        if (!Number.isNaN(value)) values[name] = valueOf(value);
        else if (isRequired) values[name] = null;
      },
    };
  }
  return {
    put(values, position) {
      const value = stored[order[position] ?? 0] ?? null;
      if (value !== null || isRequired) values[name] = value;
    },
  };
}

export function numbersInOrder(values: Float64Array, order: Int32Array): Float64Array {
  const sorted = new Float64Array(order.length);
  for (let position = 0; position < order.length; position++)
    sorted[position] = values[order[position] ?? 0] ?? Number.NaN;
  return sorted;
}

/** How a number of a column becomes the value of a row. */
export function numberReader(type: Column['type']): (value: number) => ViewValue {
  switch (type) {
    case 'boolean':
      return (value) => value === 1;
    case 'date':
      return (value) => dateText(value / dayMs);
    case 'timestamp':
      return (value) => new Date(value).toISOString();
    case 'string':
    case 'integer':
    case 'number':
      return (value) => value;
  }
}
