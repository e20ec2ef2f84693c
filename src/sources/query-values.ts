import { daysOf, millisecondsOf } from '../data/calendar.ts';
import type { ColumnType } from '../project/tables/table.ts';

/** The expected value of each column type, for errors. */
export const expectedOf: Readonly<Record<ColumnType, string>> = {
  string: 'text',
  integer: 'a whole number, without separators',
  number: 'a number with a decimal point, without separators',
  boolean: 'true or false',
  date: 'a date such as 2024-01-31',
  timestamp: 'a time such as 2024-01-31T12:00:00Z',
};

/** Parses a field by its column's type; dates and times are checked and stay text. @returns undefined for an invalid value */
export function coerce(written: string, type: ColumnType): string | number | boolean | undefined {
  const text = written.trim();
  switch (type) {
    case 'string':
      return written;
    case 'integer':
      return whole(text);
    case 'number':
      return decimal(text);
    case 'boolean':
      return booleans.get(text.toLowerCase());
    case 'date':
      return daysOf(text) !== undefined ? text : undefined;
    case 'timestamp':
      return isTime(text) ? text : undefined;
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0'].map((word) => [word, false] as const),
]);

function whole(text: string): number | undefined {
  const value = /^[+-]?\d+(\.0+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function decimal(text: string): number | undefined {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function isTime(text: string): boolean {
  return /(?:Z|[+-]\d{2}:\d{2})$/.test(text) && millisecondsOf(text) !== undefined;
}
