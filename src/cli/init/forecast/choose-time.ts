import { PlatformError } from '../../../kernel/errors.ts';
import { type DateForm, dateForms } from '../../../sources/csv/date-forms.ts';
import { columnNamed } from '../choose/column-named.ts';
import { dayOfParts, type DayParts, dayPartsOf, isYear } from '../choose/day-parts.ts';
import { type InferredColumn, isReadable } from '../column.ts';
import type { InferredTable } from '../infer.ts';

/** The columns that together say when a value was: one, or a year and a month. */
export interface TimeColumns {
  readonly columns: readonly InferredColumn[];
  /** Several where a date can be read in more than one way. */
  readonly readings: readonly TimeReading[];
  /** Set for a year, a month and possibly a day. */
  readonly parts?: DayParts | undefined;
}

/** One way to read the times. */
export interface TimeReading {
  /** Undefined for several columns. */
  readonly form: DateForm | undefined;
  /** The day, or the year as a number. @param texts by column */
  day(texts: readonly string[]): string | number | undefined;
  time(texts: readonly string[]): string | undefined;
}

/** Dates and times first; without any, a year with a month; without one, a column of years that is called so. */
export function timesOf(table: InferredTable): readonly TimeColumns[] {
  const columns = table.columns.filter(isReadable);
  const dates = columns.filter(({ dates: facts }) => facts !== undefined);
  if (dates.length > 0) return dates.map(timeOf);
  const parts = dayPartsOf(columns, table);
  if (parts) return [timeOfParts(parts)];
  return columns.filter(isYear).map(yearsOf);
}

/** @throws PlatformError CONFIG_INVALID for a name of no column, DATA_INVALID for one that is no time */
export function timeNamed(name: string, table: InferredTable, file: string): TimeColumns {
  const column = columnNamed(name, table.columns, { file, option: '--time' });
  if (column.dates) return timeOf(column);
  if (hasYears(column)) return yearsOf(column);
  throw new PlatformError('DATA_INVALID', {
    field: `column "${name}" of ${file}`,
    value: column.examples[0],
    remedy: `Write all its times in one form: ${dateForms.map(({ example }) => example).join(', ')}; for some forms, name it with --dates.`,
  });
}

function timeOf(column: InferredColumn): TimeColumns {
  const readings = (column.dates?.forms ?? []).map((form): TimeReading => ({
    form,
    day: ([text = '']) => form.day(text),
    time: ([text = '']) => form.time(text),
  }));
  return { columns: [column], readings };
}

function timeOfParts(parts: DayParts): TimeColumns {
  const { year, month, day } = parts;
  return {
    columns: [year, month, ...(day ? [day] : [])],
    parts,
    readings: [{ form: undefined, day: (texts) => dayOfParts(texts), time: () => undefined }],
  };
}

function yearsOf(column: InferredColumn): TimeColumns {
  const form = dateForms.find(({ name }) => name === 'year');
  return {
    columns: [column],
    readings: [
      { form, day: ([text = '']) => (form?.day(text) ? Number(text) : undefined), time: () => undefined },
    ],
  };
}

function hasYears({ type, numbers }: InferredColumn): boolean {
  return type === 'integer' && numbers !== undefined && numbers.least >= 1000 && numbers.greatest <= 2999;
}

/** Years are numbers to a forecast. */
export function isYears({ form }: Pick<TimeReading, 'form'>): boolean {
  return form?.name === 'year';
}
