import { expect, test } from 'vitest';
import type { Target } from '../project/models/kind.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { PyfuncOutput } from '../project/python.ts';
import { pyfuncPredictor } from './pyfunc-predictor.ts';

const plan: Target = { kind: 'class', classes: ['free', 'team'] };
const boolean: Target = { kind: 'boolean' };

/** A process that returns the same for two rows. */
async function predictions(
  target: Target,
  kind: PyfuncOutput['kind'],
  columns: Readonly<Record<string, readonly number[]>>,
): Promise<readonly Prediction[]> {
  const output = {
    kind,
    names: Object.keys(columns),
    columns: Object.values(columns).map((values) => Float64Array.from(values)),
  };
  const predictor = pyfuncPredictor(
    {
      flavor: 'sklearn',
      features: ['size'],
      predict: async () => output,
      [Symbol.asyncDispose]: async () => {},
    },
    target,
  );
  return predictor.predict({ features: ['size'], rows: 2, columns: [Float32Array.of(1, 2)] });
}

test('values are numbers', async () => {
  expect(await predictions({ kind: 'number' }, 'values', { out: [3, 4] })).toEqual([
    { kind: 'number', value: 3 },
    { kind: 'number', value: 4 },
  ]);
});

test('classes come by name, whatever their order in the model', async () => {
  const [first] = await predictions(plan, 'probabilities', { team: [0.75, 0.5], free: [0.25, 0.5] });
  expect(first).toMatchObject({ value: 'team', probabilities: { free: 0.25, team: 0.75 } });
});

test.each([
  ['false and true', { false: [0.25, 0.5], true: [0.75, 0.5] }],
  ['1 and 0', { 1: [0.75, 0.5], 0: [0.25, 0.5] }],
])('yes is found among %s', async (_names, columns) => {
  const [first] = await predictions(boolean, 'probabilities', columns);
  expect(first).toMatchObject({ value: true, probability: 0.75 });
});

test('a single probability is that of yes', async () => {
  const [first] = await predictions(boolean, 'yes', { out: [0.25, 0.5] });
  expect(first).toMatchObject({ value: false, probabilities: { true: 0.25 } });
});

test.each([
  ['labels', boolean, 'labels', {}, 'sklearn model'],
  ['numbers for names', plan, 'probabilities', { 0: [1, 1], 1: [0, 0] }, 'must be free, team'],
  ['a class too many', plan, 'probabilities', { free: [1, 1], team: [0, 0], x: [0, 0] }, 'free, team'],
  ['other names for yes or no', boolean, 'probabilities', { cat: [1, 1], dog: [0, 0] }, 'false, true'],
  ['a single probability of several classes', plan, 'yes', { out: [1, 1] }, 'free, team'],
] as const)('%s are refused by name', async (...[, target, kind, columns, text]) => {
  const refused = predictions(target, kind, columns);
  await expect(refused).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  await expect(refused).rejects.toThrow(text);
});
