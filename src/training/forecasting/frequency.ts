/** How far apart the values of a series are. `weekday` is Monday to Friday; `number` is a column of whole numbers. */
export type Unit = 'hour' | 'day' | 'weekday' | 'week' | 'month' | 'quarter' | 'year' | 'number';

/** Values of a usual season. */
export const seasonOf: Readonly<Record<Unit, number>> = {
  hour: 24,
  day: 7,
  weekday: 5,
  week: 52,
  month: 12,
  quarter: 4,
  year: 1,
  number: 1,
};

export type Time = string | number;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The unit of times in order; undefined if no unit fits, as for fewer than two. Gaps do not matter. */
export function unitOf(times: readonly Time[]): Unit | undefined {
  if (times.length < 2) return undefined;
  if (typeof times[0] === 'number') return 'number';
  const milliseconds = times.map((time) => Date.parse(String(time)));
  const steps = milliseconds
    .slice(1)
    .map((time, index) => time - (milliseconds[index] as number))
    .filter((step) => step > 0)
    .toSorted((one, other) => one - other);
  const step = (steps[Math.floor((steps.length - 1) / 2)] ?? Number.NaN) / dayMs;
  if (step < 0.9) return Math.abs(step * 24 - 1) < 0.01 ? 'hour' : undefined;
  if (step < 1.1) return times.length >= 10 && milliseconds.every(isWeekday) ? 'weekday' : 'day';
  if (step > 6.5 && step < 7.5) return 'week';
  if (step >= 28 && step <= 31) return 'month';
  if (step >= 89 && step <= 93) return 'quarter';
  return step >= 364 && step <= 367 ? 'year' : undefined;
}

function isWeekday(milliseconds: number): boolean {
  const day = new Date(milliseconds).getUTCDay();
  return day > 0 && day < 6;
}

/** The number of units since a fixed time: neighbours differ by 1. */
export function ordinalOf(time: Time, unit: Unit): number {
  if (typeof time === 'number') return time;
  const date = new Date(time);
  const days = Math.floor(date.getTime() / dayMs);
  switch (unit) {
    case 'hour':
      return Math.floor(date.getTime() / hourMs);
    case 'day':
      return days;
    // Day 4 since 1970 is a Monday.
    case 'weekday':
      return Math.floor((days - 4) / 7) * 5 + ((((days - 4) % 7) + 7) % 7);
    case 'week':
      return Math.floor((days - 4) / 7);
    case 'month':
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    case 'quarter':
      return date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
    case 'year':
      return date.getUTCFullYear();
    case 'number':
      return Number(time);
  }
}

/** The time some units after another one, written like it. The last day of a month stays a last day. */
export function timeAfter(time: Time, steps: number, unit: Unit): Time {
  if (typeof time === 'number') return time + steps;
  const date = new Date(time);
  const moved = movedBy(date, steps, unit);
  return time.length === 10 ? moved.toISOString().slice(0, 10) : moved.toISOString();
}

function movedBy(date: Date, steps: number, unit: Unit): Date {
  const later = (milliseconds: number): Date => new Date(date.getTime() + milliseconds);
  switch (unit) {
    case 'hour':
      return later(steps * hourMs);
    case 'weekday': {
      const monday = (date.getUTCDay() + 6) % 7;
      const weeks = Math.floor((monday + steps) / 5);
      return later((steps + 2 * weeks) * dayMs);
    }
    case 'week':
      return later(steps * 7 * dayMs);
    case 'month':
      return monthsLater(date, steps);
    case 'quarter':
      return monthsLater(date, steps * 3);
    case 'year':
      return monthsLater(date, steps * 12);
    case 'day':
    case 'number':
      return later(steps * dayMs);
  }
}

function monthsLater(date: Date, months: number): Date {
  const lastDay = (year: number, month: number): number =>
    new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const isLast = day === lastDay(year, month);
  const last = lastDay(year, month + months);
  const moved = new Date(date);
  moved.setUTCDate(1);
  moved.setUTCFullYear(year, month + months, isLast ? last : Math.min(day, last));
  return moved;
}
