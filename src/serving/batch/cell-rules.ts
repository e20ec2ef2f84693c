import { millisecondsOf } from '../../data/calendar.ts';
import { dateReader, timeReader } from '../../sources/csv/date-cells.ts';
import { isMissing, missingSet, readBoolean, readNumber } from '../../sources/csv/values.ts';
import type { BatchFormat } from './batch-format.ts';
import type { CellRules } from './request-values.ts';

/** How the cells of a column are read: as `csv()` reads them. */
export function cellRules(
  column: string,
  { decimal, missing, dates }: Pick<BatchFormat, 'decimal' | 'missing' | 'dates'>,
): CellRules {
  const marks = missingSet(missing);
  const form = Object.hasOwn(dates, column) ? dates[column] : undefined;
  const readTime = timeReader(form);
  return {
    isMissing: (text) => isMissing(text, marks),
    number: (text) => readNumber(text, { decimal }),
    boolean: readBoolean,
    date: dateReader(form),
    time(text) {
      const time = readTime(text);
      return time && inUtc(time);
    },
  };
}

/** Tables have times in UTC, so the model has learned from those. */
function inUtc(time: string): string | undefined {
  if (time.endsWith('Z')) return time;
  const milliseconds = millisecondsOf(time);
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}
