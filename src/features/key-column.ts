import { millisecondsOf } from '../data/calendar.ts';
import type { ColumnValues } from '../data/table-reader.ts';
import type { Column } from '../project/tables/table.ts';
import { isDateText, timeOf } from './event-time.ts';
import type { KeyValue } from './key-index.ts';
import { missingValue } from './missing-value.ts';
import { numberReader } from './sorted-column.ts';

/** A column of a view's key. Dates and times are numbers, so that every spelling of an instant is one key. */
export interface KeyColumn {
  readonly name: string;
  readonly values: readonly KeyValue[] | Float64Array;
  /** The key that a request names; undefined for what no row can have. */
  asked(value: unknown): unknown;
  /** The key of a row, for people. */
  textOf(row: number): string;
}

/** @throws PlatformError DATA_INVALID for a row without a value */
export function keyColumn(view: string, { name, type }: Column, stored: ColumnValues): KeyColumn {
  for (let row = 0; row < stored.length; row++)
    if (stored[row] === null || Number.isNaN(stored[row])) throw missingValue(view, name, row);
  const values = stored as KeyColumn['values'];
  const read = numberReader(type);
  return {
    name,
    values,
    asked: readerOf(type),
    textOf(row) {
      const value = values[row] ?? '';
      return String(typeof value === 'number' ? read(value) : value);
    },
  };
}

function readerOf(type: Column['type']): KeyColumn['asked'] {
  switch (type) {
    case 'date':
      return (value) => (typeof value === 'string' && isDateText(value) ? timeOf(value) : undefined);
    case 'timestamp':
      return (value) => (typeof value === 'string' ? millisecondsOf(value) : undefined);
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return (value) => value;
  }
}
