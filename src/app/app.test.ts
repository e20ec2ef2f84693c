import { expect, test } from 'vitest';
import { newPredictionId } from '../kernel/ids.ts';
import { clientVersion, copyOfFirst, homesProject } from '../lifecycle/homes.fixture.ts';
import { boostedTrees } from '../project/trainer.ts';
import { openHomesApp } from './homes-app.fixture.ts';

const price = homesProject();
const searching = homesProject({ search: { trials: 2, space: { depth: [2, 4] } } });
const failing = homesProject({
  features: (() => {
    throw new RangeError('mine');
  }) as never,
});
const start = { project: 'homes', why: 'you' } as const;

test('before the first run everything waits, and the endpoint asks as the project declares', async () => {
  await using host = await openHomesApp(price);
  const { app } = host;
  const view = await app.getProject({ project: 'homes' });
  expect(view).toMatchObject({ title: 'Homes', activeRun: null, problem: null, simulated: [] });
  expect(new Set(view.tasks.map(({ status }) => status))).toEqual(new Set(['waiting']));
  expect(view.models).toMatchObject([{ name: 'home-price', live: null, versions: [], history: [] }]);
  expect(await app.listRuns({ project: 'homes', limit: 20 })).toEqual([]);
  expect(await app.getEndpoint({ endpoint: 'home-price' })).toMatchObject({
    version: null,
    promotedAt: null,
    trainedOn: null,
    metrics: [],
    target: { name: 'price', title: 'Price', unit: 'EUR' },
    examples: [{ size: 80, garden: true }],
  });
  await expect(app.predict({ endpoint: 'home-price', request: {} })).rejects.toMatchObject({
    code: 'NOT_READY',
  });
});

test('a run tells what it did: the run, its tasks, the verdict, the version and the trials', async () => {
  await using host = await openHomesApp(searching);
  const { app } = host;
  const outcome = await app.startRun(start);
  const id = outcome.run?.id ?? '';
  expect(outcome.run).toMatchObject({
    status: 'FINISHED',
    why: 'you',
    failed: null,
    models: [{ model: 'home-price', version: 1, verdict: { summary: 'promoted: the first version' } }],
  });
  expect(outcome.verdicts).toMatchObject([{ model: 'home-price', version: 1, alias: 'prod' }]);
  expect(outcome.tasks.map(({ task, summary }) => `${task}: ${summary}`)).toEqual([
    expect.stringMatching(/^listings\.fetch: 1 file, [\d.]+ kB$/),
    'listings: 200 rows',
    'homes: 200 rows',
    'home-price.split: 160 rows to learn, 40 to test (160 and 40 by id)',
    'home-price.features: 2 features',
    expect.stringMatching(/^home-price\.search: 2 trials, best [12]$/),
    expect.stringMatching(/^home-price\.train: \d+ trees$/),
    expect.stringMatching(/^home-price\.evaluate: MAE [\d,.]+$/),
    'home-price.gate: version 1',
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

  expect(await app.listRuns({ project: 'homes', limit: 20 })).toMatchObject([{ id }]);
  const model = await app.getModel({ model: 'home-price' });
  expect(model.live).toMatchObject({ version: 1, aliases: ['prod'], runId: id });
  expect(model.live?.metrics[0]).toMatchObject({ name: 'mae', title: 'MAE', unit: 'EUR', better: 'lower' });
  expect(model.history).toMatchObject([{ alias: 'prod', from: null, to: 1, by: 'gate' }]);
  expect(await app.getEndpoint({ endpoint: 'home-price' })).toMatchObject({
    version: 1,
    promotedAt: model.history[0]?.movedAt,
    trainedOn: { rows: 160, groups: 160, from: '2020-01-01', to: '2020-06-08' },
    metrics: [{ name: 'mae' }, { name: 'r2' }],
  });
  expect(host.counted).toContain('modelyard_pipeline_runs_total homes FINISHED');
});

test('what happens in a run is told as it happens', async () => {
  await using host = await openHomesApp(price);
  await host.app.startRun(start);
  const told = host.events.map((event) =>
    event.type === 'task' ? `${event.task.task} ${event.task.status}` : event.type,
  );
  expect(told.filter((each) => each.startsWith('home-price.train'))).toEqual(
    expect.arrayContaining(['home-price.train waiting', 'home-price.train running', 'home-price.train done']),
  );
  expect(host.events).toContainEqual({
    type: 'alias',
    project: 'homes',
    model: 'home-price',
    alias: 'prod',
    version: 1,
  });
  expect(host.events.findLast(({ type }) => type === 'run')).toMatchObject({ run: { status: 'FINISHED' } });
  expect(told.at(-1)).toBe('project');
});

test('one run at a time; a run that is stopped says so, and the next goes on', async () => {
  await using host = await openHomesApp(price);
  const { app, homes } = host;
  const reached = new Promise<void>((resolve) => {
    homes.before = ({ task }, signal) => {
      if (task !== 'home-price.train') return Promise.resolve();
      resolve();
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('killed'))),
      );
    };
  });
  const running = app.startRun(start);
  await reached;
  await expect(app.startRun(start)).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
  expect((await app.getProject({ project: 'homes' })).activeRun).toMatchObject({ status: 'RUNNING' });
  await host.project().stop();
  expect((await running).run).toMatchObject({ status: 'KILLED', failed: null });
  expect((await app.getProject({ project: 'homes' })).activeRun).toBeNull();

  homes.before = async () => {};
  expect((await app.startRun(start)).run).toMatchObject({ status: 'FINISHED' });
  expect(host.counted.filter((each) => each.startsWith('modelyard_pipeline_runs_total'))).toEqual([
    'modelyard_pipeline_runs_total homes KILLED',
    'modelyard_pipeline_runs_total homes FINISHED',
  ]);
});

test('a run of a part tells of that part alone, whatever went before', async () => {
  await using host = await openHomesApp(failing);
  const { app } = host;
  const failed = await app.startRun(start);
  expect(failed.run).toMatchObject({
    status: 'FAILED',
    failed: { task: 'home-price.features', error: { message: expect.stringContaining('mine') } },
  });
  const part = await app.startRun({ ...start, target: 'homes' });
  expect(part.tasks.map(({ task, status }) => `${task} ${status}`)).toEqual([
    'listings.fetch hit',
    'listings hit',
    'homes hit',
  ]);
  await expect(app.startRun({ ...start, target: 'hoems' })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
});

test('a promoted version that does not load leaves the run and the old version as they are', async () => {
  await using host = await openHomesApp(price);
  await host.app.startRun(start);
  const before = await host.app.predict({ endpoint: 'home-price', request: { size: 80, garden: true } });
  await host.host(homesProject({ trainer: boostedTrees({ trees: 60, depth: 3, minLeafRows: 5 }) }));
  const endpoint = host.project().endpoints.get('home-price');
  if (!endpoint) throw new Error('no endpoint');
  Object.assign(endpoint, { refresh: () => Promise.reject(new Error('its code does not parse')) });
  const outcome = await host.app.startRun(start);
  expect(outcome.verdicts).toMatchObject([{ version: 2, decision: { kind: 'promote' } }]);
  expect(host.errors).toContain('a version could not be loaded; the one before it serves on');
  expect(
    await host.app.predict({ endpoint: 'home-price', request: { size: 80, garden: true } }),
  ).toMatchObject({
    version: 1,
    value: before.value,
  });
});

test('an alias at what cannot be served is told with the version that answers meanwhile', async () => {
  await using host = await openHomesApp(price);
  const { app, homes } = host;
  await app.startRun(start);
  const put = (version: number): Promise<unknown> =>
    homes.catalogue.putAlias({ model: 'home-price', alias: 'prod', version }, { by: 'asha', at: 5 });
  const { version } = await homes.catalogue.createVersion(clientVersion());
  await put(version);
  const before = host.events.length;
  await host.project().follow('home-price');
  const problem = { code: 'MODEL_UNSUPPORTED', message: expect.stringContaining('version 2') };
  expect(await app.getModel({ model: 'home-price' })).toMatchObject({ live: { version: 1 }, problem });
  expect(await app.getProject({ project: 'homes' })).toMatchObject({
    models: [{ live: { version: 1 }, problem }],
  });
  const view = await app.getEndpoint({ endpoint: 'home-price' });
  expect(view).toMatchObject({ version: 1, problem });
  expect(view.promotedAt, 'since version 1 went live').toBeLessThan(Date.UTC(2027, 0, 1));
  expect(view.promotedAt).not.toBe(5);
  expect(host.errors).toEqual(['a version could not be loaded; the one before it serves on']);
  expect(host.events.slice(before)).toEqual([{ type: 'project', project: 'homes' }]);

  await put(1);
  await host.project().follow('home-price');
  expect(await app.getModel({ model: 'home-price' })).toMatchObject({ live: { version: 1 }, problem: null });
  await host.project().follow('none');
});

test('a copy under another name is served, and explained by the run that trained it', async () => {
  await using host = await openHomesApp(price);
  await host.app.startRun(start);
  const { homes } = host;
  const copied = { ...(await copyOfFirst(homes)), model: 'flat-price' };
  await homes.catalogue.createModel({ name: 'flat-price', description: '', tags: {}, at: 1 });
  await homes.catalogue.createVersion(copied);
  await homes.catalogue.putAlias({ model: 'flat-price', alias: 'prod', version: 1 }, { by: 'asha', at: 5 });
  await host.host(homesProject({ name: 'flat-price' }));
  const { app } = host;
  expect(await app.getModel({ model: 'flat-price' })).toMatchObject({ live: { version: 1 }, problem: null });
  const prediction = await app.predict({ endpoint: 'flat-price', request: { size: 80, garden: true } });
  const explained = await app.explain({ prediction: prediction.id });
  expect(explained.version).toMatchObject({ model: 'flat-price', version: 1, aliases: ['prod'] });
  expect(explained.tasks.map(({ task }) => task)).toContain('home-price.train');
  expect(explained.rawFiles).toMatchObject([{ name: 'homes.csv' }]);
});

test('a prediction is explained back to its raw bytes, as the version answered then', async () => {
  await using host = await openHomesApp(price);
  const { app } = host;
  await app.startRun(start);
  const request = { size: 80, garden: true };
  const prediction = await app.predict({ endpoint: 'home-price', request });
  expect(prediction).toMatchObject({ endpoint: 'home-price', model: 'home-price', version: 1, unit: 'EUR' });
  await host.host(homesProject({ trainer: boostedTrees({ trees: 60, depth: 3, minLeafRows: 5 }) }));
  await app.startRun(start);

  const explained = await app.explain({ prediction: prediction.id });
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
    'homes step',
    'home-price.split split',
    'home-price.features features',
    'home-price.train train',
  ]);
  expect(explained.tasks.find(({ task }) => task === 'homes')?.outputs).toMatchObject([
    { kind: 'table', rows: 200 },
  ]);
  const [file] = explained.rawFiles;
  expect(file).toMatchObject({ source: 'listings', name: 'homes.csv', simulated: false, etag: null });
  expect((await host.homes.blobs.read(file?.digest as never)).length).toBe(file?.size);
});

test('what is not there is told with what is', async () => {
  await using host = await openHomesApp(price);
  const { app } = host;
  await app.startRun(start);
  const refusals: readonly (readonly [() => Promise<unknown>, string, RegExp])[] = [
    [() => app.getProject({ project: 'home' }), 'PROJECT_NOT_FOUND', /Known here: homes\./],
    [() => app.listRuns({ project: 'home', limit: 1 }), 'PROJECT_NOT_FOUND', /Known here: homes\./],
    [() => app.startRun({ project: 'home', why: 'you' }), 'PROJECT_NOT_FOUND', /Known here: homes\./],
    [
      () => app.getModel({ model: 'prices' }),
      'MODEL_NOT_FOUND',
      /model is "prices"\. Known here: home-price\./,
    ],
    [() => app.getEndpoint({ endpoint: 'prices' }), 'MODEL_NOT_FOUND', /endpoint is "prices"/],
    [() => app.predict({ endpoint: 'prices', request: {} }), 'MODEL_NOT_FOUND', /endpoint is "prices"/],
    [() => app.getRun({ run: 'f'.repeat(32) }), 'RUN_NOT_FOUND', /list of runs/],
    [
      () => app.explain({ prediction: newPredictionId(1) }),
      'PREDICTION_NOT_FOUND',
      /the id that a prediction answered/,
    ],
    [() => app.explain({ prediction: '../../etc/passwd' }), 'PREDICTION_NOT_FOUND', /etc\/passwd/],
  ];
  for (const [refused, code, says] of refusals) {
    await expect(refused()).rejects.toMatchObject({ code, status: 404 });
    await expect(refused()).rejects.toThrow(says);
  }
});
