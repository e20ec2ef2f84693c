import { expect, test } from 'vitest';
import { learningCurveSchema, storedCurve } from './learning-curve.ts';

const curve = { loss: 'RMSE', rounds: 'trees', kept: 500 };
const points = Array.from({ length: 1000 }, (_, index) => ({
  round: index + 1,
  train: 1 / (index + 1),
  validation: 2 / (index + 1),
}));

test('a long curve is thinned evenly', () => {
  const stored = learningCurveSchema.parse(storedCurve({ ...curve, points }));
  expect(stored.points).toHaveLength(200);
  expect(stored.points.slice(0, 2).map(({ round }) => round)).toEqual([1, 6]);
  expect(stored.points.at(-1)?.round).toBe(1000);
});

test('losses that are no number are left out, and a curve without points is null', () => {
  const bad = { round: 1, train: Number.NaN, validation: 1 };
  expect(storedCurve({ ...curve, points: [bad, { round: 2, train: 1, validation: 1 }] })).toMatchObject({
    points: [{ round: 2 }],
  });
  expect(storedCurve({ ...curve, points: [bad] })).toBeNull();
  expect(storedCurve(undefined)).toBeNull();
});
