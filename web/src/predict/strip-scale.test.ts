import { expect, test } from 'vitest';
import { shareOf, scaleOver } from './strip-scale.ts';

test('has round ends with room around the answer', () => {
  expect(scaleOver({ low: 151, high: 186, baseline: 154 }, undefined)).toEqual({ from: 130, to: 210 });
});

test('does not go below zero for what is never negative', () => {
  expect(scaleOver({ low: 2, high: 40, baseline: 20 }, undefined).from).toBe(0);
  expect(scaleOver({ low: -2, high: 40, baseline: 20 }, undefined).from).toBeLessThan(-2);
});

test('keeps its ends while answers lie within, and only grows', () => {
  const first = scaleOver({ low: 151, high: 186, baseline: 154 }, undefined);
  expect(scaleOver({ low: 160, high: 180, baseline: 154 }, first)).toEqual(first);
  expect(scaleOver({ low: 200, high: 240, baseline: 154 }, first)).toMatchObject({
    from: first.from,
    to: 270,
  });
});

test('a spread of nothing still has a scale', () => {
  const scale = scaleOver({ low: 0, high: 0, baseline: 0 }, undefined);
  expect(scale.to).toBeGreaterThan(scale.from);
});

test('places values within the ends', () => {
  expect([100, 150, 250].map((value) => shareOf({ from: 100, to: 200 }, value))).toEqual([0, 0.5, 1]);
});
