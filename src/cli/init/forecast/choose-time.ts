import { PlatformError } from '../../../kernel/errors.ts';
import { columnNamed } from '../choose.ts';
import type { InferredColumn } from '../column.ts';
import type { InferredTable } from '../infer.ts';
import { isYearFormat, type TimeFormat, timeFormats } from './time-format.ts';

/** The columns that together say when a value was: one, or a year and a month. */
export interface TimeColumns {
  readonly columns: readonly InferredColumn[];
  /** Of their texts, with a blank between. Several where a date can be read in more than one way. */
  readonly formats: readonly TimeFormat[];
}

const isYear = (name: string): boolean => /(?:^|[^a-z])(?:year|yr|jahr|ann[ée]e|a[ñn]o|anno)$/i.test(name);
const isMonth = (name: string): boolean => /^(?:month|mnth|mon)$/i.test(name);

/** Dates and times first; without any, a year with a month; without one, a column of years that is called so. */
export function timesOf({ columns }: InferredTable): readonly TimeColumns[] {
  const named = columns.filter(({ name }) => name !== '' && name !== '__proto__');
  const dates = named
    .map((column) => ({ columns: [column], formats: readings(datesOf(column)) }))
    .filter(({ formats }) => formats.length > 0);
  if (dates.length > 0) return dates;
  const years = named.filter((column) => isYear(column.name) && hasYears(column));
  const [year] = years;
  const month = named.find(isMonthOfYear);
  if (year && month) return [{ columns: [year, month], formats: timeFormats.filter(isMonthFormat) }];
  return years.map((column) => ({ columns: [column], formats: column.timeFormats.filter(isYearFormat) }));
}

/** @throws PlatformError CONFIG_INVALID for a name of no column, DATA_INVALID for one that is no time */
export function timeNamed(name: string, table: InferredTable, file: string): TimeColumns {
  const column = columnNamed(name, table.columns, { file, option: '--time' });
  if (column.timeFormats.length > 0) return { columns: [column], formats: readings(column.timeFormats) };
  throw new PlatformError('DATA_INVALID', {
    field: `column "${name}" of ${file}`,
    value: column.last,
    remedy: `Write all its times in one way: ${timeFormats.map(({ written }) => written).join(', ')}.`,
  });
}

function datesOf({ timeFormats: formats, type }: InferredColumn): readonly TimeFormat[] {
  // 20240131 is a number too, and so is any other number of eight digits that happens to be a day.
  return formats.filter(
    (format) => !isYearFormat(format) && (type !== 'integer' || format.name === 'compact date'),
  );
}

/** 01/02/2024 is 2 January or 1 February; of other texts the first format that has them is meant. */
function readings([first, ...others]: readonly TimeFormat[]): readonly TimeFormat[] {
  if (!first) return [];
  return first.name === 'day-month-year' ? [first, ...others] : [first];
}

function isMonthFormat({ name }: TimeFormat): boolean {
  return name === 'month by name';
}

function hasYears({ timeFormats: formats }: InferredColumn): boolean {
  return formats.some(isYearFormat);
}

function isMonthOfYear({ name, type, numbers, oneOf }: InferredColumn): boolean {
  if (!isMonth(name)) return false;
  if (type === 'integer') return numbers !== undefined && numbers.least >= 1 && numbers.greatest <= 12;
  const format = timeFormats.find(isMonthFormat);
  return oneOf?.every((month) => format?.day(`2000 ${month}`) !== undefined) ?? false;
}
