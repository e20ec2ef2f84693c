import { expect, test } from 'vitest';
import type { Run, RunTask } from '../tracking/model.ts';
import { type Homes, homesProject, openHomes } from './homes.fixture.ts';

async function runsIn(homes: Homes, parentId: Run['id'] | null = null): Promise<readonly Run[]> {
  return homes.tracking.listRuns({ parentId, limit: 100 });
}

const searching = homesProject({
  search: { trials: 3, space: { depth: [2, 4], learningRate: [0.1, 0.3] } },
});

const statuses = (tasks: readonly RunTask[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tasks.map(({ task, status }) => [task, status]));

test('a run of the pipeline holds the training of each model, and that its trials', async () => {
  await using homes = await openHomes();
  const began: string[] = [];
  const { runId } = await homes.run(searching, {
    why: 'command line',
    observer: { began: (id) => void began.push(id), changed() {}, event() {}, decided() {} },
  });
  expect(began, 'told once').toEqual([runId]);
  const [run, ...others] = await runsIn(homes);
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    id: runId,
    status: 'FINISHED',
    tags: { 'modelyard.project': 'homes', 'modelyard.why': 'command line' },
  });
  const [training, ...otherTrainings] = await runsIn(homes, run?.id);
  expect(otherTrainings).toEqual([]);
  expect(training).toMatchObject({ status: 'FINISHED', tags: { 'modelyard.model': 'home-price' } });
  expect(training?.params).toMatchObject({ learningRate: expect.stringMatching(/^0\.[12]/) });
  expect(training?.metrics).toMatchObject({ mae: expect.any(Number), r2: expect.any(Number), testRows: 40 });
  const trials = await runsIn(homes, training?.id);
  expect(new Set(trials.map(({ tags }) => tags['modelyard.trial']))).toEqual(new Set(['0', '1', '2']));
  for (const { status, params, metrics } of trials) {
    expect(status).toBe('FINISHED');
    expect(Object.keys(params)).toEqual(expect.arrayContaining(['depth', 'learningRate']));
    expect(metrics['mae']).toBeGreaterThan(0);
  }
  const experiment = await homes.tracking.findExperiment('homes');
  expect(run?.experimentId).toBe(experiment?.id);
});

test('the graph of a run has every task, what it left, and what the training wrote', async () => {
  await using homes = await openHomes();
  const { runId } = await homes.run(homesProject());
  const tasks = runId ? await homes.tracking.listTasks(runId) : [];
  expect(statuses(tasks)).toEqual({
    'listings.fetch': 'done',
    listings: 'done',
    homes: 'done',
    'home-price.split': 'done',
    'home-price.features': 'done',
    'home-price.train': 'done',
    'home-price.evaluate': 'done',
    'home-price.gate': 'done',
  });
  expect(tasks.map(({ task }) => task).at(-1), 'in the order of the graph').toBe('home-price.gate');
  expect(tasks[0]?.facts, 'what a source remembers for itself is left out').not.toHaveProperty('seen');
  expect(tasks.find(({ task }) => task === 'home-price.features')).toMatchObject({
    needs: ['homes'],
    code: ['models.home-price.request', 'models.home-price.features'],
    facts: { features: ['garden', 'size'] },
  });
  const [training] = await runsIn(homes, runId);
  const outputs = training ? await homes.tracking.listDatasets(training.id) : [];
  expect(outputs.map(({ name, task }) => `${task} ${name}`).toSorted()).toEqual([
    'home-price.evaluate metrics',
    'home-price.train model',
  ]);
});

test('a project that did not change writes nothing', async () => {
  await using homes = await openHomes();
  await homes.run(homesProject());
  const launched = homes.launched.length;
  const again = await homes.run(homesProject());
  expect(again).toMatchObject({ runId: undefined, failures: [] });
  expect(homes.launched.slice(launched).map(({ task }) => task)).toEqual(['listings.fetch']);
  expect((await runsIn(homes)).length).toBe(1);
  expect((await homes.registry.listVerdicts('home-price')).length).toBe(1);
});

test('a run in which a task failed is FAILED, and says why', async () => {
  await using homes = await openHomes();
  const failing = homesProject({
    features: (() => {
      throw new RangeError('too small');
    }) as never,
  });
  const { runId, failures } = await homes.run(failing);
  expect(failures.map(({ task }) => task)).toEqual(['home-price.features']);
  expect(await runsIn(homes)).toMatchObject([{ id: runId, status: 'FAILED', endedAt: expect.any(Number) }]);
  const tasks = runId ? await homes.tracking.listTasks(runId) : [];
  expect(statuses(tasks)).toMatchObject({
    'home-price.split': 'done',
    'home-price.features': 'failed',
    'home-price.train': 'skipped',
    'home-price.gate': 'skipped',
  });
  expect(tasks.find(({ status }) => status === 'failed')?.error?.message).toContain('too small');
});

test('a run that is stopped in training is KILLED with all that is in it', async () => {
  await using homes = await openHomes();
  const abort = new AbortController();
  const signal = abort.signal;
  const stopped = await homes.run(searching, {
    signal,
    observer: {
      began() {},
      changed() {},
      decided() {},
      event: (_task, event) => event.type === 'trial' && event.index === 1 && abort.abort(),
    },
  });
  expect(stopped.failures).toEqual([]);
  const [run] = await runsIn(homes);
  expect(run?.status).toBe('KILLED');
  const [training] = await runsIn(homes, run?.id);
  expect(training?.status).toBe('KILLED');
  expect(statuses(run ? await homes.tracking.listTasks(run.id) : [])).toMatchObject({
    homes: 'done',
    'home-price.train': 'skipped',
  });
});

test('a run that completes a stopped one says what the version was trained with', async () => {
  await using homes = await openHomes();
  const abort = new AbortController();
  homes.before = async ({ task }) => {
    if (task === 'home-price.evaluate') abort.abort();
  };
  await homes.run(homesProject(), { signal: abort.signal });
  homes.before = async () => {};
  const { runId } = await homes.run(homesProject());
  const [version] = await homes.registry.listVersions('home-price');
  const training = version && (await homes.tracking.findRun(version.runId));
  expect(training).toMatchObject({
    parentId: runId,
    status: 'FINISHED',
    params: { depth: '3', trees: expect.stringMatching(/^\d+$/) },
    metrics: { testRows: 40 },
  });
});

test('a metric that is no number is kept as such', async () => {
  await using homes = await openHomes();
  const { failures } = await homes.run(homesProject({ split: { by: 'sold', test: { from: '2020-07-18' } } }));
  expect(failures).toEqual([]);
  const [run] = await runsIn(homes);
  const [training] = await runsIn(homes, run?.id);
  expect(training?.metrics, 'one test row: nothing varies').toMatchObject({ testRows: 1, r2: Number.NaN });
});
