import { expect, test } from 'vitest';
import type { Target } from '../project/models/kind.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { Matrix, TrainingRows } from '../project/models/trainer.ts';
import { constant } from './constant.ts';

const matrixOf = (rows: number): Matrix => ({ features: ['size'], rows, columns: [new Float32Array(rows)] });
const rowsOf = (target: readonly number[]): TrainingRows => ({
  matrix: matrixOf(target.length),
  target: Float64Array.from(target),
  group: new Int32Array(target.length),
  order: new Float64Array(target.length),
});
const { definition } = constant;
const context = (target: Target): Parameters<typeof definition.fit>[2] => ({
  target,
  interval: 0.8,
  progress: () => undefined,
});

test.each<{
  readonly target: Target;
  readonly values: readonly number[];
  readonly expected: Prediction;
  readonly heldOut: Prediction;
}>([
  {
    target: { kind: 'number' },
    values: [1, 2, 6, 7],
    expected: { kind: 'number', value: 4 },
    heldOut: { kind: 'number', value: 3 },
  },
  {
    target: { kind: 'boolean' },
    values: [1, 1, 0, 1],
    expected: { kind: 'class', value: true, probability: 0.75, probabilities: { false: 0.25, true: 0.75 } },
    heldOut: {
      kind: 'class',
      value: true,
      probability: 2 / 3,
      probabilities: { false: 1 - 2 / 3, true: 2 / 3 },
    },
  },
  {
    target: { kind: 'class', classes: ['a', 'b', 'c'] },
    values: [2, 2, 0, 2],
    expected: { kind: 'class', value: 'c', probability: 0.75, probabilities: { a: 0.25, b: 0, c: 0.75 } },
    heldOut: { kind: 'class', value: 'c', probability: 2 / 3, probabilities: { a: 1 / 3, b: 0, c: 2 / 3 } },
  },
])(
  '$target.kind: predicts the mean or the shares of all rows',
  async ({ target, values, expected, heldOut }) => {
    const subsets = { train: rowsOf(values.slice(0, 3)), validation: rowsOf(values.slice(3)) };
    const fitted = await definition.fit({}, subsets, context(target));
    expect(fitted.heldOut).toEqual([heldOut]);
    const predictor = await definition.open(async () => fitted.files[0]?.bytes ?? new Uint8Array());
    expect(await predictor.predict(matrixOf(2))).toEqual([expected, expected]);
    const trial = await definition.trial?.({}, subsets, { target });
    expect(trial?.heldOut).toEqual([heldOut]);
  },
);

test('no training rows and a damaged file are refused', async () => {
  const empty = { train: rowsOf([]), validation: rowsOf([]) };
  await expect(definition.fit({}, empty, context({ kind: 'number' }))).rejects.toThrow(
    /number of training rows must be at least 1 \(got 0\)/,
  );
  await expect(definition.open(async () => new TextEncoder().encode('{'))).rejects.toThrow(
    /This build reads format 1 of constant models/,
  );
});
