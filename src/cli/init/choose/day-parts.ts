import { daysOf } from '../../../data/calendar.ts';
import { monthNumber } from '../../../sources/csv/month-names.ts';
import type { InferredColumn } from '../column.ts';
import type { InferredTable } from '../infer.ts';

/** Columns that together say the day, with a name for the day. */
export interface DayParts {
  readonly name: string;
  readonly year: InferredColumn;
  readonly month: InferredColumn;
  readonly day?: InferredColumn | undefined;
  /** Whether months are names. */
  readonly isNamed: boolean;
}

const yearName = /(?:^|[^a-z])(?:year|yr|yyyy|jahr|ann[ée]e|a[ñn]o|anno)$/i;
const monthName = /^(?:month|mnth|mon|mm|monat|mois|mes)$/i;
const dayName = /^(?:day|dd|day.?of.?month|tag|jour|d[ií]a)$/i;

const partName = /^(?:month|mnth|mon|mm|day|dd|weekday|dow|hour|hr|hh|minute|week|quarter)s?$/i;

/** A year and a month, and the day if there is one. Undefined if one is missing, or some line has no value. */
export function dayPartsOf(columns: readonly InferredColumn[], table: InferredTable): DayParts | undefined {
  const year = columns.find((column) => isYear(column) && !column.nullable);
  const month = columns.find(
    (column) =>
      monthName.test(column.name) && !column.nullable && (isWithin(column, [1, 12]) || hasNames(column)),
  );
  const day = columns.find(
    (column) => dayName.test(column.name) && !column.nullable && isWithin(column, [1, 31]),
  );
  if (!year || !month) return undefined;
  return { name: freeName(table), year, month, day, isNamed: month.type === 'string' };
}

/** Whether a column has years, and is called so. */
export function isYear(column: InferredColumn): boolean {
  return yearName.test(column.name) && isWithin(column, [1000, 2999]);
}

/** Whether a column of whole numbers is a year, a month, a day, a weekday or an hour, by its name or because all look like years. */
export function isCalendarPart(column: InferredColumn): boolean {
  if (column.type !== 'integer') return false;
  const isPart = partName.test(column.name) && isWithin(column, [0, 366]);
  return isPart || isYear(column) || isWithin(column, [1900, 2100]) || isMostlyYears(column);
}

/** Of its lines, if a few have another number, such as 0 where there is no year. */
const yearsShare = 0.9;

function isMostlyYears({ values, filled }: InferredColumn): boolean {
  const years = values.reduce(
    (sum, { text, count }) => sum + (/^(?:19|20)\d\d$/.test(text.trim()) ? count : 0),
    0,
  );
  return years >= yearsShare * filled && values.length < 0.5 * filled;
}

/** @param texts a year, a month and possibly a day @returns undefined if there is no such day */
export function dayOfParts([year = '', month = '', day = '1']: readonly string[]): string | undefined {
  const number = /^\d+$/.test(month.trim()) ? month.trim() : monthNumber(month.trim());
  const iso = `${year.trim()}-${number.padStart(2, '0')}-${day.trim().padStart(2, '0')}`;
  return daysOf(iso) === undefined ? undefined : iso;
}

function isWithin({ type, numbers }: InferredColumn, [from, to]: readonly [number, number]): boolean {
  return type === 'integer' && numbers !== undefined && numbers.least >= from && numbers.greatest <= to;
}

function hasNames({ values, type }: InferredColumn): boolean {
  return (
    type === 'string' &&
    values.length <= 24 &&
    values.every(({ text }) => /^\d+$/.test(monthNumber(text.trim())))
  );
}

function freeName({ columns }: InferredTable): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  let name = 'date';
  for (let number = 2; taken.has(name); number++) name = `date${number}`;
  return name;
}
