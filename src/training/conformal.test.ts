import { expect, test } from 'vitest';
import { conformalQuantiles } from './conformal.ts';

test('ranks leave room for one more draw', () => {
  // Of 99 ratios, 80% for a hundredth draw lie from the 10th to the 90th.
  const ratios = Float64Array.from({ length: 99 }, (_, at) => at - 49).toReversed();
  expect(conformalQuantiles(ratios, 0.8)).toEqual({ low: -40, high: 40 });
});

test('a lopsided error gives a lopsided interval that holds the answer', () => {
  expect(
    conformalQuantiles(
      Float64Array.from({ length: 99 }, (_, at) => at + 1),
      0.8,
    ),
  ).toEqual({ low: 0, high: 90 });
});

test('ratios that are all below 0 leave the prediction in the interval', () => {
  const ratios = Float64Array.from({ length: 99 }, (_, at) => -at - 1);
  expect(conformalQuantiles(ratios, 0.8)).toEqual({ low: -90, high: 0 });
});

test('few ratios give the widest interval that they know', () => {
  expect(conformalQuantiles(Float64Array.of(-2, 1, 3), 0.95)).toEqual({ low: -2, high: 3 });
});
