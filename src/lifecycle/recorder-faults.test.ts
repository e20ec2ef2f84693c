import { expect, test } from 'vitest';
import type { Run } from '../tracking/model.ts';
import type { TrackingStore } from '../tracking/store.ts';
import { type Houses, housesProject, openHouses } from './houses.fixture.ts';

type Write = 'createRun' | 'logBatch' | 'saveTasks' | 'saveDatasets' | 'endRun';

const searching = housesProject({ search: { trials: 2, space: { depth: [2, 4] } } });

/** Every run, the pipeline's first. */
async function allRuns({ tracking }: Houses, parentId: Run['id'] | null = null): Promise<readonly Run[]> {
  const runs = await tracking.listRuns({ parentId, limit: 100 });
  const nested = await Promise.all(runs.map(({ id }) => allRuns({ tracking } as Houses, id)));
  return [...runs, ...nested.flat()];
}

/** A store whose calls of one method fail, from the `from`th on, `times` times. */
function failing(
  store: TrackingStore,
  method: Write,
  { from, times = 1 }: { readonly from: number; readonly times?: number },
): TrackingStore {
  let calls = 0;
  const call = store[method].bind(store) as (...given: readonly unknown[]) => Promise<void>;
  return {
    ...store,
    async [method](...given: readonly unknown[]) {
      calls += 1;
      if (calls >= from && calls < from + times) throw new Error(`${method} ${calls} found no room`);
      await call(...given);
    },
  };
}

test.each<[Write, number]>([
  ['createRun', 2],
  ['createRun', 3],
  ['saveTasks', 1],
  ['saveTasks', 2],
  ['saveTasks', 9],
  ['logBatch', 1],
  ['logBatch', 3],
  ['logBatch', 4],
  ['saveDatasets', 1],
])('when %s fails at call %i, no run says that it is complete or still running', async (method, from) => {
  await using houses = await openHouses();
  const sound = houses.tracking;
  houses.tracking = failing(sound, method, { from });
  await expect(houses.run(searching)).rejects.toThrow(`${method} ${from} found no room`);
  houses.tracking = sound;
  const [run, ...nested] = await allRuns(houses);
  expect(run?.status).toBe('FAILED');
  expect(nested.filter(({ status }) => status === 'RUNNING')).toEqual([]);
});

test('one write that fails costs no other', async () => {
  await using houses = await openHouses();
  const sound = houses.tracking;
  houses.tracking = failing(sound, 'logBatch', { from: 1 });
  await expect(houses.run(housesProject())).rejects.toThrow('logBatch 1 found no room');
  houses.tracking = sound;
  const [run, training] = await allRuns(houses);
  expect(training, 'the metrics that came after the params').toMatchObject({
    status: 'FAILED',
    params: {},
    metrics: { mae: expect.any(Number), testRows: 40 },
  });
  const tasks = run ? await sound.listTasks(run.id) : [];
  expect(tasks.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'done'));
});

test('the end of a run is tried again, and one that cannot be written keeps no other from its end', async () => {
  await using houses = await openHouses();
  const sound = houses.tracking;
  houses.tracking = failing(sound, 'endRun', { from: 1, times: 2 });
  await houses.run(housesProject());
  expect((await allRuns(houses)).map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED']);

  houses.tracking = failing(sound, 'endRun', { from: 1, times: 3 });
  await expect(houses.run(housesProject({ metrics: ['mae'] }))).rejects.toThrow('endRun 3 found no room');
  houses.tracking = sound;
  const [latest] = await sound.listRuns({ parentId: null, limit: 1 });
  expect(latest?.status, 'the training could not be ended, the run could').toBe('FAILED');
});

test('a metric that is no number is one in a cache hit too, and in the version', async () => {
  await using houses = await openHouses();
  const oneTestRow = housesProject({ split: { by: 'sold', test: { from: '2020-07-18' } } });
  const abort = new AbortController();
  await houses.run(oneTestRow, {
    signal: abort.signal,
    observer: {
      began() {},
      event() {},
      changed: ({ task, status }) => {
        if (task === 'house-price.evaluate' && status === 'done') abort.abort();
      },
    },
  });
  const { states, runId } = await houses.run(oneTestRow);
  expect(states.get('house-price.evaluate')?.status).toBe('hit');
  const [training] = await houses.tracking.listRuns({ parentId: runId ?? null, limit: 10 });
  expect(training?.metrics).toMatchObject({ testRows: 1, r2: Number.NaN, mae: expect.any(Number) });
  const [version] = await houses.registry.listPipelineVersions('house-price');
  expect(version?.metrics).toMatchObject({ r2: Number.NaN });
});
