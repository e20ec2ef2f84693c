import { expect, test } from 'vitest';
import { cacheKey, openPredictionCache } from './prediction-cache.ts';

test('an answer is given again until its time is over', () => {
  let time = 0;
  const cache = openPredictionCache<number>(1000, () => time);
  expect(cache.find('a')).toBeUndefined();
  cache.put('a', 1);
  time = 999;
  expect(cache.find('a')).toBe(1);
  time = 1000;
  expect(cache.find('a')).toBeUndefined();
});

test('an answer that is kept anew lives anew', () => {
  let time = 0;
  const cache = openPredictionCache<number>(1000, () => time);
  cache.put('a', 1);
  time = 600;
  cache.put('a', 2);
  time = 1500;
  expect(cache.find('a')).toBe(2);
});

test('beyond the most, what was kept first goes', () => {
  const cache = openPredictionCache<number>(1000, () => 0, 2);
  cache.put('a', 1);
  cache.put('b', 2);
  cache.put('a', 3);
  cache.put('c', 4);
  expect(['a', 'b', 'c'].map((key) => cache.find(key))).toEqual([3, undefined, 4]);
});

test('all of it can be forgotten', () => {
  const cache = openPredictionCache<number>(1000, () => 0);
  cache.put('a', 1);
  cache.clear();
  expect(cache.find('a')).toBeUndefined();
});

test('keys are short, however large the request, and equal for equal requests', () => {
  expect(cacheKey({ note: 'x'.repeat(1_000_000) })).toHaveLength(64);
  expect(cacheKey({ a: 1, b: { c: 2, d: 3 } })).toBe(cacheKey({ b: { d: 3, c: 2 }, a: 1 }));
  expect(cacheKey({ a: 1 })).not.toBe(cacheKey({ a: 2 }));
});
