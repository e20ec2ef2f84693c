import { expect, test } from 'vitest';
import { medianPrediction } from './baseline.ts';

test('the constant is the median, in an interval of its level', () => {
  const targets = Float64Array.from({ length: 99 }, (_, at) => (at - 49) ** 3).toReversed();
  expect(medianPrediction(targets, 0.8)).toEqual({ value: 0, low: -(40 ** 3), high: 40 ** 3 });
  expect(medianPrediction(Float64Array.of(9, 1, 2, 4), 0.5).value).toBe(3);
  expect(medianPrediction(Float64Array.of(7), 0.8)).toEqual({ value: 7, low: 7, high: 7 });
});
