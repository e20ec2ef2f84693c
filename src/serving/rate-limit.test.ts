import { expect, test } from 'vitest';
import { openRateLimit } from './rate-limit.ts';

test('so many at once, and then one whenever a token is back', () => {
  let time = 0;
  const limit = openRateLimit({ burst: 2, per: 1000 }, () => time);
  expect([limit.admit('a'), limit.admit('a')]).toEqual([{ admitted: true }, { admitted: true }]);
  expect(limit.admit('a')).toEqual({ admitted: false, retryAfter: 500 });
  time = 400;
  expect(limit.admit('a'), 'asking in vain costs nothing').toEqual({ admitted: false, retryAfter: 100 });
  time = 500;
  expect(limit.admit('a')).toEqual({ admitted: true });
  expect(limit.admit('a')).toEqual({ admitted: false, retryAfter: 500 });
});

test('keys have a bucket each', () => {
  const limit = openRateLimit({ burst: 1, per: 1000 }, () => 0);
  expect([limit.admit('a'), limit.admit('b'), limit.admit('a')].map(({ admitted }) => admitted)).toEqual([
    true,
    true,
    false,
  ]);
});

test.each([900, 1_000_000])('a rest of %i ms gives no more than a full bucket', (rest) => {
  let time = 0;
  const limit = openRateLimit({ burst: 3, per: 1000 }, () => time);
  limit.admit('a');
  time = rest;
  expect([1, 2, 3, 4].map(() => limit.admit('a').admitted)).toEqual([true, true, true, false]);
});
