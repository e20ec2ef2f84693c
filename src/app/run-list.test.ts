import { expect, test } from 'vitest';
import type { Database } from '../adapters/sql/database.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { sqlTrackingStores } from '../adapters/sql/tracking/tracking-stores.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { operations } from '../lifecycle/operations/all.ts';
import { keyValues } from '../tracking/run-entries.ts';
import { pageBytes } from '../tracking/run-limits.ts';
import { type HousesApp, openHousesApp } from './houses-app.fixture.ts';
import { runRows } from './run-views.ts';

const project = housesProject();

/** Stores copies of the first run of the project, with its training and its tasks. */
async function copyRun({ houses }: HousesApp, id: RunId, padding: string): Promise<string> {
  const { runs, tasks } = houses.tracking;
  const first = await runs.get(id);
  const [training] = (await runs.list({ parentIds: [id], limit: 1 })).runs;
  if (!first || !training) throw new Error('the project has no run');
  const { experimentId, startedAt } = first.info;
  const copy = newRunId();
  const fields = { experimentId, startedAt, startedBy: 'pipeline' } as const;
  const tags = keyValues({ 'modelyard.project': 'houses', padding });
  await runs.create({ ...fields, id: copy, name: 'copy', tags });
  await tasks.saveTasks(copy, await tasks.listTasks(id));
  const nested = newRunId();
  const named = keyValues({ 'modelyard.model': 'house-price' });
  await runs.create({ ...fields, id: nested, name: 'training', parentId: copy, tags: [...tags, ...named] });
  await runs.log(nested, { metrics: training.metrics });
  return copy;
}

test('the list of runs takes as many reads for 40 runs as for one', async () => {
  await using host = await openHousesApp(project);
  const { run } = await host.run({ project: 'houses' });
  for (let copies = 0; copies < 39; copies += 1) await copyRun(host, run?.id as RunId, '');
  const { database } = host.houses;
  let reads = 0;
  const counted: Database = {
    ...database,
    read(queries) {
      reads += 1;
      return database.read(queries);
    },
  };
  const stores = { tracking: sqlTrackingStores(counted), registry: sqlRegistryStore(counted), operations };
  const rowsOf = async (limit: number) => {
    const { runs } = await host.houses.tracking.runs.list({ parentIds: null, limit });
    reads = 0;
    return { rows: await runRows(runs, project, stores), reads };
  };
  const [one, all] = [await rowsOf(1), await rowsOf(100)];
  expect(all.rows.length).toBe(40);
  expect(all.reads).toBe(one.reads);
  for (const { models } of all.rows)
    expect(models).toMatchObject([
      { model: 'house-price', version: 1, verdict: { id: 1 }, metrics: [{ name: 'mae' }, { name: 'r2' }] },
    ]);
});

test('pages have every run once with its models, also where the runs are large', async () => {
  await using host = await openHousesApp(project);
  const { run } = await host.run({ project: 'houses' });
  const ids = [run?.id ?? ''];
  for (let copies = 0; copies < 5; copies += 1)
    ids.push(await copyRun(host, run?.id as RunId, 'x'.repeat(pageBytes / 4)));
  const found: string[] = [];
  const lengths: number[] = [];
  let next: string | null = null;
  do {
    const page = await host.app.listRuns({
      project: 'houses',
      limit: 20,
      ...(next !== null && { after: next }),
    });
    found.push(...page.runs.map(({ id }) => id));
    lengths.push(page.runs.length);
    for (const { models } of page.runs) expect(models).toMatchObject([{ model: 'house-price', version: 1 }]);
    next = page.next;
  } while (next !== null);
  expect(lengths.length).toBeGreaterThan(1);
  expect(found.toSorted()).toEqual(ids.toSorted());
});

test('a cursor that no page returned is refused', async () => {
  await using host = await openHousesApp(project);
  for (const after of ['x', '17', '17-', '-ab'])
    await expect(host.app.listRuns({ project: 'houses', limit: 1, after })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { field: 'after', value: after },
    });
});

test('a run shows the trials of all pages, up to its limit, and whether there are more', async () => {
  await using host = await openHousesApp(project);
  const { run } = await host.run({ project: 'houses' });
  const { runs } = host.houses.tracking;
  const [training] = (await runs.list({ parentIds: [run?.id as RunId], limit: 1 })).runs;
  const { id: parentId, experimentId } = training?.info ?? { id: newRunId(), experimentId: '' };
  const addTrial = (index: number) =>
    runs.create({
      id: newRunId(),
      experimentId,
      name: 't',
      startedAt: index,
      parentId,
      tags: keyValues({
        'modelyard.trial': String(index),
        ...(index < 5 && { padding: 'x'.repeat(pageBytes / 4) }),
      }),
    });
  await Promise.all(Array.from({ length: 1000 }, (_, index) => addTrial(index)));
  const all = await host.app.getRun({ run: run?.id ?? '' });
  expect([all.trials.length, all.moreTrials]).toEqual([1000, false]);
  expect(all.trials.map(({ index }) => index)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  await addTrial(1000);
  const cut = await host.app.getRun({ run: run?.id ?? '' });
  expect([cut.trials.length, cut.moreTrials]).toEqual([1000, true]);
}, 120_000); // a thousand runs are written
