import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { ClassPrediction } from '../../project/prediction.ts';
import { booleanMetrics, isYes } from '../metrics/boolean.ts';
import { applyCalibration, calibration, type CalibrationMethod, fitCalibration } from './calibration.ts';

const yesOrNo = { kind: 'boolean' } as const;
const truth = [0, 0, 1, 1, 1, 0, 1, 0, 0, 1];
const predictions = [0.1, 0.4, 0.35, 0.8, 0.5, 0.5, 0.95, 0.3, 0.62, 0.62].map(ofYes);

function ofYes(yes: number): ClassPrediction {
  const value = isYes(yes);
  return {
    kind: 'class',
    value,
    probability: value ? yes : 1 - yes,
    probabilities: { false: 1 - yes, true: yes },
  };
}

function ofClasses(shares: Readonly<Record<string, number>>): ClassPrediction {
  const [value, probability] = Object.entries(shares).toSorted(([, a], [, b]) => b - a)[0] as [
    string,
    number,
  ];
  return { kind: 'class', value, probability, probabilities: shares };
}

function calibrated(method: CalibrationMethod, at: readonly number[]): readonly number[] {
  const fitted = calibration.parse(
    JSON.parse(JSON.stringify(fitCalibration(yesOrNo, method, { predictions, truth }))),
  );
  return at.map((yes) => applyCalibration(fitted, ofYes(yes)).probabilities['true'] as number);
}

// Expected values: the minimum of Platt's loss by SciPy's `minimize`, and scikit-learn 1.9.1's IsotonicRegression.
test('the sigmoid equals the minimum that SciPy finds', () => {
  expect(fitCalibration(yesOrNo, 'sigmoid', { predictions, truth })).toEqual({
    kind: 'boolean',
    curve: {
      method: 'sigmoid',
      slope: expect.closeTo(0.74342934, 6),
      intercept: expect.closeTo(-0.06593776, 6),
    },
  });
  const [first, second, third] = calibrated('sigmoid', [0.1, 0.4, 0.35]);
  expect(first).toBeCloseTo(0.15454121, 5);
  expect(second).toBeCloseTo(0.40917614, 5);
  expect(third).toBeCloseTo(0.37141542, 5);
});

test('the isotonic curve equals that of scikit-learn between, at and beyond its points', () => {
  const expected = [0, 0, 0, 0.3, 0.5, 0.5, 0.5, 0.5, 0.7222222222222221, 1, 1, 1];
  for (const [index, value] of calibrated(
    'isotonic',
    [0, 0.1, 0.2, 0.33, 0.36, 0.45, 0.5, 0.55, 0.7, 0.8, 0.9, 1],
  ).entries())
    expect(value).toBeCloseTo(expected[index] as number, 12);
});

test('without calibration a prediction is unchanged', () => {
  const none = fitCalibration(yesOrNo, 'none', { predictions, truth });
  expect(predictions.map((prediction) => applyCalibration(none, prediction))).toEqual(predictions);
});

test.each<CalibrationMethod>(['sigmoid', 'isotonic'])(
  '%s mends probabilities that are too sure',
  (method) => {
    const random = seededRandom(4);
    const draw = (): { readonly truth: number[]; readonly predictions: ClassPrediction[] } => {
      const real = Array.from({ length: 4000 }, () => random());
      return {
        truth: real.map((probability) => Number(random() < probability)),
        predictions: real.map((probability) =>
          ofYes(probability ** 3 / (probability ** 3 + (1 - probability) ** 3)),
        ),
      };
    };
    const [validation, later] = [draw(), draw()];
    const fitted = fitCalibration(yesOrNo, method, validation);
    const errorOf = (of: readonly ClassPrediction[]): number =>
      booleanMetrics({
        truth: later.truth,
        probability: of.map(({ probabilities }) => probabilities['true'] as number),
      }).calibrationError;
    expect(errorOf(later.predictions)).toBeGreaterThan(0.1);
    expect(errorOf(later.predictions.map((prediction) => applyCalibration(fitted, prediction)))).toBeLessThan(
      0.03,
    );
  },
);

test('classes are calibrated one against the rest, and sum to 1', () => {
  const target = { kind: 'class', classes: ['low', 'middle', 'high'] } as const;
  const rows = [
    ofClasses({ low: 0.6, middle: 0.3, high: 0.1 }),
    ofClasses({ low: 0.5, middle: 0.4, high: 0.1 }),
    ofClasses({ low: 0.2, middle: 0.5, high: 0.3 }),
    ofClasses({ low: 0.1, middle: 0.4, high: 0.5 }),
  ];
  const fitted = fitCalibration(target, 'isotonic', { predictions: rows, truth: [0, 0, 1, 1] });
  expect(fitted).toMatchObject({
    curves: [
      { class: 'low', curve: { method: 'isotonic' } },
      { class: 'middle', curve: { method: 'isotonic' } },
      { class: 'high', curve: { method: 'none', reason: 'no validation row has this outcome' } },
    ],
  });
  const prediction = applyCalibration(fitted, rows[0] as ClassPrediction);
  expect(prediction.value).toBe('low');
  expect(Object.values(prediction.probabilities).reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
  expect(prediction.probabilities['low']).toBeCloseTo(1 / 1.1, 12);
});

test('classes of which none is likely get equal shares', () => {
  const nothing = { method: 'isotonic', from: [0, 1], to: [0, 0] };
  const zero = { kind: 'class', curves: ['low', 'high'].map((name) => ({ class: name, curve: nothing })) };
  expect(applyCalibration(calibration.parse(zero), ofClasses({ low: 0.7, high: 0.3 })).probabilities).toEqual(
    { low: 0.5, high: 0.5 },
  );
});

test.each([
  [[0, 0], 'no validation row has this outcome'],
  [[1, 1], 'every validation row has this outcome'],
])('rows that all have one outcome are not used: %j', (outcome, reason) => {
  const rows = { predictions: [ofYes(0.2), ofYes(0.7)], truth: outcome };
  expect(fitCalibration(yesOrNo, 'sigmoid', rows)).toEqual({
    kind: 'boolean',
    curve: { method: 'none', reason },
  });
});

test.each([
  ['sure and right', [0, 1, 0, 1], [0, 1, 0, 1]],
  ['sure and wrong', [1, 0, 1, 0], [0, 1, 0, 1]],
  ['all equal', [0.3, 0.3, 0.3, 0.3], [0, 1, 0, 1]],
])('a sigmoid over predictions that are %s is finite', (_, given, outcome) => {
  const fitted = fitCalibration(yesOrNo, 'sigmoid', { predictions: given.map(ofYes), truth: outcome });
  const values = [0, 0.3, 1].map(
    (yes) => applyCalibration(fitted, ofYes(yes)).probabilities['true'] as number,
  );
  for (const value of values) expect(value > 0 && value < 1).toBe(true);
});

test('a prediction without a class of the target is refused', () => {
  const target = { kind: 'class', classes: ['low', 'high'] } as const;
  const rows = { predictions: [ofClasses({ low: 1 })], truth: [0] };
  expect(() => fitCalibration(target, 'sigmoid', rows)).toThrow(/must include "high", a value of the target/);
});
