import { expect, test } from 'vitest';
import { bias, intervalCoverage, intervalWidth, mae, r2, regressionMetrics, rmse } from './regression.ts';

const scored = { truth: [10, 20, 30, 40], predicted: [12, 18, 33, 41] };

test('errors of four predictions, by hand', () => {
  expect(mae(scored)).toBe(2);
  expect(rmse(scored)).toBe(Math.sqrt(18 / 4));
  expect(bias(scored)).toBe(1);
  expect(r2(scored)).toBeCloseTo(1 - 18 / 500, 12);
});

test('an interval holds its ends', () => {
  const intervals = { truth: [1, 2, 3, 4], low: [1, 0, 4, 0], high: [2, 2, 5, 3] };
  expect(intervalCoverage(intervals)).toBe(0.5);
  expect(intervalWidth(intervals)).toBe(1.75);
  expect(regressionMetrics({ ...scored, low: [0, 0, 0, 0], high: [20, 20, 20, 20] })).toEqual({
    mae: 2,
    rmse: Math.sqrt(4.5),
    r2: r2(scored),
    bias: 1,
    intervalCoverage: 0.5,
    intervalWidth: 20,
  });
});

test('what cannot be measured is no number', () => {
  expect(r2({ truth: [5, 5], predicted: [5, 5] })).toBeNaN();
  expect(r2({ truth: [5, 5], predicted: [4, 7] })).toBeNaN();
  expect(mae({ truth: [], predicted: [] })).toBeNaN();
});

test('the coverage of a missing interval is not known', () => {
  const missing = [Number.NaN, Number.NaN];
  expect(intervalCoverage({ truth: [1, 2], low: missing, high: missing })).toBeNaN();
  expect(intervalCoverage({ truth: [1, 2], low: [0, 0], high: [3, Number.NaN] })).toBeNaN();
});

test('lists of different lengths are refused', () => {
  expect(() => mae({ truth: [1, 2], predicted: [1] })).toThrow(
    /predicted entries must be 2, one for each row \(got 1\)/,
  );
});
