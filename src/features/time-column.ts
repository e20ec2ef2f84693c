import type { ColumnValues } from '../data/table-reader.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Column } from '../project/tables/table.ts';
import { isDateText, timeOf } from './event-time.ts';
import { missingValue } from './missing-value.ts';
import { numberReader } from './sorted-column.ts';

/** A column of times in milliseconds since 1970, in the order of the table. */
export interface Times {
  readonly values: Float64Array;
  /** Whether no value has a time of day. */
  readonly areDates: boolean;
  /** The time of a row, as text. */
  textOf(row: number): string;
}

/**
 * @param stored dates and times in milliseconds, or text
 * @throws PlatformError DATA_INVALID for a missing value, a text that is no time, and dates among times
 */
export function timeColumn(
  view: string,
  { name, type }: Pick<Column, 'name' | 'type'>,
  stored: ColumnValues,
): Times {
  if (!(stored instanceof Float64Array)) return textTimes(view, name, stored);
  const missing = stored.findIndex(Number.isNaN);
  if (missing >= 0) throw missingValue(view, name, missing);
  const read = numberReader(type);
  return {
    values: stored,
    areDates: type === 'date',
    textOf: (row) => String(read(stored[row] ?? Number.NaN)),
  };
}

function textTimes(view: string, name: string, stored: readonly (string | null)[]): Times {
  const areDates = typeof stored[0] === 'string' && isDateText(stored[0]);
  const values = new Float64Array(stored.length);
  for (const [row, value] of stored.entries()) {
    if (value === null) throw missingValue(view, name, row);
    const time = timeOf(value);
    if (time === undefined || isDateText(value) !== areDates)
      throw new PlatformError('DATA_INVALID', {
        field: `view ${view}, row ${row + 1}, ${name}`,
        value,
        remedy: `must be a ${areDates ? 'date, such as 2024-05-31, as in row 1' : 'time, such as 2024-05-31T14:00:00Z'}`,
      });
    values[row] = time;
  }
  return { values, areDates, textOf: (row) => stored[row] ?? '' };
}
