import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { booleanMetrics } from '../metrics/boolean.ts';
import {
  applyCalibration,
  type Calibration,
  type CalibrationMethod,
  calibrationSchema,
  fitCalibration,
  type HeldOutClasses,
} from './calibration.ts';

const truth = [0, 0, 1, 1, 1, 0, 1, 0, 0, 1];
const probability = [0.1, 0.4, 0.35, 0.8, 0.5, 0.5, 0.95, 0.3, 0.62, 0.62];

function yesOrNo(given: readonly number[], outcomes: readonly number[]): HeldOutClasses {
  return {
    target: { kind: 'boolean' },
    probabilities: [Float64Array.from(given)],
    truth: Float64Array.from(outcomes),
    clusters: { of: outcomes.map((_, row) => row), time: undefined },
  };
}

function yes(calibration: Calibration, at: number): number {
  return applyCalibration(calibration, Float64Array.of(at))[0] as number;
}

function calibrated(method: CalibrationMethod, at: readonly number[]): readonly number[] {
  const text = JSON.stringify(fitCalibration(method, yesOrNo(probability, truth)));
  const stored = calibrationSchema.parse(JSON.parse(text));
  return at.map((value) => yes(stored, value));
}

// Expected values: the minimum of Platt's loss by SciPy's `minimize`, and scikit-learn 1.9.1's IsotonicRegression.
test('the sigmoid equals the minimum that SciPy finds', () => {
  expect(fitCalibration('sigmoid', yesOrNo(probability, truth))).toEqual({
    curves: [
      { method: 'sigmoid', slope: expect.closeTo(0.74342934, 6), intercept: expect.closeTo(-0.06593776, 6) },
    ],
  });
  const [first, second, third] = calibrated('sigmoid', [0.1, 0.4, 0.35]);
  expect(first).toBeCloseTo(0.15454121, 5);
  expect(second).toBeCloseTo(0.40917614, 5);
  expect(third).toBeCloseTo(0.37141542, 5);
});

test('the isotonic curve equals that of scikit-learn on smoothed targets between, at and beyond its points', () => {
  const at = [0, 0.1, 0.2, 0.33, 0.36, 0.45, 0.5, 0.55, 0.7, 0.8, 0.9, 1];
  // On targets of 0 and 1; pool adjacent violators keeps a line, here from [0, 1] to Platt's [1/7, 6/7] of five rows each.
  const expected = [0, 0, 0, 0.3, 0.5, 0.5, 0.5, 0.5, 0.7222222222222221, 1, 1, 1];
  for (const [index, value] of calibrated('isotonic', at).entries())
    expect(value).toBeCloseTo((1 + 5 * (expected[index] as number)) / 7, 12);
});

test.each([2, 3, 8, 30, 400])('an isotonic curve of %i rows rises and stays inside 0 and 1', (rows) => {
  const random = seededRandom(9);
  const given = Array.from({ length: rows }, () => random());
  const outcomes = given.map((value, row) => (row < 2 ? row : Number(value > 0.5)));
  const fitted = fitCalibration('isotonic', yesOrNo(given, outcomes));
  const values = Array.from({ length: 101 }, (_, at) => yes(fitted, at / 100));
  expect(values[0]).toBeGreaterThan(0);
  expect(values.at(-1)).toBeLessThan(1);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});

test('without calibration a probability is unchanged', () => {
  expect(calibrated('none', probability)).toEqual(probability);
});

test.each<CalibrationMethod>(['auto', 'sigmoid', 'isotonic'])(
  '%s mends probabilities that are too sure',
  (method) => {
    const random = seededRandom(4);
    const draw = (): { readonly outcomes: readonly number[]; readonly given: readonly number[] } => {
      const real = Array.from({ length: 4000 }, () => random());
      return {
        outcomes: real.map((value) => Number(random() < value)),
        given: real.map((value) => value ** 3 / (value ** 3 + (1 - value) ** 3)),
      };
    };
    const [validation, later] = [draw(), draw()];
    const fitted = fitCalibration(method, yesOrNo(validation.given, validation.outcomes));
    const errorOf = (given: readonly number[]): number =>
      booleanMetrics({ truth: later.outcomes, probability: given }).calibrationError;
    expect(errorOf(later.given)).toBeGreaterThan(0.1);
    expect(errorOf(later.given.map((value) => yes(fitted, value)))).toBeLessThan(0.03);
  },
);

test('classes are calibrated one against the rest, and sum to 1', () => {
  const fitted = fitCalibration('isotonic', {
    target: { kind: 'class', classes: ['low', 'middle', 'high'] },
    probabilities: [
      Float64Array.of(0.6, 0.5, 0.2, 0.1),
      Float64Array.of(0.3, 0.4, 0.5, 0.4),
      Float64Array.of(0.1, 0.1, 0.3, 0.5),
    ],
    truth: Float64Array.of(0, 0, 1, 1),
    clusters: { of: [0, 1, 2, 3], time: undefined },
  });
  expect(fitted.curves).toMatchObject([
    { method: 'isotonic' },
    { method: 'isotonic' },
    { method: 'none', reason: 'no validation row has this outcome' },
  ]);
  const [low, middle, high] = applyCalibration(fitted, Float64Array.of(0.6, 0.3, 0.1));
  // Two rows of each outcome: 3/4 and 1/4 are the curves' ends.
  expect([low, middle, high]).toEqual([0.75, 0.25, 0.1].map((value) => expect.closeTo(value / 1.1, 12)));
});

test('classes that all have probability 0 get equal shares', () => {
  const nothing = { method: 'isotonic', from: [0, 1], to: [0, 0] };
  const stored = calibrationSchema.parse({ curves: [nothing, nothing] });
  expect([...applyCalibration(stored, Float64Array.of(0.7, 0.3))]).toEqual([0.5, 0.5]);
});

test.each([
  [[0, 0], 'no validation row has this outcome'],
  [[1, 1], 'every validation row has this outcome'],
])('rows that all have one outcome are not used: %j', (outcome, reason) => {
  expect(fitCalibration('sigmoid', yesOrNo([0.2, 0.7], outcome))).toEqual({
    curves: [{ method: 'none', reason }],
  });
});

test.each([
  ['sure and right', [0, 1, 0, 1], [0, 1, 0, 1]],
  ['sure and wrong', [1, 0, 1, 0], [0, 1, 0, 1]],
  ['all equal', [0.3, 0.3, 0.3, 0.3], [0, 1, 0, 1]],
])('a sigmoid over predictions that are %s is finite', (_, given, outcome) => {
  const fitted = fitCalibration('sigmoid', yesOrNo(given, outcome));
  for (const at of [0, 0.3, 1]) expect(yes(fitted, at) > 0 && yes(fitted, at) < 1).toBe(true);
});
