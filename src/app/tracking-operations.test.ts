import { expect, test } from 'vitest';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { sqlTrackingStores } from '../adapters/sql/tracking/tracking-stores.ts';
import { newModel, newVersion } from '../registry/store.fixture.ts';
import type { RegistryStore } from '../registry/store.ts';
import { type OpenRunStores, point, startRun } from '../tracking/run-stores.fixture.ts';
import { trackingOperations } from './tracking-operations.ts';

const day = 86_400_000;
const now = 100 * day;

interface Opened extends OpenRunStores {
  readonly registry: RegistryStore;
  readonly operations: ReturnType<typeof trackingOperations>;
}

async function open(): Promise<Opened> {
  const database = await emptySqlite();
  const tracking = sqlTrackingStores(database);
  const registry = sqlRegistryStore(database);
  return {
    ...tracking,
    registry,
    operations: trackingOperations({ projects: () => [], stores: { tracking, registry }, now: () => now }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

test('experiments come with what happened in the last 14 days', async () => {
  await using opened = await open();
  const { id } = await opened.experiments.ensure('churn', 5);
  await startRun(opened, { experimentId: id, name: 'old', startedAt: now - 20 * day });
  const failed = await startRun(opened, { experimentId: id, name: 'failed', startedAt: now - day - 1 });
  await opened.runs.end(failed, 'FAILED', now - day);
  const last = await startRun(opened, { experimentId: id, name: 'last', startedAt: now - 1 });
  const { experiments, next } = await opened.operations.listExperiments({ limit: 10, offset: 0 });
  expect(next).toBeNull();
  expect(experiments.map(({ name, runs }) => [name, runs])).toEqual([
    ['Default', 0],
    ['churn', 3],
  ]);
  const before = Array.from({ length: 12 }, () => 0);
  expect(experiments[1]).toEqual({
    id,
    name: 'churn',
    lifecycle: 'active',
    createdAt: 5,
    isProject: false,
    runs: 3,
    running: 2,
    started: [...before, 1, 1],
    failed: [...before, 1, 0],
    last: { id: last, name: 'last', status: 'RUNNING', startedAt: now - 1, endedAt: null },
  });
  expect(await opened.operations.listExperiments({ limit: 1, offset: 0 })).toMatchObject({ next: 1 });
});

test('the record of a run names its parent and counts what is nested in it', async () => {
  await using opened = await open();
  const parent = await startRun(opened, { name: 'grid' });
  const child = await startRun(opened, {
    parentId: parent,
    params: { lr: '0.1' },
    metrics: [point('loss', 2, [4, 9]), point('bad', Number.NaN)],
  });
  await opened.runs.link(child, {
    datasets: [
      {
        dataset: { name: 'rows', digest: 'd1', sourceType: 'local', source: '{}' },
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
      },
    ],
  });
  expect(await opened.operations.getRunRecord({ run: child })).toMatchObject({
    id: child,
    experiment: { id: '0', name: 'Default' },
    project: null,
    parent: { id: parent, name: 'grid' },
    children: 0,
    params: { lr: '0.1' },
    metrics: { loss: 2, bad: 'NaN' },
    steps: { loss: 4, bad: 0 },
    datasets: [{ name: 'rows', digest: 'd1', context: 'training' }],
  });
  expect(await opened.operations.getRunRecord({ run: parent })).toMatchObject({ parent: null, children: 1 });
  await expect(opened.operations.getRunRecord({ run: 'none' })).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
    detail: { field: 'run', value: 'none' },
  });
});

test('the record of a run names the versions that were registered from it', async () => {
  await using opened = await open();
  const run = await startRun(opened, { name: 'trained' });
  const { registry } = opened;
  for (const name of ['m', 'n']) await registry.createModel(newModel({ name }));
  await registry.createVersion(newVersion({ runId: run, at: 1 }));
  await registry.createVersion(newVersion({ at: 2 }));
  await registry.createVersion(newVersion({ model: 'n', runId: run, at: 3 }));
  const { registered } = await opened.operations.getRunRecord({ run });
  expect(registered).toEqual([
    { model: 'n', version: 1 },
    { model: 'm', version: 1 },
  ]);
});

test('the keys of the runs of all experiments, or of some, up to a limit', async () => {
  await using opened = await open();
  const { id } = await opened.experiments.ensure('churn', 5);
  await startRun(opened, { experimentId: id, metrics: [point('auc', 1)], params: { depth: '3' } });
  await startRun(opened, { metrics: [point('loss', 1), point('acc', 1)] });
  const { operations } = opened;
  expect(await operations.listRunKeys({})).toEqual({
    metrics: ['acc', 'auc', 'loss'],
    params: ['depth'],
    tags: ['mlflow.runName'],
    more: false,
  });
  expect(await operations.listRunKeys({ experiments: ['churn'] })).toMatchObject({ metrics: ['auc'] });
  expect(await operations.listRunKeys({ limit: 2 })).toMatchObject({ metrics: ['acc', 'auc'], more: true });
  await expect(operations.listRunKeys({ experiments: ['none'] })).rejects.toMatchObject({
    code: 'EXPERIMENT_NOT_FOUND',
  });
});

test('a curve has numbers that JSON does not have as texts', async () => {
  await using opened = await open();
  const run = await startRun(opened, {
    metrics: [point('m', 1, [0, 5]), point('m', Number.NaN, [1, 6]), point('m', 3, [2, 7])],
  });
  const curves = await opened.operations.readCurves({ runs: [run, run], metrics: ['m', 'none'] });
  expect(JSON.parse(JSON.stringify(curves))).toEqual([
    {
      run,
      metric: 'm',
      logged: 3,
      steps: [0, 1, 2],
      times: [5, 6, 7],
      values: [1, null, 3],
      least: [1, null, 3],
      most: [1, null, 3],
    },
  ]);
  const [short] = await opened.operations.readCurves({ runs: [run], metrics: ['m'], points: 2 });
  expect(short?.values).toEqual([1, 3]);
});
