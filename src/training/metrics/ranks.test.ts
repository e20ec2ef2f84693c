import { expect, test } from 'vitest';
import { areaUnderCurve, ranksOf } from './ranks.ts';

test('equal values share the mean of their ranks, and 0 equals −0', () => {
  expect([...ranksOf([3, 1, 3, 2, -Infinity, 3])]).toEqual([5, 2, 5, 3, 1, 5]);
  expect([...ranksOf([0, -0, 1, -1])]).toEqual([2.5, 2.5, 4, 1]);
  expect([...ranksOf(Float32Array.of(0.1, 0.1))]).toEqual([1.5, 1.5]);
  expect([...ranksOf([])]).toEqual([]);
});

test('the area under the curve is the share of pairs in order', () => {
  expect(areaUnderCurve(ranksOf([0.1, 0.4, 0.35, 0.8]), [0, 0, 1, 1])).toBe(0.75);
  expect(areaUnderCurve(ranksOf([0.5, 0.5]), [0, 1])).toBe(0.5);
});
