import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileArtifactStore } from '../adapters/files/artifact-store.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { operations } from '../lifecycle/operations/all.ts';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { purgeStores } from '../adapters/sql/purge/purge.fixture.ts';
import { artifactPath } from '../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';
import type { OpenPurge } from '../tracking/purge-store.contract.ts';
import { point, readRun, startRun } from '../tracking/run-stores.fixture.ts';
import { runOperations } from './run-operations.ts';

interface Opened extends AsyncDisposable {
  readonly stores: OpenPurge;
  readonly artifacts: ArtifactStore;
  readonly operations: ReturnType<typeof runOperations>;
}

const day = 86_400_000;
const now = 100 * day;

async function open(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-runs-'));
  const artifacts = await openFileArtifactStore(folder);
  const database = await emptySqlite();
  const stores = purgeStores(database);
  const views = { tracking: stores, registry: sqlRegistryStore(database), operations };
  const { moves, purge: purges } = stores;
  const deps = { projects: () => [], stores: views, moves, purges, artifacts, now: () => now };
  return {
    stores,
    artifacts,
    operations: runOperations(deps),
    async [Symbol.asyncDispose]() {
      await stores[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function threeRuns(stores: OpenPurge): Promise<string> {
  const experiment = await stores.experiments.create({ name: 'houses', tags: [], now: 1 });
  const params = { depth: '3' };
  await startRun(stores, { name: 'a', params, metrics: [point('mae', 1)], startedAt: 1 });
  await startRun(stores, { name: 'b', metrics: [point('mae', 2), point('bad', Number.NaN)], startedAt: 2 });
  await startRun(stores, { name: 'c', experimentId: experiment, metrics: [point('mae', 3)], startedAt: 3 });
  return experiment;
}

test('runs are found by OR and parentheses, in experiments by name or id, in an order, page by page', async () => {
  await using opened = await open();
  const housesId = await threeRuns(opened.stores);
  const names = async (input: Parameters<Opened['operations']['searchRuns']>[0]) => {
    const { runs, next } = await opened.operations.searchRuns(input);
    return [...runs.map(({ name }) => name), ...(next === null ? [] : [next])].join(' ');
  };
  expect(await names({})).toBe('c b a');
  expect(await names({ filter: "params.depth = '3' OR metrics.mae > 2" })).toBe('c a');
  expect(await names({ filter: "(params.depth = '3' OR metrics.mae > 2) AND metrics.mae < 2" })).toBe('a');
  for (const experiment of ['houses', housesId])
    expect(await names({ experiments: [experiment], filter: 'metrics.mae > 0' })).toBe('c');
  expect(await names({ orderBy: ['metrics.mae DESC'], limit: 2 })).toBe('c b 2');
  expect(await names({ orderBy: ['metrics.mae DESC'], limit: 2, offset: 2 })).toBe('a');
  expect(await names({ lifecycle: 'deleted' })).toBe('');
  await opened.stores.experiments.delete(housesId, 5);
  expect(await names({})).toBe('b a');
  expect(await names({ lifecycle: 'deleted' })).toBe('c');
});

test('a found run carries what it logged, and numbers that JSON does not have as texts', async () => {
  await using opened = await open();
  await threeRuns(opened.stores);
  const { runs } = await opened.operations.searchRuns({ filter: "attributes.run_name = 'b'" });
  expect(JSON.parse(JSON.stringify(runs))).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: 'b',
      experiment: { id: '0', name: 'Default' },
      status: 'RUNNING',
      lifecycle: 'active',
      user: '',
      startedAt: 2,
      endedAt: null,
      artifactUri: expect.stringContaining('mlflow-artifacts:/0/'),
      params: {},
      metrics: { mae: 2, bad: 'NaN' },
      tags: { 'mlflow.runName': 'b' },
    },
  ]);
});

test.each<[Parameters<Opened['operations']['searchRuns']>[0], object]>([
  [{ experiments: ['none'] }, { code: 'EXPERIMENT_NOT_FOUND', detail: { value: 'none' } }],
  [{ filter: "name = 'x'" }, { code: 'INPUT_INVALID', detail: { field: 'search', value: "name = 'x'" } }],
  [{ filter: '(metrics.mae > 1' }, { code: 'INPUT_INVALID' }],
  [{ orderBy: ['nothing.at all'] }, { code: 'INPUT_INVALID' }],
])('a search for %j is refused', async (input, error) => {
  await using opened = await open();
  await expect(opened.operations.searchRuns(input)).rejects.toMatchObject(error);
});

test('runs move to an experiment by its name', async () => {
  await using opened = await open();
  const housesId = await threeRuns(opened.stores);
  const { runs } = await opened.operations.searchRuns({ experiments: ['Default'] });
  const ids = runs.map(({ id }) => id);
  const { moved } = await opened.operations.moveRuns({ runs: ids, experiment: 'houses' });
  expect(moved.toSorted()).toEqual(ids.toSorted());
  expect((await opened.operations.searchRuns({ experiments: [housesId] })).runs).toHaveLength(3);
  await expect(opened.operations.moveRuns({ runs: ids, experiment: 'none' })).rejects.toMatchObject({
    code: 'EXPERIMENT_NOT_FOUND',
  });
});

test('a purge by age removes runs and their files, says what stays, and a dry run does nothing', async () => {
  await using opened = await open();
  const { stores, artifacts, operations } = opened;
  const [old, young, needed] = [await startRun(stores), await startRun(stores), await startRun(stores)];
  for (const id of [old, young, needed]) {
    const { artifactUri } = (await readRun(stores, id)).info;
    await put(artifacts, `${artifactUri.replace('mlflow-artifacts:/', '')}/model/a.txt`);
  }
  await stores.register({ model: 'score', source: `mlflow-artifacts:/0/${needed}/artifacts/model` });
  await stores.runs.delete(old, now - 30 * day);
  await stores.runs.delete(needed, now - 30 * day);
  await stores.runs.delete(young, now - 29 * day);
  const report = {
    gone: [{ kind: 'run', id: old, name: 'calm-otter', deletedAt: now - 30 * day }],
    kept: [{ kind: 'run', id: needed, why: 'score version 1 needs it: delete that version first' }],
    elsewhere: [],
    left: [],
  };
  const dry = await operations.purge({ olderThan: '30d', dryRun: true });
  expect(dry).toEqual({ ...report, dryRun: true, foldersRemoved: 0 });
  expect(await artifacts.list(artifactPath('0'))).toHaveLength(3);
  expect(await operations.purge({ olderThan: '30d' })).toEqual({
    ...report,
    dryRun: false,
    foldersRemoved: 1,
  });
  expect((await artifacts.list(artifactPath('0'))).map(({ path }) => path)).toEqual(
    [young, needed].toSorted().map((id) => `0/${id}`),
  );
  expect(await operations.purge({ runs: [young] })).toMatchObject({
    gone: [{ id: young }],
    foldersRemoved: 1,
  });
});

test('a purge that asks for nothing is refused', async () => {
  await using opened = await open();
  await expect(opened.operations.purge({})).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: { field: 'olderThan' },
  });
});

async function put(artifacts: ArtifactStore, path: string): Promise<void> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('bytes');
  }
  await artifacts.put(artifactPath(path), content());
}

test('a run of an MLflow client belongs to no project', async () => {
  await using opened = await open();
  const id = await startRun(opened.stores);
  await expect(opened.operations.getRun({ run: id })).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
    detail: { field: 'run', value: id, remedy: expect.stringContaining('modelyard runs') },
  });
});
