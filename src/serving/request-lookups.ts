import { timeOf } from '../features/event-time.ts';
import type { FoundRow, Lookups, TimeBefore } from '../features/lookup.ts';
import { PlatformError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';

/**
 * What a request finds: as of the time in its own field, or as of `now` if it has none.
 * @throws PlatformError INPUT_INVALID for a field that is no time
 */
export function lookUpRequest(lookups: Lookups, request: unknown, now: TimeBefore): readonly FoundRow[] {
  if (lookups.definitions.length === 0) return [];
  const fields = request as Readonly<Record<string, unknown>>;
  return lookups.describe(fields, (field) => requestTime(field, fields[field]) ?? now(field));
}

/** Whether two look-ups of one request found the same values, true from the same times. */
export function isSameFound(before: readonly FoundRow[], after: readonly FoundRow[]): boolean {
  const valuesOf = (found: readonly FoundRow[]): string =>
    canonicalJson(found.map(({ lookup, at, values }) => [lookup, at, values]));
  return valuesOf(before) === valuesOf(after);
}

function requestTime(field: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const time = value instanceof Date ? value.getTime() : timeOf(value);
  if (time !== undefined && !Number.isNaN(time)) return time;
  throw new PlatformError('INPUT_INVALID', {
    field,
    value,
    remedy: 'must be a date such as "2024-05-31" or a time such as "2024-05-31T14:00:00Z"',
  });
}
