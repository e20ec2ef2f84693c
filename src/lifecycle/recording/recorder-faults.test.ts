import { expect, test } from 'vitest';
import type { RunId } from '../../kernel/ids.ts';
import type { TrackingStores } from '../../tracking/stores.ts';
import { type Houses, housesProject, openHouses, type RecordedRun, runsNestedIn } from '../houses.fixture.ts';

/** Methods of the stores by which a run is written. */
const writes = {
  create: 'runs',
  log: 'runs',
  end: 'runs',
  link: 'runs',
  saveTasks: 'tasks',
  saveDatasets: 'tasks',
} as const;
type Write = keyof typeof writes;

const searching = housesProject({ search: { trials: 2, space: { depth: [2, 4] } } });

/** Every run, the pipeline's first. */
async function allRuns(
  houses: Pick<Houses, 'tracking'>,
  parentId: RunId | null = null,
): Promise<readonly RecordedRun[]> {
  const runs = await runsNestedIn(houses, parentId);
  const nested = await Promise.all(runs.map(({ id }) => allRuns(houses, id)));
  return [...runs, ...nested.flat()];
}

/** Stores whose calls of one method fail, from the `from`th on, `times` times. */
function failing(
  stores: TrackingStores,
  method: Write,
  { from, times = 1 }: { readonly from: number; readonly times?: number },
): TrackingStores {
  let calls = 0;
  const name = writes[method];
  const store = stores[name] as unknown as Record<Write, (...given: readonly unknown[]) => Promise<unknown>>;
  return {
    ...stores,
    [name]: {
      ...store,
      async [method](...given: readonly unknown[]) {
        calls += 1;
        if (calls >= from && calls < from + times) throw new Error(`${method} ${calls} found no room`);
        return store[method](...given);
      },
    },
  };
}

test.each<[Write, number]>([
  ['create', 2],
  ['create', 3],
  ['saveTasks', 1],
  ['saveTasks', 2],
  ['saveTasks', 9],
  ['log', 1],
  ['log', 3],
  ['log', 4],
  ['saveDatasets', 1],
  ['link', 1],
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
  houses.tracking = failing(sound, 'log', { from: 1 });
  await expect(houses.run(housesProject())).rejects.toThrow('log 1 found no room');
  houses.tracking = sound;
  const [run, training] = await allRuns(houses);
  expect(training, 'the metrics that came after the params').toMatchObject({
    status: 'FAILED',
    params: {},
    metrics: { mae: expect.any(Number), testRows: 40 },
  });
  const tasks = run ? await sound.tasks.listTasks(run.id) : [];
  expect(tasks.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'done'));
});

test('the end of a run is tried again, and one that cannot be written keeps no other from its end', async () => {
  await using houses = await openHouses();
  const sound = houses.tracking;
  houses.tracking = failing(sound, 'end', { from: 1, times: 4 });
  await houses.run(housesProject());
  expect((await allRuns(houses)).map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED']);

  houses.endPauses = [0, 0];
  houses.tracking = failing(sound, 'end', { from: 1, times: 3 });
  await expect(houses.run(housesProject({ metrics: ['mae'] }))).rejects.toThrow('end 3 found no room');
  houses.tracking = sound;
  const [latest] = await runsNestedIn(houses, null);
  expect(latest?.status, 'the training could not be ended, the run could').toBe('FAILED');
});

test('a run that is deleted while it is running says what is missing, and ends FAILED', async () => {
  await using houses = await openHouses();
  houses.before = async ({ task }) => {
    if (task !== 'house-price.train') return;
    const [run] = await runsNestedIn(houses, null);
    const [training] = run ? await runsNestedIn(houses, run.id) : [];
    if (training) await houses.tracking.runs.delete(training.id, 1);
  };
  await expect(houses.run(searching)).rejects.toMatchObject({ code: 'NOT_ACTIVE' });
  const [run] = await runsNestedIn(houses, null);
  expect(run?.status).toBe('FAILED');
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
  const [training] = await runsNestedIn(houses, runId ?? null);
  expect(training?.metrics).toMatchObject({ testRows: 1, r2: Number.NaN, mae: expect.any(Number) });
  const [version] = await houses.registry.listPipelineVersions('house-price');
  expect(version?.metrics).toMatchObject({ r2: Number.NaN });
});
