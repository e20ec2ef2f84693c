import { columnCheck, type ColumnCheck } from '../data/column-check.ts';

const dayMs = 86_400_000;
/** The length of 'YYYY-MM-DD'. */
const dateLength = 10;

const dateCheck = columnCheck({ name: 'date', type: 'date', nullable: false });
const timestampCheck = columnCheck({ name: 'time', type: 'timestamp', nullable: false });

/**
 * Milliseconds since 1970 of a date ('2024-05-31') or a time ('2024-05-31T14:00:00Z'); undefined for any other value. A date
 * is the start of its day in UTC.
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (!isDateText(value)) return numberOf(timestampCheck, value);
  const days = numberOf(dateCheck, value);
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

function numberOf(check: ColumnCheck, text: string): number | undefined {
  const stored = check(text);
  return typeof stored === 'number' ? stored : undefined;
}
