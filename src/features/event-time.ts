import { dateLength, dayMs, daysOf, millisecondsOf } from '../data/calendar.ts';

/**
 * Milliseconds since 1970 of a date ('2024-05-31') or a time ('2024-05-31T14:00:00Z'); undefined for any other value. A date
 * is the start of its day in UTC.
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (!isDateText(value)) return millisecondsOf(value);
  const days = daysOf(value);
  return days === undefined ? undefined : days * dayMs;
}

/** Whether a text has no time of day. */
export function isDateText(text: string): boolean {
  return text.length === dateLength;
}

/** The start of a time's day in UTC. */
export function startOfDay(time: number): number {
  return Math.floor(time / dayMs) * dayMs;
}
