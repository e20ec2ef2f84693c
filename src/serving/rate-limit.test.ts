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

test('the sweep drops full buckets only', () => {
  let time = 0;
  const limit = openRateLimit({ burst: 2, per: 1000 }, () => time);
  time = 900;
  limit.admit('a');
  limit.admit('a');
  time = 1000;
  limit.admit('b');
  expect(limit.admit('a'), 'a bucket that is not full yet is kept').toMatchObject({ admitted: false });
  time = 1400;
  expect([limit.admit('a').admitted, limit.admit('a').admitted]).toEqual([true, false]);
});

test('a bucket that is half full at the sweep stays half full', () => {
  let time = 0;
  const limit = openRateLimit({ burst: 4, per: 1000 }, () => time);
  time = 500;
  expect(limit.admit('a', 4)).toMatchObject({ admitted: true });
  time = 1000;
  limit.admit('b');
  expect([limit.admit('a', 2), limit.admit('a')].map(({ admitted }) => admitted)).toEqual([true, false]);
});

test('a batch takes a token for each row, or none', () => {
  let time = 0;
  const limit = openRateLimit({ burst: 10, per: 1000 }, () => time);
  expect(limit.admit('a', 8)).toEqual({ admitted: true });
  expect(limit.admit('a', 4)).toEqual({ admitted: false, retryAfter: 200 });
  expect(limit.admit('a', 2)).toEqual({ admitted: true });
  time = 400;
  expect(limit.admit('a', 4)).toEqual({ admitted: true });
});

test('a clock that steps back neither fills a bucket nor stops it from filling', () => {
  let time = 100_000;
  const limit = openRateLimit({ burst: 1, per: 1000 }, () => time);
  limit.admit('a');
  time = 0;
  expect(limit.admit('a')).toEqual({ admitted: false, retryAfter: 1000 });
  time = 1000;
  expect(limit.admit('a')).toEqual({ admitted: true });
});
