import { expect, test } from 'vitest';
import { point } from '../../tracking/run-stores.fixture.ts';
import {
  experiment,
  loggedModel,
  model,
  type FakeContent,
  type OnRead,
  outage,
  run,
  version,
} from './fake-source.fixture.ts';
import { openImport as open, runIds } from './import.fixture.ts';

const [a, b, c] = runIds;

const everything: FakeContent = {
  experiments: [
    experiment('0', 'Default'),
    experiment('1', 'first'),
    experiment('2', 'gone', { lifecycle: 'deleted' }),
  ],
  runs: [
    run('b', { tags: [{ key: 'mlflow.parentRunId', value: a }] }),
    run('a', { params: [{ key: 'p', value: '1' }], metrics: [point('m', 5, [4, 4])] }),
    run('c', { info: { experimentId: '2', lifecycle: 'deleted' } }),
  ],
  points: { [a]: [0, 1, 2, 3, 4].map((step) => point('m', step + 1, [step, step])) },
  files: { [a]: { 'one.txt': 'one', 'dir/two.txt': 'two' }, 'm-1': { MLmodel: 'model' } },
  loggedModels: [
    loggedModel('m-1', {
      sourceRunId: a,
      metrics: [{ ...point('m', 1), runId: a, datasetName: undefined, datasetDigest: undefined }],
    }),
  ],
  models: [model('reg', { aliases: { prod: 2 } })],
  versions: [
    version('reg', 2, { source: `mlflow-artifacts:/1/${a}/artifacts/dir`, runId: a, stage: 'Production' }),
    version('reg', 3, { source: 'models:/m-1', loggedModelId: 'm-1' }),
  ],
};

test('everything is imported as it is at the source', async () => {
  await using opened = await open();
  const report = await opened.run(everything);
  expect(report).toMatchObject({ source: 'http://theirs', import: 1, isResumed: false, differences: [] });
  expect(report.imported).toEqual({
    experiment: { new: 2, updated: 1 },
    run: { new: 3, updated: 0 },
    'logged model': { new: 1, updated: 0 },
    'registered model': { new: 1, updated: 0 },
    'model version': { new: 2, updated: 0 },
  });
  expect(report.counts).toEqual({ param: 1, tag: 1, 'metric point': 6, alias: 1, file: 3, byte: 11 });
  expect(await opened.picture()).toEqual(expected);
  expect((await opened.runs.get(b))?.info.parentId, 'nested').toBe(a);
});

const expected = {
  experiments: ['0 Default active', '1 first active', '2 gone deleted'],
  runs: [`${a} FINISHED active`, `${b} FINISHED active`, `${c} FINISHED deleted`],
  points: [1, 2, 3, 4, 5],
  files: { 'dir/two.txt': 'two', 'one.txt': 'one' },
  model: 'READY mlflow-artifacts:/1/models/m-1/artifacts 1',
  versions: [
    `2 Production mlflow-artifacts:/1/${a}/artifacts/dir`,
    '3 None mlflow-artifacts:/1/models/m-1/artifacts',
  ],
  aliases: { prod: 2 },
};

test('whenever an import is interrupted, the next call imports the rest, and nothing twice', async () => {
  let reads = 0;
  await using first = await open();
  const once = await first.run(everything, () => (reads += 1));
  expect(reads).toBeGreaterThan(20);
  for (let stopAt = 1; stopAt <= reads; stopAt += 1) {
    await using opened = await open();
    let read = 0;
    await expect(
      opened.run(everything, () => {
        read += 1;
        if (read >= stopAt) throw outage();
      }),
    ).rejects.toMatchObject({ code: 'PEER_FAILED' });
    const report = await opened.run(everything);
    expect({ stopAt, picture: await opened.picture() }).toEqual({ stopAt, picture: expected });
    expect(report).toMatchObject({ import: 1, isResumed: true, differences: [] });
    expect({ stopAt, imported: report.imported }).toEqual({ stopAt, imported: once.imported });
    expect({ stopAt, counts: report.counts }).toEqual({ stopAt, counts: once.counts });
  }
});

test('a resumed import does not read again what is imported', async () => {
  await using opened = await open();
  await expect(
    opened.run(everything, (what) => {
      if (what === 'logged model') throw outage();
    }),
  ).rejects.toMatchObject({ code: 'PEER_FAILED' });
  const read: string[] = [];
  await opened.run(everything, (what) => read.push(what));
  expect(read).not.toContain('points');
  expect(read).not.toContain('file one.txt');
});

test('the next import brings in what has changed since', async () => {
  await using opened = await open();
  await opened.run({ ...everything, points: { [a]: [point('m', 1)] } });
  const read: string[] = [];
  const report = await opened.run(
    {
      ...everything,
      files: { ...everything.files, [a]: { ...everything.files?.[a], 'new.txt': 'new' } },
      models: [model('reg', { aliases: { prod: 3 } })],
    },
    (what) => read.push(what),
  );
  expect(report).toMatchObject({ import: 2, isResumed: false });
  expect(report.imported.run).toEqual({ new: 0, updated: 3 });
  const picture = await opened.picture();
  expect(picture).toMatchObject({ aliases: { prod: 3 }, files: { 'new.txt': 'new', 'one.txt': 'one' } });
  expect(picture.points).toEqual([1, 1, 2, 3, 4, 5]);
  expect(read, 'the same run, and a file of the same size').not.toContain('file one.txt');
  expect(read).toContain('file new.txt');
});

test('a history of any length is imported', async () => {
  await using opened = await open();
  const points = Array.from({ length: 12_345 }, (_, step) => point('m', step / 7, [step, step]));
  const has = { experiments: [experiment('1', 'first')], runs: [run('a')] };
  const { counts } = await opened.run({ ...has, points: { [a]: points }, pageSize: 1000 });
  expect(counts).toEqual({ 'metric point': points.length });
  const history = await opened.metrics.history({ runId: a, key: 'm', offset: 0, limit: 20_000 });
  expect(history.items).toEqual(points);
});

test('a file of a run that has changed is read again, whatever its size', async () => {
  await using opened = await open();
  const before = { experiments: [experiment('1', 'first')], files: { [a]: { 'one.txt': 'one' } } };
  await opened.run({ ...before, runs: [run('a', { info: { status: 'RUNNING', endedAt: undefined } })] });
  await opened.run({ ...before, runs: [run('a')], files: { [a]: { 'one.txt': 'two' } } });
  expect((await opened.picture()).files).toEqual({ 'one.txt': 'two' });
});

test('an entity that is here and not from the source is skipped and reported', async () => {
  await using opened = await open();
  await opened.runs.create({
    id: a as never,
    experimentId: '0',
    name: 'ours',
    user: '',
    startedAt: 1,
    tags: [],
  });
  await opened.registry.createModel({ name: 'reg', description: 'ours', tags: {}, at: 1 });
  const { differences, imported, counts } = await opened.run(everything);
  expect(differences).toContainEqual({
    what: 'run',
    id: a,
    reason: 'a run with this id exists here and is not from this source',
  });
  expect(differences).toContainEqual({
    what: 'registered model',
    id: 'reg',
    reason: 'a model with this name exists here and is not from this source',
  });
  expect(imported.run.new).toBe(2);
  expect(imported['model version'].new).toBe(0);
  expect(counts, 'nothing of a skipped entity is counted').not.toHaveProperty('param');
  expect((await opened.runs.get(a))?.info.name).toBe('ours');
});

test('an experiment whose id is taken gets another, and URIs follow', async () => {
  await using opened = await open();
  await opened.experiments.create({ name: 'ours', tags: [], now: 1 });
  const { differences } = await opened.run(everything);
  expect(differences).toEqual([
    { what: 'experiment id', id: '1', reason: 'first has the id 2 here' },
    { what: 'experiment id', id: '2', reason: 'gone has the id 3 here' },
  ]);
  expect((await opened.runs.get(a))?.info).toMatchObject({
    experimentId: '2',
    artifactUri: `mlflow-artifacts:/2/${a}/artifacts`,
  });
  expect(await opened.registry.findVersion({ model: 'reg', version: 2 })).toMatchObject({
    source: `mlflow-artifacts:/2/${a}/artifacts/dir`,
    storage: `mlflow-artifacts:/2/${a}/artifacts/dir`,
  });
  expect(await opened.registry.findVersion({ model: 'reg', version: 3 })).toMatchObject({
    source: 'models:/m-1',
    storage: 'mlflow-artifacts:/2/models/m-1/artifacts',
  });
});

test('selected experiments are imported with the versions of their runs', async () => {
  await using opened = await open();
  const has: FakeContent = {
    experiments: [experiment('1', 'first'), experiment('2', 'second')],
    runs: [run('a'), run('b', { info: { experimentId: '2' } })],
    models: [model('one', { aliases: { prod: 1, best: 2 } }), model('two')],
    versions: [
      version('one', 1, { runId: a }),
      version('one', 2, { runId: b }),
      version('two', 1, { runId: b }),
    ],
  };
  const { differences } = await opened.run(has, undefined, { experiments: ['first'] });
  expect((await opened.picture()).experiments).toEqual(['0 Default active', '1 first active']);
  expect(await opened.runs.get(b)).toBeUndefined();
  expect(await opened.registry.findModel('two')).toBeUndefined();
  expect((await opened.registry.findModel('one'))?.aliases).toEqual({ prod: 1 });
  expect(differences).toEqual([{ what: 'alias', id: 'one best', reason: 'version 2 was not imported' }]);
  const missing = opened.run(has, undefined, { experiments: ['first', 'third'] });
  await expect(missing).rejects.toMatchObject({ code: 'EXPERIMENT_NOT_FOUND', detail: { value: 'third' } });
});

test('without files, those in a shared store are found there, and a later import copies all', async () => {
  await using opened = await open();
  const shared = `s3://bucket/1/${b}/artifacts`;
  const has: FakeContent = {
    experiments: [experiment('1', 'first')],
    runs: [run('a'), run('b', { info: { artifactUri: shared } })],
    files: { [a]: { 'one.txt': 'one' }, [b]: { 'two.txt': 'two' } },
  };
  const { differences, counts } = await opened.run(has, undefined, { artifacts: false });
  expect(differences).toEqual([{ what: 'files', id: '', reason: 'skipped by --no-artifacts' }]);
  expect(counts).toEqual({});
  expect((await opened.runs.get(b))?.info.artifactUri).toBe(shared);
  await opened.run(has);
  expect((await opened.picture()).files).toEqual({ 'one.txt': 'one' });
  expect((await opened.runs.get(b))?.info.artifactUri).toBe(`mlflow-artifacts:/1/${b}/artifacts`);
});

test('everything that cannot be imported is reported', async () => {
  await using opened = await open();
  const has: FakeContent = {
    experiments: [experiment('1', 'first')],
    runs: [
      run('a', {
        params: [
          { key: 'long', value: 'x'.repeat(1_000_001) },
          { key: 'nul', value: 'a\0b' },
          { key: 'k'.repeat(251), value: 'v' },
          { key: 'fine', value: 'x'.repeat(10_000) },
        ],
      }),
      run('b', { info: { artifactUri: `s3://bucket/1/${b}/artifacts` } }),
    ],
    points: { [a]: [point('m', 1, [2 ** 53, 1]), point('m', 1)] },
    gaps: { [a]: { path: 'link', reason: 'it is a link' } },
    files: { [a]: { '../up': 'no', fine: 'yes' } },
    unavailable: { [b]: 'they stay there' },
    models: [model('reg', { aliases: { latest: 1 } }), model('a/b')],
    versions: [
      version('reg', 1, { status: 'FAILED_REGISTRATION', user: 'ann', stage: 'Odd', source: '/tmp/model' }),
    ],
    loggedModels: [loggedModel('m-1', { statusMessage: 'broken' }), loggedModel('odd')],
    unsupported: [{ what: 'traces', id: '', reason: 'not supported by import' }],
  };
  const { differences } = await opened.run(has);
  const reported = differences.map(({ what, id }) => `${what} ${id.replaceAll(a, 'A').replaceAll(b, 'B')}`);
  expect(reported.toSorted()).toEqual(
    [
      'param A long',
      'param A nul',
      `param A ${'k'.repeat(250)}`,
      'metric point A m',
      'file A link',
      'file A ../up',
      'files B',
      'registered model a/b',
      'alias reg latest',
      'version state reg/1',
      'version user reg/1',
      'version stage reg/1',
      'version files reg/1',
      'logged model message m-1',
      'logged model odd',
      'traces ',
    ].toSorted(),
  );
  expect((await opened.runs.get(a))?.params).toEqual([{ key: 'fine', value: 'x'.repeat(10_000) }]);
  expect((await opened.runs.get(b))?.info.artifactUri).toBe(`s3://bucket/1/${b}/artifacts`);
  expect((await opened.picture()).files).toEqual({ fine: 'yes' });
});

test('a download that is cut short is tried again', async () => {
  await using opened = await open();
  const cut = (times: number): OnRead => {
    let remaining = times;
    return (what) => {
      if (what !== 'file one.txt') return;
      remaining -= 1;
      if (remaining >= 0) throw outage();
    };
  };
  const has = {
    experiments: [experiment('1', 'first')],
    runs: [run('a')],
    files: { [a]: { 'one.txt': 'one' } },
  };
  await expect(opened.run(has, cut(3))).rejects.toMatchObject({ code: 'PEER_FAILED' });
  await opened.run(has, cut(2));
  expect((await opened.picture()).files).toEqual({ 'one.txt': 'one' });
});
