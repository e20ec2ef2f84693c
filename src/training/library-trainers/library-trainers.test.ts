import { expect, test } from 'vitest';
import type { TrainerDefinition, TrainingRows } from '../../project/models/trainer.ts';
import type { Python } from '../../project/python.ts';
import { requireEqualPredictions } from './compare-predictions.ts';
import { lightgbm } from './lightgbm.ts';
import { plainNames } from './plain-names.ts';
import { sklearn } from './sklearn.ts';
import { xgboost } from './xgboost.ts';

test('a model that predicts anything else than its library is refused by row', () => {
  const theirs = Float32Array.of(1, 2, 3, Number.NaN);
  const same = { library: 'XGBoost', outputs: 2 };
  expect(() => requireEqualPredictions(theirs.slice(), theirs, same)).not.toThrow();
  const near = Float32Array.of(1, 2, Math.fround(3 + 2 ** -22), Number.NaN);
  expect(() => requireEqualPredictions(near, theirs, same)).toThrow(/XGBoost for validation row 1: 3\)/);
  expect(() => requireEqualPredictions(theirs.subarray(0, 3), theirs, same)).toThrow(/validation row 1/);
});

test.each<readonly [TrainerDefinition]>([[xgboost.definition], [lightgbm.definition]])(
  'without Python nothing is fitted: %#',
  async (definition) => {
    const rows: TrainingRows = {
      matrix: { features: ['size'], rows: 1, columns: [Float32Array.of(1)] },
      target: Float64Array.of(1),
      group: Int32Array.of(0),
      order: Float64Array.of(0),
    };
    const context = { target: { kind: 'number' }, interval: 0.8, progress: () => undefined } as const;
    await expect(definition.fit({}, { train: rows, validation: rows }, context)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  },
);

test('LightGBM gets names without the characters that it refuses or changes', () => {
  expect(plainNames(['overs left', 'ø', 'a:b', 'a_b', '"x"'])).toEqual([
    'overs_left',
    'ø',
    'a_b_2',
    'a_b',
    '_x_',
  ]);
});

test('a trainer of a library has a seed among its options, by any name of the library', () => {
  expect(xgboost({ max_depth: 3 }).options).toEqual({ max_depth: 3, seed: 0 });
  expect(lightgbm({ num_leaves: 7 }).options).toEqual({ num_leaves: 7, seed: 0 });
  const withSeeds = [{ seed: 4 }, { random_state: 4 }] as const;
  for (const options of withSeeds) {
    expect(xgboost(options).options).toEqual(options);
    expect(lightgbm(options).options).toEqual(options);
  }
  expect(lightgbm({ random_seed: 4 }).options).toEqual({ random_seed: 4 });
});

test.each<readonly [TrainerDefinition]>([[xgboost.definition], [lightgbm.definition], [sklearn.definition]])(
  'a fit that diverged is an error, and a trial that did is not measured: %#',
  async (definition) => {
    const rows: TrainingRows = {
      matrix: { features: ['size'], rows: 1, columns: [Float32Array.of(1)] },
      target: Float64Array.of(1),
      group: Int32Array.of(0),
      order: Float64Array.of(0),
    };
    const text = JSON.stringify({ diverged: 'rmse of the train rows is nan after round 2', packages: {} });
    const python: Python = {
      run: async () => [{ name: 'result.json', bytes: new TextEncoder().encode(text) }],
      open: () => Promise.reject(new RangeError('nothing to open')),
      openForecaster: () => Promise.reject(new RangeError('nothing to open')),
    };
    const context = { target: { kind: 'number' }, interval: 0.8, progress: () => undefined, python } as const;
    const subsets = { train: rows, validation: rows };
    await expect(definition.fit({}, subsets, context)).rejects.toThrow('The fit diverged');
    expect(await definition.trial?.({}, subsets, context)).toEqual({ metrics: {}, loss: Number.NaN });
  },
);

test.each([
  ['xgboost', xgboost.definition, ['num_class', 'validate_parameters', 'verbosity']],
  ['lightgbm', lightgbm.definition, ['num_class', 'num_classes', 'verbosity', 'verbose']],
])('the options of %s that Modelyard sets are refused', (_name, { options }, names) => {
  for (const name of names) expect(options.safeParse({ [name]: 3 }).success).toBe(false);
  expect(options.safeParse({ seed: 3, objective: 'poisson' }).success).toBe(true);
});
