import { millisecondsOf } from '../../data/calendar.ts';
import {
  booleanCells,
  dateCells,
  missingValues,
  NumberCells,
  textCells,
  timeCells,
} from '../../sources/csv/cells.ts';
import { type BatchFormat, percent } from './batch-format.ts';
import type { CellRules } from './request-values.ts';

/** How the cells of a column are read: by the readers of `csv()`. */
export function cellRules(
  column: string,
  {
    decimal,
    missing,
    missingBesides = [],
    dates,
    currencies,
  }: Pick<BatchFormat, 'decimal' | 'missing' | 'missingBesides' | 'dates' | 'currencies'>,
): CellRules {
  const stated = missingValues(missing, decimal);
  const ofValues = missingValues([...missing, ...missingBesides], decimal);
  const form = Object.hasOwn(dates, column) ? dates[column] : undefined;
  const unit = currencies && (Object.hasOwn(currencies, column) ? currencies[column] : '');
  const numbers = new NumberCells({
    decimal,
    missing: ofValues,
    currency: unit === percent ? '' : unit,
    isPercent: unit === undefined ? undefined : unit === percent,
  });
  const time = timeCells(form, ofValues);
  return {
    number: (text) => numbers.read(text),
    boolean: booleanCells(ofValues),
    date: dateCells(form, ofValues),
    time(text) {
      const read = time(text);
      return typeof read === 'string' ? inUtc(read) : read;
    },
    text: (nullable) => textCells(nullable, stated),
  };
}

/** Tables have times in UTC, so the model has learned from those. */
function inUtc(time: string): string | undefined {
  if (time.endsWith('Z')) return time;
  const milliseconds = millisecondsOf(time);
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}
