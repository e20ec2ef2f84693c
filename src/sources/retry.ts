import type { Random } from '../kernel/random.ts';

const firstWait = 500;
const longestBackoff = 30_000;

/**
 * How long to wait before the next attempt: half of a doubling step plus a random part of its other half, so that clients
 * do not retry together; never less than the server asked for.
 * @param attempt the number of failed attempts, from 1
 * @param asked milliseconds, from Retry-After
 * @returns milliseconds
 */
export function retryWait(attempt: number, asked: number | undefined, random: Random): number {
  const step = Math.min(longestBackoff, firstWait * 2 ** (attempt - 1));
  return Math.max(asked ?? 0, Math.round(step / 2 + (step / 2) * random()));
}

/** Reads Retry-After (RFC 9110 §10.2.3): seconds or a date. @param now milliseconds since 1970 @returns milliseconds */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
