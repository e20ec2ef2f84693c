import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { boostedTrees } from './boosted-trees/trainer.ts';
import { mlflowModelFiles } from './mlflow-model.ts';

const model = {
  features: ['runs', 'overs left'],
  trainer: 'boosted-trees',
  mlflow: boostedTrees.definition.mlflow?.([]),
  modelUuid: '0123456789abcdef0123456789abcdef',
  createdAt: Date.UTC(2026, 0, 31, 12, 0, 0, 123),
};
const textOf = (name: string, given: Parameters<typeof mlflowModelFiles>[0] = model): string =>
  new TextDecoder().decode(mlflowModelFiles(given).find((file) => file.name === name)?.bytes);

test('MLmodel names the file, its flavors and a signature over the features', () => {
  const descriptor = parse(textOf('MLmodel'), { version: '1.1' }) as {
    flavors: Record<string, Record<string, unknown>>;
    signature: { inputs: string; outputs: string };
  };
  expect(descriptor).toMatchObject({
    artifact_path: 'model',
    model_uuid: model.modelUuid,
    utc_time_created: '2026-01-31 12:00:00.123000',
    flavors: {
      python_function: { data: 'model.xgb.json', loader_module: 'mlflow.xgboost' },
      xgboost: { data: 'model.xgb.json', model_class: 'xgboost.core.Booster', model_format: 'json' },
    },
  });
  expect(JSON.parse(descriptor.signature.inputs)).toEqual([
    { type: 'double', name: 'runs', required: true },
    { type: 'double', name: 'overs left', required: true },
  ]);
  expect(JSON.parse(descriptor.signature.outputs)).toEqual([
    { type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1] } },
  ]);
});

test('the signature names features as XGBoost does, with the true names beside', () => {
  const descriptor = parse(
    textOf('MLmodel', { ...model, features: ['sea [m]', 'age'], metadata: { a: 1 } }),
  ) as {
    signature: { inputs: string };
    metadata: object;
  };
  expect(JSON.parse(descriptor.signature.inputs)).toMatchObject([{ name: 'sea _m_' }, { name: 'age' }]);
  expect(descriptor.metadata).toEqual({ a: 1, modelyard_feature_names: { 'sea _m_': 'sea [m]' } });
});

test('a trainer that renames no column keeps all names, whatever its flavors are', () => {
  const { columnNames: _, ...flavors } = model.mlflow ?? { flavors: {}, requirements: [] };
  const text = textOf('MLmodel', { ...model, mlflow: flavors, features: ['sea [m]'] });
  expect(text).toContain('sea [m]');
  expect(text).not.toContain('modelyard_feature_names');
});

test('the environment stands in its three forms', () => {
  const pip = textOf('requirements.txt').trim().split('\n');
  expect(pip.some((line) => line.startsWith('xgboost'))).toBe(true);
  const conda = parse(textOf('conda.yaml')) as { dependencies: unknown[] };
  expect(conda.dependencies.at(-1)).toEqual({ pip });
  expect(parse(textOf('python_env.yaml'))).toMatchObject({
    python: '3.11',
    dependencies: ['-r requirements.txt'],
  });
});

test('the same model gives the same bytes, and a run and metadata are written where they are given', () => {
  expect(mlflowModelFiles(model)).toEqual(mlflowModelFiles({ ...model }));
  const text = textOf('MLmodel', {
    ...model,
    runId: '00000000000000000000000000000012',
    metadata: { target: 'score' },
  });
  expect(parse(text, { version: '1.1' })).toMatchObject({
    run_id: '00000000000000000000000000000012',
    metadata: { target: 'score' },
  });
  expect(textOf('MLmodel')).not.toContain('run_id');
});
