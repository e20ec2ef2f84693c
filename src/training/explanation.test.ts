import { expect, test } from 'vitest';
import { probabilityContributions, throughStep } from './explanation.ts';

const logistic = (score: number): number => 1 / (1 + Math.exp(-score));
const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

test('turns log-odds of yes into shares of the change in probability', () => {
  const { baseline, contributions } = probabilityContributions(
    [{ baseline: -1, contributions: Float64Array.of(2, 1, 0, -0.5) }],
    0,
  );
  expect(baseline).toBeCloseTo(logistic(-1), 12);
  expect(baseline + total(contributions)).toBeCloseTo(logistic(1.5), 12);
  expect(contributions[0]).toBeCloseTo(2 * (contributions[1] ?? 0), 4);
  expect(contributions[2]).toBe(0);
  expect(contributions[3]).toBeLessThan(0);
});

test('what moves another class moves this one the other way', () => {
  const classes = [
    { baseline: 0, contributions: Float64Array.of(0, 0) },
    { baseline: 0, contributions: Float64Array.of(1, 0) },
    { baseline: 0, contributions: Float64Array.of(0, -1) },
  ];
  const first = probabilityContributions(classes, 0);
  expect(first.baseline).toBeCloseTo(1 / 3, 12);
  expect(first.contributions[0]).toBeLessThan(0);
  expect(first.contributions[1]).toBeGreaterThan(0);
  const sums = [0, 1, 2].map((index) => {
    const { baseline, contributions } = probabilityContributions(classes, index);
    return baseline + total(contributions);
  });
  const powers = [1, Math.E, Math.exp(-1)];
  const whole = powers.reduce((sum, power) => sum + power, 0);
  for (const [index, power] of powers.entries()) expect(sums[index]).toBeCloseTo(power / whole, 12);
});

test('contributions that cancel keep their sizes on the scale of a later step', () => {
  const explained = { baseline: 2, contributions: Float64Array.of(3, -3) };
  expect([...throughStep(explained, (value) => value * 10).contributions]).toEqual(
    [30, -30].map((each) => expect.closeTo(each, 6)),
  );
  const moved = throughStep({ baseline: 2, contributions: Float64Array.of(3, -1) }, (value) => value ** 2);
  expect(moved.baseline).toBe(4);
  expect([...moved.contributions]).toEqual([18, -6]);
});

test('a model without features is its baseline', () => {
  const { baseline, contributions } = probabilityContributions(
    [{ baseline: 1, contributions: new Float64Array(0) }],
    0,
  );
  expect([baseline, contributions.length]).toEqual([logistic(1), 0]);
});
