import { expect, test } from 'vitest';
import { z } from 'zod';
import { classPrediction } from '../../project/models/class-prediction.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Explanation } from '../../project/models/predictor.ts';
import type { PredictionRule } from './prediction-rule.ts';
import { type OpenedVersion, versionPredictor } from './version-predictor.ts';

const logistic = (score: number): number => 1 / (1 + Math.exp(-score));

/** Predicts by one feature, `x`. */
function opened(
  predictionOf: (x: number) => Prediction,
  change: Partial<Omit<OpenedVersion, 'rule'>> & { readonly rule?: Partial<PredictionRule> } = {},
  explanationOf?: (x: number) => Explanation,
): ReturnType<typeof versionPredictor> {
  const { rule, ...others } = change;
  return versionPredictor({
    request: z.object({ x: z.number(), income: z.number().default(1) }),
    features: (request) => ({ x: (request as { x: number }).x }),
    trainer: 'line',
    predictor: {
      features: ['x'],
      predict: async ({ columns: [xs = new Float32Array()] }) => Array.from(xs, predictionOf),
      ...(explanationOf && {
        explain: async ({ columns: [xs = new Float32Array()] }) => Array.from(xs, explanationOf),
      }),
    },
    rule: { format: 1, target: { kind: 'number' }, ...rule },
    ...others,
  });
}

const number = (value: number): Prediction => ({ kind: 'number', value });
const yes = (probability: number): Prediction => ({
  kind: 'class',
  value: 'ignored',
  probability: 0,
  probabilities: { true: probability, false: 1 - probability },
});

async function predictionsOf(
  predictor: ReturnType<typeof versionPredictor>,
  ...requests: readonly object[]
): Promise<readonly Prediction[]> {
  return (await predictor.predict(requests.map((request) => ({ request })))).map(
    ({ prediction }) => prediction,
  );
}

test('a rate is learned and money is predicted, with its interval', async () => {
  const predictor = opened(number, {
    inverse: (rate, request) => rate * (request as { income: number }).income,
    rule: { interval: { low: -0.5, high: 0.25, level: 0.8 } },
  });
  expect(predictor.needsRequest).toBe(true);
  expect(await predictionsOf(predictor, { x: 2, income: 100 }, { x: 1, income: 10 })).toEqual([
    { kind: 'number', value: 200, interval: { low: 150, high: 225, level: 0.8 } },
    { kind: 'number', value: 10, interval: { low: 5, high: 12.5, level: 0.8 } },
  ]);
});

test('columns of features have the predictions of their rows', async () => {
  const predictor = opened(number, { rule: { interval: { low: -0.5, high: 0.25, level: 0.8 } } });
  const x = Float64Array.of(5, 0.1, Number.NaN, 7);
  const rows = Int32Array.of(3, 1);
  expect(await predictor.predictFeatures?.([['x', x]], rows)).toEqual(
    await predictionsOf(predictor, { x: 7 }, { x: 0.1 }),
  );
  const refused = { code: 'USER_CODE_FAILED', detail: { field: 'feature y' } };
  await expect(predictor.predictFeatures?.([['y', x]], rows)).rejects.toMatchObject(refused);
  const two = predictor.predictFeatures?.(
    [
      ['x', x],
      ['y', x],
    ],
    rows,
  );
  await expect(two).rejects.toMatchObject(refused);
  expect(opened(number, { inverse: (learned) => learned }).predictFeatures).toBeUndefined();
});

test('an inverse that turns the order around still has its lower end first', async () => {
  const predictor = opened(number, {
    inverse: (learned) => 1 / learned,
    rule: { interval: { low: -1, high: 2, level: 0.5 } },
  });
  expect(await predictionsOf(predictor, { x: 2 })).toEqual([
    { kind: 'number', value: 0.5, interval: { low: 0.25, high: 1, level: 0.5 } },
  ]);
});

test('an inverse that is no finite number is the project’s fault', async () => {
  const predictor = opened(number, { inverse: (learned) => 1 / learned });
  await expect(predictionsOf(predictor, { x: 0 })).rejects.toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: { field: 'transform.inverse of 0', value: Infinity },
  });
});

test('yes is decided at one half, after calibration', async () => {
  const target = { kind: 'boolean' } as const;
  const raw = opened((x) => yes(x), { rule: { target } });
  expect(await predictionsOf(raw, { x: 0.75 }, { x: 0.25 }, { x: 0.5 })).toMatchObject([
    { value: true, probability: 0.75, probabilities: { true: 0.75, false: 0.25 } },
    { value: false, probability: 0.75 },
    { value: false, probability: 0.5 },
  ]);
  const curve = { method: 'sigmoid', slope: 1, intercept: 2 } as const;
  const calibrated = opened((x) => yes(x), { rule: { target, calibration: { curves: [curve] } } });
  expect(await predictionsOf(calibrated, { x: 0.25 })).toMatchObject([
    { value: true, probability: expect.closeTo(logistic(Math.log(0.25 / 0.75) + 2), 6) },
  ]);
});

const classes = ['a', 'b', 'c'];

test('the most probable class is predicted', async () => {
  const predictor = opened(() => classPrediction(classes, [0.2, 0.5, 0.3]), {
    rule: { target: { kind: 'class', classes } },
  });
  expect(await predictionsOf(predictor, { x: 1 })).toEqual([
    { kind: 'class', value: 'b', probability: 0.5, probabilities: { a: 0.2, b: 0.5, c: 0.3 } },
  ]);
});

interface Refused {
  readonly what: string;
  readonly prediction: Prediction;
  readonly rule: Partial<PredictionRule>;
  readonly says: RegExp;
}

test.each<Refused>([
  {
    what: 'a number for yes or no',
    prediction: number(1),
    rule: { target: { kind: 'boolean' } },
    says: /must predict the probability of each class/,
  },
  { what: 'a class for a number', prediction: yes(1), rule: {}, says: /must predict a number/ },
  {
    what: 'no probability of a class',
    prediction: yes(1),
    rule: { target: { kind: 'class', classes } },
    says: /"a" has none/,
  },
  {
    what: 'probabilities that do not sum to 1',
    prediction: classPrediction(classes, [0.2, 0.2, 0.2]),
    rule: { target: { kind: 'class', classes } },
    says: /must have probabilities that sum to 1/,
  },
])('a trainer that predicts $what is refused', async ({ prediction, rule, says }) => {
  const predictor = opened(() => prediction, { rule });
  await expect(predictionsOf(predictor, { x: 1 })).rejects.toThrow(says);
  await expect(predictionsOf(predictor, { x: 1 })).rejects.toMatchObject({ code: 'USER_CODE_FAILED' });
});

test('features that are ready are used, and lookups reach the feature function', async () => {
  const predictor = opened(number, {
    features: (_request, lookups) => ({ x: Number(lookups['team']?.['rating']) }),
  });
  expect(await predictor.predict([{ request: {}, lookups: { team: { rating: 7 } } }])).toMatchObject([
    { features: { x: 7 }, prediction: { value: 7 } },
  ]);
  expect(await predictor.predict([{ request: undefined, features: { x: 3 } }])).toMatchObject([
    { prediction: { value: 3 } },
  ]);
});

test('an explanation is in the target’s unit, and sums to the prediction', async () => {
  const predictor = opened(
    number,
    { inverse: (rate, request) => rate * (request as { income: number }).income },
    (x) => ({ baseline: 1, contributions: Float64Array.of(x - 1) }),
  );
  expect(await predictor.explain?.([{ request: { x: 3, income: 10 } }])).toEqual([
    { scale: 'target', baseline: 10, contributions: [{ feature: 'x', value: 3, contribution: 20 }] },
  ]);
});

test('log-odds of yes are explained as the calibrated probability of yes, also where no is predicted', async () => {
  const curve = { method: 'sigmoid', slope: 0.5, intercept: -1 } as const;
  const predictor = opened(
    (x) => yes(logistic(x)),
    { rule: { target: { kind: 'boolean' }, calibration: { curves: [curve] } } },
    (x) => ({ scale: 'log-odds', classes: [{ baseline: 0, contributions: Float64Array.of(x) }] }),
  );
  const [explained] = (await predictor.explain?.([{ request: { x: 1 } }])) ?? [];
  expect(explained).toMatchObject({
    scale: 'probability',
    of: 'true',
    baseline: expect.closeTo(logistic(-1), 6),
  });
  const contribution = explained?.contributions[0]?.contribution ?? 0;
  expect((explained?.baseline ?? 0) + contribution).toBeCloseTo(logistic(-0.5), 6);
});

test('the predicted class of several is explained', async () => {
  const scores = [0, 1, -1];
  const powers = scores.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  const predictor = opened(
    () =>
      classPrediction(
        classes,
        powers.map((power) => power / total),
      ),
    { rule: { target: { kind: 'class', classes } } },
    () => ({
      scale: 'log-odds',
      classes: scores.map((score) => ({ baseline: 0, contributions: Float64Array.of(score) })),
    }),
  );
  const [explained] = (await predictor.explain?.([{ request: { x: 1 } }])) ?? [];
  expect(explained).toMatchObject({ scale: 'probability', of: 'b', baseline: expect.closeTo(1 / 3, 6) });
  const contribution = explained?.contributions[0]?.contribution ?? 0;
  expect((explained?.baseline ?? 0) + contribution).toBeCloseTo(Math.E / total, 6);
});
