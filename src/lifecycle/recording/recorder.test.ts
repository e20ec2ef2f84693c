import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import type { RunId } from '../../kernel/ids.ts';
import { ownLocation } from '../../tracking/artifacts/location.ts';
import { artifactPath, joinPaths } from '../../tracking/artifacts/path.ts';
import type { RunTask } from '../../tracking/run-task-store.ts';
import {
  type Houses,
  housesProject,
  openHouses,
  recordedRunOf,
  type RecordedRun,
  runsNestedIn,
} from '../houses.fixture.ts';

async function runsIn(houses: Houses, parentId: RunId | null = null): Promise<readonly RecordedRun[]> {
  return runsNestedIn(houses, parentId);
}

const searching = housesProject({
  search: { trials: 3, space: { depth: [2, 4], learningRate: [0.1, 0.3] } },
});

const statuses = (tasks: readonly RunTask[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tasks.map(({ task, status }) => [task, status]));

test('a run of the pipeline holds the training of each model, and that its trials', async () => {
  await using houses = await openHouses();
  const began: string[] = [];
  const { runId } = await houses.run(searching, {
    why: 'command line',
    observer: { began: (id) => void began.push(id), changed() {}, event() {} },
  });
  expect(began, 'told once').toEqual([runId]);
  const [run, ...others] = await runsIn(houses);
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    id: runId,
    status: 'FINISHED',
    tags: { 'modelyard.project': 'houses', 'modelyard.why': 'command line' },
  });
  const [training, ...otherTrainings] = await runsIn(houses, run?.id);
  expect(otherTrainings).toEqual([]);
  expect(training).toMatchObject({ status: 'FINISHED', tags: { 'modelyard.model': 'house-price' } });
  expect(training?.params).toMatchObject({
    learningRate: expect.stringMatching(/^0\.[12]/),
    seed: '0',
    'split.seed': '0',
    'search.seed': '0',
  });
  expect(training?.metrics).toMatchObject({ mae: expect.any(Number), r2: expect.any(Number), testRows: 40 });
  const trials = await runsIn(houses, training?.id);
  expect(new Set(trials.map(({ tags }) => tags['modelyard.trial']))).toEqual(new Set(['0', '1', '2']));
  for (const { status, params, metrics } of trials) {
    expect(status).toBe('FINISHED');
    expect(Object.keys(params)).toEqual(expect.arrayContaining(['depth', 'learningRate']));
    expect(metrics['mae']).toBeGreaterThan(0);
  }
  const named = `${run?.name}/house-price`;
  expect(training?.name, 'a list of all runs says whose it is').toBe(named);
  expect(new Set(trials.map(({ name }) => name))).toEqual(
    new Set([`${named}/trial 0`, `${named}/trial 1`, `${named}/trial 2`]),
  );
  const experiment = await houses.tracking.experiments.getByName('houses');
  expect(run?.experimentId).toBe(experiment?.id);
});

test('the graph of a run has every task, what it left, and what the training wrote', async () => {
  await using houses = await openHouses();
  const { runId } = await houses.run(housesProject());
  const tasks = runId ? await houses.tracking.tasks.listTasks(runId) : [];
  expect(statuses(tasks)).toEqual({
    'listings.fetch': 'done',
    listings: 'done',
    houses: 'done',
    'house-price.split': 'done',
    'house-price.features': 'done',
    'house-price.train': 'done',
    'house-price.evaluate': 'done',
    'house-price.gate': 'done',
  });
  expect(tasks.map(({ task }) => task).at(-1), 'in the order of the graph').toBe('house-price.gate');
  expect(tasks[0]?.facts, 'what a source remembers for itself is left out').not.toHaveProperty('seen');
  expect(tasks.find(({ task }) => task === 'house-price.features')).toMatchObject({
    needs: ['houses'],
    code: ['models.house-price.request', 'models.house-price.features'],
    facts: { features: ['garden', 'size'] },
  });
  const [training] = await runsIn(houses, runId);
  const outputs = training ? await houses.tracking.tasks.listDatasets(training.id) : [];
  expect(outputs.map(({ name, task }) => `${task} ${name}`).toSorted()).toEqual([
    'house-price.evaluate metrics',
    'house-price.evaluate scored',
    'house-price.train model',
  ]);
});

test('the report of an evaluation is a file of the training run', async () => {
  await using houses = await openHouses();
  houses.artifacts = await openFileArtifactStore(join(houses.folder, 'artifacts'));
  const { runId } = await houses.run(housesProject());
  const [training] = await runsIn(houses, runId);
  const path = joinPaths(ownLocation(training?.artifactUri ?? ''), artifactPath('report.json'));
  const file = join(houses.folder, 'artifacts', 'files', path);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ format: 1, rows: 40 });
});

test('a project that did not change writes nothing', async () => {
  await using houses = await openHouses();
  await houses.run(housesProject());
  const launched = houses.launched.length;
  const again = await houses.run(housesProject());
  expect(again).toMatchObject({ runId: undefined, failures: [] });
  expect(houses.launched.slice(launched).map(({ task }) => task)).toEqual(['listings.fetch']);
  expect((await runsIn(houses)).length).toBe(1);
  expect((await houses.registry.listVerdicts('house-price')).length).toBe(1);
});

test('a run in which a task failed is FAILED, and says why', async () => {
  await using houses = await openHouses();
  const failing = housesProject({
    features: (() => {
      throw new RangeError('too small');
    }) as never,
  });
  const { runId, failures } = await houses.run(failing);
  expect(failures.map(({ task }) => task)).toEqual(['house-price.features']);
  expect(await runsIn(houses)).toMatchObject([{ id: runId, status: 'FAILED', endedAt: expect.any(Number) }]);
  const tasks = runId ? await houses.tracking.tasks.listTasks(runId) : [];
  expect(statuses(tasks)).toMatchObject({
    houses: 'done',
    'house-price.features': 'failed',
    'house-price.split': 'skipped',
    'house-price.train': 'skipped',
    'house-price.gate': 'skipped',
  });
  expect(tasks.find(({ status }) => status === 'failed')?.error?.message).toContain('too small');
});

test('a run that is stopped in training is KILLED with all that is in it', async () => {
  await using houses = await openHouses();
  const abort = new AbortController();
  const signal = abort.signal;
  const stopped = await houses.run(searching, {
    signal,
    observer: {
      began() {},
      changed() {},
      event: (_task, event) => event.type === 'trial' && event.index === 1 && abort.abort(),
    },
  });
  expect(stopped.failures).toEqual([]);
  const [run] = await runsIn(houses);
  expect(run?.status).toBe('KILLED');
  const [training] = await runsIn(houses, run?.id);
  expect(training?.status).toBe('KILLED');
  expect(statuses(run ? await houses.tracking.tasks.listTasks(run.id) : [])).toMatchObject({
    houses: 'done',
    'house-price.train': 'skipped',
  });
});

test('a run that completes a stopped one says what the version was trained with', async () => {
  await using houses = await openHouses();
  const abort = new AbortController();
  houses.before = async ({ task }) => {
    if (task === 'house-price.evaluate') abort.abort();
  };
  await houses.run(housesProject(), { signal: abort.signal });
  houses.before = async () => {};
  const { runId } = await houses.run(housesProject());
  const [version] = await houses.registry.listPipelineVersions('house-price');
  const training = version && (await recordedRunOf(houses, version.runId));
  expect(training).toMatchObject({
    parentId: runId,
    status: 'FINISHED',
    params: { depth: '3', trees: expect.stringMatching(/^\d+$/) },
    metrics: { testRows: 40 },
  });
});

test('a metric that is no number is kept as such', async () => {
  await using houses = await openHouses();
  const { failures } = await houses.run(
    housesProject({ split: { by: 'sold', test: { from: '2020-07-18' } } }),
  );
  expect(failures).toEqual([]);
  const [run] = await runsIn(houses);
  const [training] = await runsIn(houses, run?.id);
  expect(training?.metrics, 'one test row: nothing varies').toMatchObject({ testRows: 1, r2: Number.NaN });
});

test('a training names its rows as an input dataset of MLflow, and where it comes from', async () => {
  await using houses = await openHouses();
  let asked = 0;
  const sourceTags = async () => {
    asked += 1;
    return { 'mlflow.source.git.commit': 'abc123', 'modelyard.node': 'v20.20.2' };
  };
  Object.assign(houses, { sourceTags });
  const { runId } = await houses.run(housesProject());
  const [run] = await runsIn(houses);
  const [training] = await runsIn(houses, run?.id);
  expect([run?.tags, training?.tags]).toEqual([
    expect.objectContaining({ 'mlflow.source.git.commit': 'abc123' }),
    expect.objectContaining({ 'mlflow.source.git.commit': 'abc123', 'modelyard.node': 'v20.20.2' }),
  ]);
  expect(asked, 'once a run').toBe(1);
  const tasks = runId ? await houses.tracking.tasks.listTasks(runId) : [];
  const digest = tasks.find(({ task }) => task === 'houses')?.outputs['rows'] ?? '';
  const read = await houses.tracking.runs.get(training?.id ?? '');
  expect(read?.datasets).toMatchObject([
    {
      dataset: { name: 'houses', digest: digest.slice(0, 36), sourceType: 'modelyard' },
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    },
  ]);
  const { source, schema = '', profile = '' } = read?.datasets[0]?.dataset ?? {};
  expect(JSON.parse(source ?? '')).toEqual({ task: 'houses', digest });
  expect(JSON.parse(schema)).toMatchObject({
    mlflow_colspec: expect.arrayContaining([{ name: 'price', type: 'double', required: true }]) as unknown,
  });
  expect(JSON.parse(profile)).toMatchObject({ num_rows: expect.any(Number) as unknown });
});
