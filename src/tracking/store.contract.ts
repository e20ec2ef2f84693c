import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { MetricPoint, NewRun, Run, RunDataset, RunTask } from './model.ts';
import type { TrackingStore } from './store.ts';

/** A store that is empty, and gone when disposed of. */
export interface OpenTrackingStore extends AsyncDisposable {
  readonly store: TrackingStore;
}

/** What every tracking store must do; each adapter's test is one call of this. */
export function trackingStoreContract(label: string, open: () => Promise<OpenTrackingStore>): void {
  experiments(label, open);
  runs(label, open);
  batches(label, open);
  lists(label, open);
  graphs(label, open);
}

type Open = () => Promise<OpenTrackingStore>;

function experiments(label: string, open: Open): void {
  test(`${label}: an experiment is made once and found by its name`, async () => {
    await using opened = await open();
    const { store } = opened;
    expect(await store.findExperiment('t20')).toBeUndefined();
    const made = await store.ensureExperiment('t20', 1000);
    expect(made).toEqual({ id: made.id, name: 't20', createdAt: 1000 });
    expect(await store.ensureExperiment('t20', 2000)).toEqual(made);
    expect(await store.findExperiment('t20')).toEqual(made);
    expect((await store.ensureExperiment('नमस्ते 🏏', 3000)).id).not.toBe(made.id);
    expect((await store.findExperiment('नमस्ते 🏏'))?.name).toBe('नमस्ते 🏏');
  });

  test(`${label}: many who make one experiment at once get the same`, async () => {
    await using opened = await open();
    const { store } = opened;
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, now) => store.ensureExperiment('same', now)),
    );
    expect(new Set(made.map(({ id, createdAt }) => `${id} ${createdAt}`)).size).toBe(1);
  });
}

function runs(label: string, open: Open): void {
  test(`${label}: a run is found as it was made`, async () => {
    await using opened = await open();
    const { store } = opened;
    const parent = await startRun(store);
    const child = await startRun(store, {
      parentId: parent,
      name: 'brisk-heron',
      plan: digestOf('plan'),
      tags: { why: 'drift', ключ: '值' },
    });
    expect(await store.findRun(child)).toEqual({
      id: child,
      experimentId: (await store.ensureExperiment('t20', 0)).id,
      name: 'brisk-heron',
      status: 'RUNNING',
      startedAt: 100,
      endedAt: undefined,
      parentId: parent,
      plan: digestOf('plan'),
      params: {},
      metrics: {},
      tags: { why: 'drift', ключ: '值' },
    } satisfies Run);
    expect(await store.findRun(parent)).toMatchObject({ parentId: undefined, plan: undefined });
    expect(await store.findRun(newRunId())).toBeUndefined();
  });

  test(`${label}: an id is used once, and experiment and parent must exist`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    const { id: experimentId } = await store.ensureExperiment('t20', 0);
    const run: NewRun = { id: newRunId(), experimentId, name: 'n', startedAt: 1 };
    await expect(store.createRun({ ...run, id })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { field: 'run' },
    });
    await expect(store.createRun({ ...run, experimentId: '987' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(store.createRun({ ...run, parentId: newRunId() })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
    expect(await store.findRun(run.id)).toBeUndefined();
  });

  test.each(['FINISHED', 'FAILED', 'KILLED'] as const)(`${label}: a run ends as %s`, async (status) => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    await store.endRun(id, status, 900);
    expect(await store.findRun(id)).toMatchObject({ status, endedAt: 900 });
    await expect(store.endRun(newRunId(), status, 900)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: what still runs can be marked as killed, and nothing else is touched`, async () => {
    await using opened = await open();
    const { store } = opened;
    const [done, first, second] = [await startRun(store), await startRun(store), await startRun(store)];
    await store.endRun(done, 'FINISHED', 500);
    expect(await store.killUnfinished(700)).toBe(2);
    expect(await store.findRun(done)).toMatchObject({ status: 'FINISHED', endedAt: 500 });
    for (const id of [first, second])
      expect(await store.findRun(id)).toMatchObject({ status: 'KILLED', endedAt: 700 });
    expect(await store.killUnfinished(800)).toBe(0);
  });
}

function batches(label: string, open: Open): void {
  test(`${label}: a batch is kept whole`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store, { tags: { kept: 'yes', changed: 'before' } });
    await store.logBatch(id, {
      params: { depth: '6', path: 'C:\\数据\n"x"', empty: '' },
      metrics: [point('mae', 14.2)],
      tags: { changed: 'after', new: '🏏' },
    });
    expect(await store.findRun(id)).toMatchObject({
      params: { depth: '6', path: 'C:\\数据\n"x"', empty: '' },
      metrics: { mae: 14.2 },
      tags: { kept: 'yes', changed: 'after', new: '🏏' },
    });
    await store.logBatch(id, {});
    await expect(store.logBatch(newRunId(), { tags: { a: 'b' } })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });

  test(`${label}: a param is written once; the same value again is fine`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    await store.logBatch(id, { params: { depth: '6' } });
    await store.logBatch(id, { params: { depth: '6', trees: '300' } });
    expect((await store.findRun(id))?.params).toEqual({ depth: '6', trees: '300' });
  });

  test(`${label}: a batch with one wrong param writes nothing`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    await store.logBatch(id, { params: { depth: '6' }, metrics: [point('mae', 1)], tags: { t: '1' } });
    const wrong = {
      params: { trees: '300', depth: '7' },
      metrics: [point('mae', 2, [1, 50]), point('r2', 1)],
      tags: { t: '2', u: '1' },
    };
    await expect(store.logBatch(id, wrong)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { field: 'param depth', value: '7', remedy: expect.stringContaining('"6"') },
    });
    expect(await store.findRun(id)).toMatchObject({
      params: { depth: '6' },
      metrics: { mae: 1 },
      tags: { t: '1' },
    });
    expect(await store.metricHistory(id, 'mae')).toEqual([point('mae', 1)]);
    expect(await store.metricHistory(id, 'r2')).toEqual([]);
  });

  test(`${label}: a text with a character that no database keeps is refused, and nothing of its batch is written`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    const batch = { params: { good: 'x', bad: 'a\0b' }, metrics: [point('mae', 1)] };
    await expect(store.logBatch(id, batch)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await store.findRun(id)).toMatchObject({ params: {}, metrics: {} });
  });

  test(`${label}: the last value of a metric is that of its highest step, then of its latest time`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    await store.logBatch(id, {
      metrics: [point('loss', 5, [2, 10]), point('loss', 9, [1, 99]), point('other', 1)],
    });
    expect((await store.findRun(id))?.metrics).toEqual({ loss: 5, other: 1 });
    await store.logBatch(id, { metrics: [point('loss', 8, [1, 200])] });
    expect((await store.findRun(id))?.metrics['loss']).toBe(5);
    await store.logBatch(id, { metrics: [point('loss', 4, [2, 11])] });
    expect((await store.findRun(id))?.metrics['loss']).toBe(4);
    await store.logBatch(id, { metrics: [point('loss', 3, [3, 1])] });
    expect((await store.findRun(id))?.metrics['loss']).toBe(3);
  });

  test(`${label}: a metric's history is in the order of time, and a repeated point is there once`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    await store.logBatch(id, {
      metrics: [point('loss', 2, [1, 20]), point('loss', 3, [0, 10]), point('loss', 1.5, [2, 20])],
    });
    await store.logBatch(id, { metrics: [point('loss', 3, [0, 10])] });
    expect(await store.metricHistory(id, 'loss')).toEqual([
      point('loss', 3, [0, 10]),
      point('loss', 2, [1, 20]),
      point('loss', 1.5, [2, 20]),
    ]);
    expect(await store.metricHistory(newRunId(), 'loss')).toEqual([]);
  });

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0.1,
    1e-308,
    Number.MAX_VALUE,
    2 ** 53,
  ])(`${label}: the metric %d is kept as it is`, async (value) => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    await store.logBatch(id, { metrics: [point('m', value, [-3, 50])] });
    expect(await store.metricHistory(id, 'm')).toEqual([point('m', value, [-3, 50])]);
    expect((await store.findRun(id))?.metrics).toEqual({ m: value });
  });

  test(`${label}: a batch of 1,000 metrics of one key and 1,000 of others is kept`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    const oneKey = Array.from({ length: 1000 }, (_, step) => point('loss', 1 / (step + 1), [step, step]));
    const others = Array.from({ length: 1000 }, (_, key) => point(`m${key}`, key));
    const params = Object.fromEntries(Array.from({ length: 1000 }, (_, key) => [`p${key}`, String(key)]));
    await store.logBatch(id, { metrics: [...oneKey, ...others], params });
    expect(await store.metricHistory(id, 'loss')).toEqual(oneKey);
    const run = await store.findRun(id);
    expect(run?.metrics).toEqual({
      loss: 0.001,
      ...Object.fromEntries(others.map(({ key, value }) => [key, value])),
    });
    expect(run?.params).toEqual(params);
  });

  test(`${label}: batches that come at once are all kept`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    const points = Array.from({ length: 40 }, (_, step) => point('loss', step, [step, step]));
    await Promise.all(
      points.map((one) => store.logBatch(id, { metrics: [one], params: { [`p${one.step}`]: 'x' } })),
    );
    expect(await store.metricHistory(id, 'loss')).toEqual(points);
    const run = await store.findRun(id);
    expect(run?.metrics).toEqual({ loss: 39 });
    expect(Object.keys(run?.params ?? {})).toHaveLength(40);
  });

  test(`${label}: of two who give a param different values at once, one wins and the other writes nothing`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    const writes = ['1', '2'].map((seed) =>
      store.logBatch(id, { params: { seed }, tags: { [seed]: 'here' } }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const run = await store.findRun(id);
    expect(run?.tags).toEqual({ [run?.params['seed'] ?? '']: 'here' });
  });
}

function lists(label: string, open: Open): void {
  test(`${label}: lists the latest first, within a limit and before a time`, async () => {
    await using opened = await open();
    const { store } = opened;
    const ids: RunId[] = [];
    for (const startedAt of [10, 30, 20]) ids.push(await startRun(store, { startedAt }));
    const [at10, at30, at20] = ids;
    expect(await listed(store, { limit: 10 })).toEqual([at30, at20, at10]);
    expect(await listed(store, { limit: 2 })).toEqual([at30, at20]);
    expect(await listed(store, { limit: 10, startedBefore: 30 })).toEqual([at20, at10]);
    expect(await listed(store, { limit: 10, startedBefore: 10 })).toEqual([]);
    expect(await listed(store, { limit: 0 })).toEqual([]);
  });

  test(`${label}: lists by experiment and by parent, each run with its own params, metrics and tags`, async () => {
    await using opened = await open();
    const { store } = opened;
    const root = await startRun(store, { startedAt: 1 });
    const child = await startRun(store, { startedAt: 2, parentId: root, tags: { of: 'child' } });
    const grandchild = await startRun(store, { startedAt: 3, parentId: child });
    const other = await store.ensureExperiment('other', 0);
    const elsewhere = await startRun(store, { startedAt: 4, experimentId: other.id });
    await store.logBatch(child, { params: { depth: '6' }, metrics: [point('mae', 1)] });
    await store.logBatch(grandchild, { params: { depth: '9' }, metrics: [point('mae', 2)] });
    const { id: experimentId } = await store.ensureExperiment('t20', 0);

    expect(await listed(store, { experimentId, limit: 10 })).toEqual([grandchild, child, root]);
    expect(await listed(store, { experimentId: other.id, limit: 10 })).toEqual([elsewhere]);
    expect(await listed(store, { parentId: null, limit: 10 })).toEqual([elsewhere, root]);
    expect(await listed(store, { parentId: null, experimentId, limit: 10 })).toEqual([root]);
    expect(await listed(store, { parentId: root, limit: 10 })).toEqual([child]);
    const all = await store.listRuns({ experimentId, limit: 10 });
    expect(all.map(({ params, metrics, tags }) => ({ params, metrics, tags }))).toEqual([
      { params: { depth: '9' }, metrics: { mae: 2 }, tags: {} },
      { params: { depth: '6' }, metrics: { mae: 1 }, tags: { of: 'child' } },
      { params: {}, metrics: {}, tags: {} },
    ]);
  });
}

function graphs(label: string, open: Open): void {
  test(`${label}: tasks are added and replaced by name, and listed in the order of the graph`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    await store.saveTasks(id, [waiting('train', 2), waiting('split', 1)]);
    await store.saveTasks(id, [done, waiting('fetch', 0)]);
    expect(await store.listTasks(id)).toEqual([waiting('fetch', 0), waiting('split', 1), done]);
    await store.saveTasks(id, []);
    expect(await store.listTasks(newRunId())).toEqual([]);
    await expect(store.saveTasks(newRunId(), [done])).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: datasets are added; what has a direction and name already stays as it was`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    const rows: RunDataset = { direction: 'input', name: 'rows', digest: digestOf('rows'), task: 'innings' };
    const model: RunDataset = {
      direction: 'output',
      name: 'model',
      digest: digestOf('model'),
      task: 'train',
    };
    const made: RunDataset = { ...rows, direction: 'output' };
    await store.saveDatasets(id, [model, rows]);
    await store.saveDatasets(id, [made, { ...rows, digest: digestOf('others') }]);
    expect(await store.listDatasets(id)).toEqual([rows, model, made]);
    expect(await store.listDatasets(newRunId())).toEqual([]);
    await expect(store.saveDatasets(newRunId(), [rows])).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  test(`${label}: datasets that a run read are logged once, for a run that is there`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(store);
    const input = {
      dataset: { name: 'rows', digest: 'd1', sourceType: 'modelyard', source: '{}' },
      tags: [{ key: 'mlflow.data.context', value: 'training' }],
    };
    await store.logInputs(id, [input]);
    await store.logInputs(id, [input]);
    await store.logInputs(id, []);
    await expect(store.logInputs(newRunId(), [input])).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
}

const done: RunTask = {
  task: 'train',
  operation: 'fit',
  declared: { kind: 'model', name: 'score' },
  position: 2,
  status: 'failed',
  key: digestOf('key'),
  startedAt: 5,
  endedAt: 9,
  needs: ['split'],
  code: ['toFeatures in innings.ts'],
  outputs: { model: digestOf('model') },
  facts: { rows: 12_480, note: 'ünïcode', nested: { list: [1, null, 'x'] } },
  error: {
    code: 'STEP_FAILED',
    message: 'step failed',
    detail: { field: 'train', value: 1, remedy: 'Look.' },
  },
};

function waiting(task: string, position: number): RunTask {
  const nothing = { key: undefined, startedAt: undefined, endedAt: undefined, error: undefined };
  const declared = { kind: 'source', name: task };
  const planned = { task, operation: 'fetch', declared, position, needs: [], code: [] };
  return { ...planned, status: 'waiting', outputs: {}, facts: {}, ...nothing };
}

/** Of step 0 at the time 50, where no others are given. */
function point(
  key: string,
  value: number,
  [step, timestamp]: readonly [number, number] = [0, 50],
): MetricPoint {
  return { key, value, step, timestamp };
}

async function startRun(store: TrackingStore, run: Partial<NewRun> = {}): Promise<RunId> {
  const experiment = await store.ensureExperiment('t20', 0);
  const id = newRunId();
  await store.createRun({ id, experimentId: experiment.id, name: 'calm-otter', startedAt: 100, ...run });
  return id;
}

async function listed(
  store: TrackingStore,
  filter: Parameters<TrackingStore['listRuns']>[0],
): Promise<readonly RunId[]> {
  return (await store.listRuns(filter)).map(({ id }) => id);
}
