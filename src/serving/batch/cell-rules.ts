import { millisecondsOf } from '../../data/calendar.ts';
import { booleanCells, dateCells, NumberCells, textCells, timeCells } from '../../sources/csv/cells.ts';
import { missingValues, type NumberUnit } from '../../sources/csv/number-unit.ts';
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
  const sign = currencies && Object.hasOwn(currencies, column) ? currencies[column] : undefined;
  const numbers = new NumberCells({
    decimal,
    missing: ofValues,
    unit: sign === undefined ? {} : unitFor(sign),
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

function unitFor(sign: string): NumberUnit {
  return sign === percent ? { isPercent: true } : { isPercent: false, currency: sign };
}

/** Tables have times in UTC, so the model has learned from those. */
function inUtc(time: string): string | undefined {
  if (time.endsWith('Z')) return time;
  const milliseconds = millisecondsOf(time);
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}
