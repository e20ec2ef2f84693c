import { PlatformError } from '../kernel/errors.ts';
import type { Period } from '../project/models/split.ts';

const pattern = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$/;
const dayMs = 86_400_000;

/** Whether a text is an ISO date or time, so that its order is that of time. */
export function isTime(text: string): boolean {
  return pattern.test(text) && !Number.isNaN(timeOf(text));
}

/** The milliseconds of an ISO date or time. Without an offset it is in UTC. */
export function timeOf(text: string): number {
  const iso = text.replace(' ', 'T');
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(iso.slice(10));
  return Date.parse(iso.length <= 10 || hasOffset ? iso : `${iso}Z`);
}

/** The calendar period of a time: '2026', '2026-Q1', '2026-01', '2026-W05' or '2026-01-31'. Names sort by time. */
export function periodOf(text: string, period: Period): string {
  const date = new Date(timeOf(text));
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const month = date.getUTCMonth();
  switch (period) {
    case 'year':
      return year;
    case 'quarter':
      return `${year}-Q${Math.floor(month / 3) + 1}`;
    case 'month':
      return `${year}-${twoDigits(month + 1)}`;
    case 'week':
      return weekOf(date);
    case 'day':
      return `${year}-${twoDigits(month + 1)}-${twoDigits(date.getUTCDate())}`;
    default:
      throw new PlatformError('PROJECT_INVALID', {
        field: 'split test.refit',
        value: period,
        remedy: 'must be day, week, month, quarter or year',
      });
  }
}

/** The ISO week: it belongs to the year of its Thursday. */
function weekOf(date: Date): string {
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(date.getTime() + (3 - weekday) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${twoDigits(week)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
