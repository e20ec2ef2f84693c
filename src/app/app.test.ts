import { expect, test } from 'vitest';
import type { Database } from '../adapters/sql/database.ts';
import { sqlRegistryStore } from '../adapters/sql/registry/registry-store.ts';
import { sqlTrackingStores } from '../adapters/sql/tracking/tracking-stores.ts';
import { digestOf } from '../kernel/digest.ts';
import { newPredictionId } from '../kernel/ids.ts';
import { operations } from '../lifecycle/operations/all.ts';
import { clientVersion, copyOfFirst, housesProject, versionOf } from '../lifecycle/houses.fixture.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { openHousesApp } from './houses-app.fixture.ts';
import { modelView } from './model-views.ts';
import { PlatformError } from '../kernel/errors.ts';
import { putAlias, removeAlias } from '../registry/store.fixture.ts';

const price = housesProject();
const searching = housesProject({ search: { trials: 2, space: { depth: [2, 4] } } });
const failing = housesProject({
  features: (() => {
    throw new RangeError('mine');
  }) as never,
});
const start = { project: 'houses', by: 'person' } as const;

test('before the first run everything waits, and the endpoint asks as the project declares', async () => {
  await using host = await openHousesApp(price);
  const { app } = host;
  const view = await app.getProject({ project: 'houses' });
  expect(view).toMatchObject({ title: 'Houses', activeRun: null, problem: null, simulated: [] });
  expect(new Set(view.tasks.map(({ status }) => status))).toEqual(new Set(['waiting']));
  expect(view.models).toMatchObject([{ name: 'house-price', live: null, versions: [], history: [] }]);
  expect(await app.listRuns({ project: 'houses', limit: 20 })).toEqual({ runs: [], next: null });
  expect(await app.getEndpoint({ endpoint: 'house-price' })).toMatchObject({
    version: null,
    promotedAt: null,
    trainedOn: null,
    metrics: [],
    target: { name: 'price', title: 'Price', unit: 'EUR' },
    examples: [{ size: 80, garden: true }],
  });
  await expect(app.predict({ endpoint: 'house-price', request: {} })).rejects.toMatchObject({
    code: 'NOT_READY',
  });
});

test('a run tells what it did: the run, its tasks, the verdict, the version and the trials', async () => {
  await using host = await openHousesApp(searching);
  const { app } = host;
  const outcome = await host.run(start);
  const id = outcome.run?.id ?? '';
  expect(outcome.run).toMatchObject({
    status: 'FINISHED',
    why: 'you',
    failed: null,
    models: [
      {
        model: 'house-price',
        version: 1,
        verdict: {
          summary: expect.stringMatching(
            /^promoted: the first version; MAE is [\d,.]+ ± [\d,.]+ EUR lower than always/,
          ),
        },
      },
    ],
  });
  expect(outcome.verdicts).toMatchObject([{ model: 'house-price', version: 1, alias: 'prod' }]);
  expect(outcome.tasks.map(({ task, summary }) => `${task}: ${summary}`)).toEqual([
    expect.stringMatching(/^listings\.fetch: 1 file, [\d.]+ kB$/),
    'listings: 200 rows',
    'houses: 200 rows',
    'house-price.features: 2 features',
    'house-price.split: 160 rows to learn, 40 to test (160 and 40 by id)',
    expect.stringMatching(/^house-price\.search: 2 trials, best [12]$/),
    expect.stringMatching(/^house-price\.train: \d+ trees$/),
    expect.stringMatching(/^house-price\.evaluate: MAE [\d,.]+ ± [\d,.]+$/),
    'house-price.gate: version 1',
  ]);

  const run = await app.getRun({ run: id });
  expect(
    run.tasks.map(({ task, operation, label, declared }) => [task, operation, label, declared.kind]),
  ).toEqual(
    outcome.tasks.map(({ task, operation, label, declared }) => [task, operation, label, declared.kind]),
  );
  expect(run.trials.map(({ index }) => index)).toEqual([0, 1]);
  expect(run.params['trees']).toMatch(/^\d+$/);
  const shares = run.importances.map(({ share }) => share);
  expect(shares.reduce((total, share) => total + share, 0)).toBeCloseTo(1);
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  for (const within of [run.models[0]?.runId ?? '', run.trials[0]?.runId ?? ''])
    expect((await app.getRun({ run: within })).id, 'whatever in it is asked for').toBe(id);

  expect(await app.listRuns({ project: 'houses', limit: 20 })).toMatchObject({ runs: [{ id }], next: null });
  const model = await app.getModel({ model: 'house-price' });
  expect(model.live).toMatchObject({ version: 1, aliases: ['prod'], runId: id });
  expect(model.live?.metrics[0]).toMatchObject({ name: 'mae', title: 'MAE', unit: 'EUR', better: 'lower' });
  expect(model.history).toMatchObject([{ alias: 'prod', from: null, to: 1, by: 'gate' }]);
  expect(await app.getEndpoint({ endpoint: 'house-price' })).toMatchObject({
    version: 1,
    promotedAt: model.history[0]?.movedAt,
    trainedOn: { rows: 160, groups: 160, from: '2020-01-01', to: '2020-06-08' },
    metrics: [{ name: 'mae' }, { name: 'r2' }],
  });
  expect(host.counted).toContain('modelyard_pipeline_runs_total houses FINISHED');
});

test('a run publishes its events while it is running', async () => {
  await using host = await openHousesApp(price);
  await host.run(start);
  const published = host.events.map((event) =>
    event.type === 'task' ? `${event.task.task} ${event.task.status}` : event.type,
  );
  expect(published.filter((each) => each.startsWith('house-price.train'))).toEqual(
    expect.arrayContaining([
      'house-price.train waiting',
      'house-price.train running',
      'house-price.train done',
    ]),
  );
  expect(host.events).toContainEqual({
    type: 'alias',
    project: 'houses',
    model: 'house-price',
    alias: 'prod',
    version: 1,
  });
  expect(host.events.findLast(({ type }) => type === 'run')).toMatchObject({ run: { status: 'FINISHED' } });
  expect(published.slice(-2)).toEqual(['project', 'job']);
});

test('one run at a time; a stopped run is KILLED, and the next one starts', async () => {
  await using host = await openHousesApp(price);
  const { app, houses } = host;
  const reached = new Promise<void>((resolve) => {
    houses.before = ({ task }, signal) => {
      if (task !== 'house-price.train') return Promise.resolve();
      resolve();
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('killed'))),
      );
    };
  });
  const running = host.run(start);
  await reached;
  const waiting = await app.startRun(start);
  expect(waiting).toMatchObject({ status: 'queued', startedAt: null });
  await expect(host.project().run({ why: 'you' })).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
  expect((await app.getProject({ project: 'houses' })).activeRun).toMatchObject({ status: 'RUNNING' });
  expect(await app.cancelRun({ run: waiting.id })).toMatchObject({ status: 'cancelled' });
  await host.project().stop();
  expect((await running).run).toMatchObject({ status: 'KILLED', failed: null });
  expect((await app.getProject({ project: 'houses' })).activeRun).toBeNull();

  houses.before = async () => {};
  expect((await host.run(start)).run).toMatchObject({ status: 'FINISHED' });
  expect(host.counted.filter((each) => each.startsWith('modelyard_pipeline_runs_total'))).toEqual([
    'modelyard_pipeline_runs_total houses KILLED',
    'modelyard_pipeline_runs_total houses FINISHED',
  ]);
});

test('a run of a part tells of that part alone, whatever went before', async () => {
  await using host = await openHousesApp(failing);
  const { app } = host;
  const failed = await host.run(start);
  expect(failed.run).toMatchObject({
    status: 'FAILED',
    failed: { task: 'house-price.features', error: { message: expect.stringContaining('mine') } },
  });
  const part = await host.run({ ...start, target: 'houses' });
  expect(part.tasks.map(({ task, status }) => `${task} ${status}`)).toEqual([
    'listings.fetch hit',
    'listings hit',
    'houses hit',
  ]);
  await expect(app.startRun({ ...start, target: 'hoems' })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
});

test('a promoted version that does not load leaves the run and the old version as they are', async () => {
  await using host = await openHousesApp(price);
  await host.run(start);
  const before = await host.app.predict({ endpoint: 'house-price', request: { size: 80, garden: true } });
  await host.host(housesProject({ trainer: boostedTrees({ trees: 60, depth: 3, minLeafRows: 5 }) }));
  const endpoint = host.project().endpoints.get('house-price');
  if (!endpoint) throw new Error('no endpoint');
  Object.assign(endpoint, { refresh: () => Promise.reject(new Error('its code does not parse')) });
  const outcome = await host.run(start);
  expect(outcome.verdicts).toMatchObject([{ version: 2, decision: { kind: 'promote' } }]);
  expect(host.errors).toContain('a version could not be loaded; the previous version stays live');
  expect(
    await host.app.predict({ endpoint: 'house-price', request: { size: 80, garden: true } }),
  ).toMatchObject({
    version: 1,
    kind: 'number',
    prediction: before.prediction,
  });
});

test('an alias to a version that cannot be served is reported with the version that is served', async () => {
  await using host = await openHousesApp(price);
  const { app, houses } = host;
  await host.run(start);
  const put = (version: number): Promise<unknown> =>
    putAlias(houses.registry, { model: 'house-price', alias: 'prod', version }, { by: 'asha', at: 5 });
  const { version } = await houses.registry.createVersion(clientVersion());
  const before = host.events.length;
  await put(version);
  await host.followed();
  const problem = { code: 'MODEL_UNSUPPORTED', message: expect.stringContaining('version 2') };
  expect(await app.getModel({ model: 'house-price' })).toMatchObject({ live: { version: 1 }, problem });
  expect(await app.getProject({ project: 'houses' })).toMatchObject({
    models: [{ live: { version: 1 }, problem }],
  });
  const view = await app.getEndpoint({ endpoint: 'house-price' });
  expect(view).toMatchObject({ version: 1, problem });
  expect(view.promotedAt, 'since version 1 went live').toBeLessThan(Date.UTC(2027, 0, 1));
  expect(view.promotedAt).not.toBe(5);
  expect(host.errors).toEqual(['a version could not be loaded; the previous version stays live']);
  const alias = { type: 'alias', project: 'houses', model: 'house-price', alias: 'prod' };
  expect(host.events.slice(before)).toEqual([{ ...alias, version }]);

  await put(1);
  await host.followed();
  expect(await app.getModel({ model: 'house-price' })).toMatchObject({ live: { version: 1 }, problem: null });
  await host.project().follow({ model: 'none', alias: 'prod', from: 1, to: 2, by: 'asha', movedAt: 5 });
});

test('a copy under another name is served, and explained by the run that trained it', async () => {
  await using host = await openHousesApp(price);
  await host.run(start);
  const { houses } = host;
  const copied = { ...(await copyOfFirst(houses)), model: 'flat-price' };
  await houses.registry.createModel({ name: 'flat-price', description: '', tags: {}, at: 1 });
  await houses.registry.createVersion(copied);
  await putAlias(houses.registry, { model: 'flat-price', alias: 'prod', version: 1 }, { by: 'asha', at: 5 });
  await host.host(housesProject({ name: 'flat-price' }));
  const { app } = host;
  expect(await app.getModel({ model: 'flat-price' })).toMatchObject({ live: { version: 1 }, problem: null });
  const prediction = await app.predict({ endpoint: 'flat-price', request: { size: 80, garden: true } });
  const explained = await app.explain({ prediction: prediction.predictionId });
  expect(explained.version).toMatchObject({ model: 'flat-price', version: 1, aliases: ['prod'] });
  expect(explained.tasks.map(({ task }) => task)).toContain('house-price.train');
  expect(explained.rawFiles).toMatchObject([{ name: 'houses.csv' }]);
});

test('a prediction is explained back to its raw bytes, as the version answered then', async () => {
  await using host = await openHousesApp(price);
  const { app } = host;
  await host.run(start);
  const request = { size: 80, garden: true };
  const prediction = await app.predict({ endpoint: 'house-price', request });
  expect(prediction).toMatchObject({
    endpoint: 'house-price',
    model: 'house-price',
    version: 1,
    unit: 'EUR',
  });
  await host.host(housesProject({ trainer: boostedTrees({ trees: 60, depth: 3, minLeafRows: 5 }) }));
  await host.run(start);

  const explained = await app.explain({ prediction: prediction.predictionId });
  expect(explained.prediction).toMatchObject({
    ...prediction,
    cached: false,
    request,
    at: expect.any(Number),
  });
  expect(explained.version).toMatchObject({ version: 1, aliases: [] });
  expect(explained.run.models).toMatchObject([{ version: 1 }]);
  expect(explained.tasks.map(({ task, operation }) => `${task} ${operation}`)).toEqual([
    'listings.fetch fetch',
    'listings read',
    'houses step',
    'house-price.features features',
    'house-price.split split',
    'house-price.train train',
  ]);
  expect(explained.tasks.find(({ task }) => task === 'houses')?.outputs).toMatchObject([
    { kind: 'table', rows: 200 },
  ]);
  const [file] = explained.rawFiles;
  expect(file).toMatchObject({ source: 'listings', name: 'houses.csv', simulated: false, etag: null });
  expect((await host.houses.blobs.read(file?.digest as never)).length).toBe(file?.size);
});

test('a prediction of a deleted model is not explained by a later version with its number', async () => {
  await using host = await openHousesApp(price);
  const { app } = host;
  await host.run(start);
  const { predictionId } = await app.predict({
    endpoint: 'house-price',
    request: { size: 80, garden: true },
  });
  await host.houses.registry.deleteModel('house-price', { by: 'asha', at: 5 });
  await host.host(housesProject({ trainer: boostedTrees({ trees: 60, depth: 3, minLeafRows: 5 }) }));
  await host.run(start);
  expect(await app.getModel({ model: 'house-price' })).toMatchObject({ live: { version: 1 } });
  await expect(app.explain({ prediction: predictionId })).rejects.toMatchObject({
    code: 'VERSION_NOT_FOUND',
    detail: { field: 'version of house-price', value: 1 },
  });
});

test('an explanation says whether the prediction came from the cache', async () => {
  await using host = await openHousesApp(housesProject({ serve: { cache: '1h' } }));
  const { app } = host;
  await host.run(start);
  const request = { size: 80, garden: true };
  for (const cached of [false, true]) {
    const prediction = await app.predict({ endpoint: 'house-price', request });
    const explained = await app.explain({ prediction: prediction.predictionId });
    expect(explained.prediction).toMatchObject({ ...prediction, cached });
  }
});

test('an unknown name is refused with the known ones', async () => {
  await using host = await openHousesApp(price);
  const { app } = host;
  await host.run(start);
  const refusals: readonly (readonly [() => Promise<unknown>, string, RegExp])[] = [
    [() => app.getProject({ project: 'home' }), 'PROJECT_NOT_FOUND', /Choose from houses \(project: /],
    [
      () => app.listRuns({ project: 'home', limit: 1 }),
      'PROJECT_NOT_FOUND',
      /Choose from houses \(project: /,
    ],
    [() => app.startRun({ project: 'home' }), 'PROJECT_NOT_FOUND', /Choose from houses \(project: /],
    [
      () => app.getModel({ model: 'prices' }),
      'MODEL_NOT_FOUND',
      /Choose from house-price.*\(model: "prices"/,
    ],
    [() => app.getEndpoint({ endpoint: 'prices' }), 'MODEL_NOT_FOUND', /\(endpoint: "prices"/],
    [() => app.predict({ endpoint: 'prices', request: {} }), 'MODEL_NOT_FOUND', /\(endpoint: "prices"/],
    [() => app.getRun({ run: 'f'.repeat(32) }), 'RUN_NOT_FOUND', /list of runs/],
    [
      () => app.explain({ prediction: newPredictionId(1) }),
      'PREDICTION_NOT_FOUND',
      /Give the predictionId of a prediction/,
    ],
    [() => app.explain({ prediction: '../../etc/passwd' }), 'PREDICTION_NOT_FOUND', /etc\/passwd/],
  ];
  for (const [refused, code, says] of refusals) {
    await expect(refused()).rejects.toMatchObject({ code, status: 404 });
    await expect(refused()).rejects.toThrow(says);
  }
});

test('runs that an older build stored in a circle of parents are shown, and the request ends', async () => {
  await using host = await openHousesApp(price);
  const { run } = await host.run(start);
  const { database } = host.houses;
  const id = run?.id ?? '';
  await database.transaction((open) =>
    open.run([database.sql.updateTable('runs').set({ parent_id: id }).where('id', '=', id)]),
  );
  expect(await host.app.getRun({ run: id })).toMatchObject({ id });
});

test('the page of a model takes as many reads for 60 versions as for one', async () => {
  await using host = await openHousesApp(price);
  await host.run(start);
  const { houses } = host;
  const [model] = price.models;
  const first = await versionOf(houses, 1);
  if (!model) throw new Error('the project has no model');
  const readsOf = async (): Promise<number> => {
    let reads = 0;
    const database: Database = {
      ...houses.database,
      read(queries) {
        reads += 1;
        return houses.database.read(queries);
      },
    };
    const stores = {
      tracking: sqlTrackingStores(database),
      registry: sqlRegistryStore(database),
      operations,
    };
    await modelView(model, undefined, stores);
    return reads;
  };
  const ofOne = await readsOf();
  for (let count = 0; count < 59; count += 1)
    await houses.registry.register({ ...first, folder: digestOf(`folder ${count}`) });
  expect(await readsOf()).toBe(ofOne);
  expect((await host.app.getModel({ model: model.name })).versionCount).toBe(60);
});

test('an alias that another process moved is followed, and a problem is logged once', async () => {
  await using host = await openHousesApp(price);
  await host.run({ project: 'houses' });
  const project = host.project();
  const endpoint = project.endpoints.get('house-price');
  const elsewhere = sqlRegistryStore(host.houses.database);
  const move = { model: 'house-price', alias: 'prod', by: 'another process', movedAt: 5 };
  await removeAlias(elsewhere, move, { by: 'another process', at: 5 });
  expect(endpoint?.current()?.version.version, 'nobody has looked').toBe(1);
  const eventsBefore = host.events.length;
  await project.followAll();
  expect(endpoint?.current()).toBeUndefined();
  expect(host.events.slice(eventsBefore)).toEqual([{ type: 'project', project: 'houses' }]);
  await elsewhere.moveAlias({ ...move, from: undefined, to: 1 });
  const { blobs } = host.houses;
  const read = blobs.read.bind(blobs);
  blobs.read = async () => {
    throw new PlatformError('NOT_READY', { field: 'bucket', value: 'b', remedy: 'Try again.' });
  };
  await project.followAll();
  await project.followAll();
  expect(host.errors).toEqual(['a version could not be loaded; the previous version stays live']);
  expect(endpoint?.problem()).toMatchObject({ code: 'NOT_READY' });
  blobs.read = read;
  await project.followAll();
  expect([endpoint?.current()?.version.version, endpoint?.problem()]).toEqual([1, undefined]);
});
