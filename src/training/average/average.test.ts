import { expect, test } from 'vitest';
import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Predictor } from '../../project/models/predictor.ts';
import type {
  Fitted,
  Matrix,
  Trainer,
  TrainerDefinition,
  TrainingRows,
} from '../../project/models/trainer.ts';
import { boostedTrees } from '../boosted-trees/trainer.ts';
import { constant } from '../constant.ts';
import { linear } from '../linear/linear.ts';
import { logistic } from '../linear/logistic.ts';
import { average } from './average.ts';
import { averagePredictions } from './combine.ts';
import { openAverage } from './parts.ts';

const size = Array.from({ length: 40 }, (_, row) => (row * 7) % 40);

function matrixOf(values: readonly number[]): Matrix {
  return { features: ['size'], rows: values.length, columns: [Float32Array.from(values)] };
}

function rowsOf(values: readonly number[], of: (value: number) => number): TrainingRows {
  return {
    matrix: matrixOf(values),
    target: Float64Array.from(values, of),
    group: Int32Array.from(values, (_, row) => row),
    order: Float64Array.from(values, (_, row) => row),
  };
}

function subsets(of: (value: number) => number): {
  readonly train: TrainingRows;
  readonly validation: TrainingRows;
} {
  return { train: rowsOf(size.slice(0, 30), of), validation: rowsOf(size.slice(30), of) };
}

async function fitted(trainer: Trainer, target: Target, of: (value: number) => number): Promise<Fitted> {
  const parts = (trainer.parts ?? []).map(({ type, options }) => ({
    definition: type.definition,
    options: options as Readonly<Record<string, number>>,
  }));
  return trainer.type.definition.fit(trainer.options, subsets(of), {
    target,
    interval: 0.8,
    progress: () => undefined,
    parts,
  });
}

async function opened(trainer: Trainer, target: Target, of: (value: number) => number): Promise<Predictor> {
  const { files } = await fitted(trainer, target, of);
  const parts: readonly TrainerDefinition[] = (trainer.parts ?? []).map(({ type }) => type.definition);
  return trainer.type.definition.open(
    async (name) => files.find((file) => file.name === name)?.bytes ?? new Uint8Array(),
    parts,
  );
}

const rows = matrixOf([3, 20, 37]);

function numbersOf(predictions: readonly Prediction[]): readonly number[] {
  return predictions.map((prediction) =>
    prediction.kind === 'number'
      ? prediction.value
      : prediction.kind === 'class'
        ? (prediction.probabilities['true'] ?? Number.NaN)
        : Number.NaN,
  );
}

test('numbers are averaged over trainers, without their intervals', async () => {
  const parts = [boostedTrees({ trees: 20 }), linear(), constant()];
  const price = (value: number): number => 100 + 3 * value;
  const whole = await (await opened(average(parts), { kind: 'number' }, price)).predict(rows);
  const each = await Promise.all(
    parts.map(async (part) => numbersOf(await (await opened(part, { kind: 'number' }, price)).predict(rows))),
  );
  const means = [0, 1, 2].map((row) => each.reduce((sum, values) => sum + (values[row] as number), 0) / 3);
  expect(numbersOf(whole)).toEqual(means.map((mean) => expect.closeTo(mean, 9) as number));
  expect(whole.every((prediction) => prediction.kind === 'number' && !prediction.interval)).toBe(true);
});

test('probabilities are averaged, and the average decides the class', async () => {
  const isLarge = (value: number): number => Number(value > 12);
  const parts = [logistic(), constant()];
  const target = { kind: 'boolean' } as const;
  const whole = await (await opened(average(parts), target, isLarge)).predict(rows);
  const each = await Promise.all(
    parts.map(async (part) => numbersOf(await (await opened(part, target, isLarge)).predict(rows))),
  );
  for (const [row, prediction] of whole.entries()) {
    const mean = ((each[0]?.[row] ?? 0) + (each[1]?.[row] ?? 0)) / 2;
    expect(prediction).toMatchObject({
      kind: 'class',
      value: mean > 0.5,
      probabilities: { true: expect.closeTo(mean, 12) as number },
    });
  }
});

test.each<{
  readonly target: Target;
  readonly of: (value: number) => number;
  readonly parts: readonly Trainer[];
}>([
  { target: { kind: 'number' }, of: (value) => value ** 2, parts: [linear(), constant()] },
  { target: { kind: 'boolean' }, of: (value) => Number(value > 12), parts: [logistic(), constant()] },
  {
    target: { kind: 'class', classes: ['low', 'middle', 'high'] },
    of: (value) => Math.floor(value / 14),
    parts: [logistic(), constant(), logistic({ l2: 9 })],
  },
])('explanations of an averaged $target.kind add up to the prediction', async ({ target, of, parts }) => {
  const predictor = await opened(average(parts), target, of);
  const predictions = await predictor.predict(rows);
  const explanations = (await predictor.explain?.(rows)) ?? [];
  expect(explanations).toHaveLength(3);
  for (const [row, explanation] of explanations.entries()) {
    const sums = ('classes' in explanation ? explanation.classes : [explanation]).map(
      ({ baseline, contributions }) => contributions.reduce((sum, one) => sum + one, baseline),
    );
    const prediction = predictions[row];
    const expected =
      prediction?.kind === 'class' && target.kind === 'class'
        ? target.classes.map((name) => prediction.probabilities[name] ?? Number.NaN)
        : numbersOf([prediction as Prediction]);
    expect(sums).toEqual(expected.map((value) => expect.closeTo(value, 9) as number));
  }
});

test('each part has a folder of its own, and held-out predictions are averaged', async () => {
  const model = await fitted(average([linear(), constant()]), { kind: 'number' }, (value) => value);
  expect(model.files.map(({ name }) => name)).toEqual([
    'part-0/linear.json',
    'part-0/code/modelyard_linear.py',
    'part-1/constant.json',
  ]);
  expect(model.heldOut).toHaveLength(10);
  expect(model.importances).toEqual({ size: 1 });
});

test('the number of trainers and what each part fitted are params of the average', async () => {
  const parts = [
    boostedTrees({ trees: 7, earlyStopping: 0 }),
    linear(),
    boostedTrees({ trees: 5, earlyStopping: 0 }),
  ];
  const model = await fitted(average(parts), { kind: 'number' }, (value) => value);
  expect(model.fittedParams).toEqual({
    trainers: 3,
    'trees of boosted-trees 1': 7,
    'trees of boosted-trees 2': 5,
  });
});

test('a part without held-out predictions leaves the average without them', async () => {
  const { definition } = linear;
  const silent: TrainerDefinition = {
    ...definition,
    fit: async (options, given, context) => {
      const { heldOut: _, ...rest } = await definition.fit({ l2: 1, ...options }, given, context);
      return rest;
    },
  } as TrainerDefinition;
  const trainer = { ...linear(), type: { definition: silent } };
  expect(
    (await fitted(average([linear(), trainer]), { kind: 'number' }, (value) => value)).heldOut,
  ).toBeUndefined();
});

test('numbers and classes have no mean', () => {
  const yes = { kind: 'class', value: true, probability: 1, probabilities: { true: 1, false: 0 } } as const;
  expect(() =>
    averagePredictions([
      { share: 0.5, of: { kind: 'number', value: 1 } },
      { share: 0.5, of: yes },
    ]),
  ).toThrow(/must all be numbers or all be classes/);
});

test('a version without the code of its trainers is refused', async () => {
  await expect(average.definition.open(async () => new Uint8Array())).rejects.toThrow(
    /The version lacks the code of its trainers/,
  );
});

test('if one part does not open, those that opened are closed', async () => {
  let open = 0;
  const part: Pick<TrainerDefinition, 'open'> = {
    open: async () => {
      open += 1;
      return { features: [], predict: async () => [], close: async () => void (open -= 1) };
    },
  };
  const broken: Pick<TrainerDefinition, 'open'> = { open: async () => Promise.reject(new Error('damaged')) };
  const parts = [part, broken, part].map((of) => ({ share: 1 / 3, of }));
  await expect(openAverage(parts, async () => new Uint8Array())).rejects.toThrow('damaged');
  expect(open).toBe(0);
});
