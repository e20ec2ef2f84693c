import { expect, test } from 'vitest';
import { parseRetryAfter, retryWait } from './retry.ts';

test('waits double with each failure, up to half a minute, and are spread over their upper half', () => {
  const waits = (random: number): readonly number[] =>
    [1, 2, 3, 10].map((attempt) => retryWait(attempt, undefined, () => random));
  expect(waits(0)).toEqual([250, 500, 1000, 15_000]);
  expect(waits(1)).toEqual([500, 1000, 2000, 30_000]);
});

test('a wait is never shorter than the server asked', () => {
  expect(retryWait(1, 7000, () => 1)).toBe(7000);
  expect(retryWait(5, 1, () => 0)).toBe(4000);
});

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 9000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', undefined],
  [null, undefined],
])('Retry-After %j at one second past is %j', (header, wait) => {
  expect(parseRetryAfter(header, 1000)).toBe(wait);
});
