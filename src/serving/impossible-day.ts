import type { ValueSchema } from '../kernel/schema-rule.ts';
import { monthName } from '../sources/csv/month-names.ts';

interface NumberedDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/**
 * The rule that a text breaks which names a day that no calendar has.
 * @returns undefined for another text, and for a field that takes no dates
 * @example impossibleDay('31.02.2024', { type: 'string', format: 'date' })
 * // 'must be a day that exists: February 2024 has 29 days'
 */
export function impossibleDay(value: unknown, schema: ValueSchema): string | undefined {
  if (typeof value !== 'string' || !takesDates(schema)) return undefined;
  const readings = readingsOf(value.trim());
  const [first] = readings;
  if (!first || readings.some((day) => whyImpossible(day) === undefined)) return undefined;
  return `must be a day that exists: ${whyImpossible(readings.find(({ month }) => isMonth(month)) ?? first)}`;
}

function takesDates({ format, anyOf = [] }: ValueSchema): boolean {
  return format === 'date' || format === 'date-time' || anyOf.some(takesDates);
}

/** Each day that a text of numbers could mean. */
function readingsOf(text: string): readonly NumberedDay[] {
  const [, year, month, day] = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)/.exec(text) ?? [];
  if (year !== undefined) return [{ year: Number(year), month: Number(month), day: Number(day) }];
  const [, first, separator, second, last] =
    /^(\d{1,2})([-./])\s?(\d{1,2})\2\s?(\d{4})(?!\d)/.exec(text) ?? [];
  if (last === undefined) return [];
  const [a, b] = [Number(first), Number(second)];
  const dayFirst = { year: Number(last), month: b, day: a };
  return separator === '.' ? [dayFirst] : [dayFirst, { year: Number(last), month: a, day: b }];
}

function isMonth(month: number): boolean {
  return month >= 1 && month <= 12;
}

function whyImpossible({ year, month, day }: NumberedDay): string | undefined {
  if (!isMonth(month)) return `no year has a month ${month}`;
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (day >= 1 && day <= days) return undefined;
  return `${monthName(month)} ${year} has ${days} days`;
}
