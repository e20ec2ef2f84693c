import { expect, test } from 'vitest';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { ImportedExperiment, ImportedRun, ImportNote, ImportStore } from './import-store.ts';
import type { LoggedModelStore } from './logged-model-store.ts';
import { pairs, point, readRun, startRun, type OpenRunStores } from './run-stores.fixture.ts';

export interface OpenImportStores extends OpenRunStores {
  readonly store: ImportStore;
  readonly loggedModels: LoggedModelStore;
}

type Open = () => Promise<OpenImportStores>;

/** What every store of imports must do; each adapter's test is one call of this. */
export function importStoreContract(label: string, open: Open): void {
  attempts(label, open);
  experiments(label, open);
  runs(label, open);
  loggedModels(label, open);
}

const source = 'http://theirs';

function noteOf(kind: ImportNote['kind'], id: string, change: Partial<ImportNote> = {}): ImportNote {
  return {
    source,
    kind,
    id,
    localId: id,
    attempt: 1,
    state: 'complete',
    digest: 'd',
    facts: { n: 1 },
    ...change,
  };
}

function experiment(id: string, change: Partial<ImportedExperiment> = {}): ImportedExperiment {
  return {
    id,
    name: `experiment ${id}`,
    artifactLocation: undefined,
    lifecycle: 'active',
    createdAt: 5,
    updatedAt: 6,
    tags: [],
    ...change,
  };
}

function run(id: string, change: Partial<ImportedRun> = {}): ImportedRun {
  return {
    id,
    experimentId: '0',
    name: 'theirs',
    user: 'ann',
    sourceType: 'LOCAL',
    sourceName: 'train.py',
    status: 'FINISHED',
    startedAt: 10,
    endedAt: 20,
    artifactUri: `mlflow-artifacts:/0/${id}/artifacts`,
    lifecycle: 'active',
    deletedAt: undefined,
    params: [],
    tags: [],
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
    points: [],
    ...change,
  };
}

function attempts(label: string, open: Open): void {
  test(`${label}: an import that was stopped is gone on with, one that finished is not`, async () => {
    await using opened = await open();
    const { store } = opened;
    expect(await store.begin(source, 'all', 1)).toEqual({ attempt: 1, isResumed: false, startedAt: 1 });
    expect(await store.begin(source, 'all', 2)).toEqual({ attempt: 1, isResumed: true, startedAt: 1 });
    expect(await store.begin('another', 'all', 3)).toMatchObject({ attempt: 1, isResumed: false });
    expect(await store.begin(source, 'some', 4), 'of another scope').toMatchObject({ attempt: 2 });
    await store.finish(source, 2, 5);
    expect(await store.begin(source, 'some', 6)).toEqual({ attempt: 3, isResumed: false, startedAt: 6 });
  });

  test(`${label}: notes are found by their keys and listed by an import's`, async () => {
    await using opened = await open();
    const { store } = opened;
    const [first, second] = [
      noteOf('run', 'a'),
      noteOf('run', 'b', { attempt: 2, state: 'skipped', localId: '' }),
    ];
    for (const note of [second, first, noteOf('run', 'c'), noteOf('experiment', 'a')]) await store.note(note);
    expect(await store.find(first)).toEqual(first);
    expect(await store.find({ ...first, source: 'another' })).toBeUndefined();
    const all = { source, kind: 'run', attempt: 1, limit: 2 } as const;
    expect((await store.list(all)).map(({ id }) => id)).toEqual(['a', 'c']);
    expect(await store.list({ ...all, attempt: 2 })).toEqual([second]);
    expect((await store.list({ ...all, after: 'a' })).map(({ id }) => id)).toEqual(['c']);
    await store.note({ ...first, facts: { n: 2 }, state: 'started' });
    expect(await store.find(first)).toMatchObject({ facts: { n: 2 }, state: 'started' });
  });
}

function experiments(label: string, open: Open): void {
  test(`${label}: an experiment keeps its number, and the next new one gets a higher one`, async () => {
    await using opened = await open();
    const { store } = opened;
    const imported = experiment('7', { tags: pairs({ team: 'x' }), lifecycle: 'deleted' });
    expect(await store.putExperiment(imported, noteOf('experiment', '7'))).toEqual({
      id: '7',
      name: 'experiment 7',
      lifecycle: 'deleted',
      how: 'created',
    });
    expect(await opened.experiments.get('7')).toEqual({
      id: '7',
      name: 'experiment 7',
      artifactLocation: 'mlflow-artifacts:/7',
      lifecycle: 'deleted',
      createdAt: 5,
      updatedAt: 6,
      tags: pairs({ team: 'x' }),
    });
    expect(await opened.experiments.create({ name: 'next', tags: [], now: 1 })).toBe('8');
    await store.putExperiment(experiment('3'), noteOf('experiment', '3'));
    expect(await opened.experiments.create({ name: 'later', tags: [], now: 1 })).toBe('9');
  });

  test(`${label}: the first number of all is not given twice`, async () => {
    await using opened = await open();
    await opened.store.putExperiment(experiment('1'), noteOf('experiment', '1'));
    expect(await opened.experiments.create({ name: 'next', tags: [], now: 1 })).toBe('2');
  });

  test.each(['2', '873912345678901234', 'abc'])(
    `${label}: the number %s, where it is taken or none, is another here`,
    async (id) => {
      await using opened = await open();
      for (const name of ['a', 'b']) await opened.experiments.create({ name, tags: [], now: 1 });
      const note = noteOf('experiment', id, { localId: '' });
      expect(await opened.store.putExperiment(experiment(id), note)).toMatchObject({
        id: '3',
        how: 'created',
      });
      expect(await opened.store.find(note)).toMatchObject({ localId: '3' });
      expect(await opened.store.putExperiment(experiment(id), note)).toMatchObject({
        id: '3',
        how: 'updated',
      });
    },
  );

  test(`${label}: an experiment joins the one of its name, which stays what it is`, async () => {
    await using opened = await open();
    const { store } = opened;
    await opened.experiments.create({ name: 'same', tags: pairs({ local: '1', both: 'o' }), now: 1 });
    const theirs = experiment('5', { name: 'same', lifecycle: 'deleted', tags: pairs({ both: 't' }) });
    const note = noteOf('experiment', '5');
    const joined = { id: '1', name: 'same', lifecycle: 'active', how: 'joined' };
    expect(await store.putExperiment(theirs, note)).toEqual(joined);
    expect(await store.putExperiment({ ...theirs, name: 'renamed there' }, note)).toEqual(joined);
    expect(await opened.experiments.get('1')).toMatchObject({
      name: 'same',
      lifecycle: 'active',
      tags: pairs({ both: 't', local: '1' }),
    });
  });

  test(`${label}: the default experiment is the default here, whatever its name`, async () => {
    await using opened = await open();
    const theirs = experiment('0', { name: 'Sandbox' });
    expect(await opened.store.putExperiment(theirs, noteOf('experiment', '0'))).toMatchObject({
      id: '0',
      name: 'Default',
      how: 'joined',
    });
  });

  test(`${label}: one that was brought follows its name and state, unless the name is taken`, async () => {
    await using opened = await open();
    const { store } = opened;
    await opened.experiments.create({ name: 'taken', tags: [], now: 1 });
    const note = noteOf('experiment', '5');
    await store.putExperiment(experiment('5', { artifactLocation: 's3://b/x' }), note);
    const changed = experiment('5', { name: 'other', lifecycle: 'deleted', updatedAt: 9 });
    expect(await store.putExperiment(changed, note)).toMatchObject({ name: 'other', how: 'updated' });
    expect(await opened.experiments.get('5')).toMatchObject({
      lifecycle: 'deleted',
      updatedAt: 9,
      artifactLocation: 's3://b/x',
    });
    const clashing = experiment('5', { name: 'taken' });
    expect(await store.putExperiment(clashing, note)).toMatchObject({ name: 'other', lifecycle: 'active' });
  });
}

function runs(label: string, open: Open): void {
  test(`${label}: a run is what it was there`, async () => {
    await using opened = await open();
    const id = newRunId();
    const dataset = { name: 'd', digest: 'x', sourceType: 'local', source: '{}', schema: 's' };
    const theirs = run(id, {
      params: pairs({ 'a/b': 'v' }),
      tags: pairs({ 'mlflow.runName': 'theirs', t: '' }),
      points: [point('m', 1), point('m', 3, [2, 60]), point('n', Number.NaN)],
      datasets: [{ dataset, tags: pairs({ 'mlflow.data.context': 'train' }) }],
      modelInputs: ['m-1'],
      modelOutputs: [{ modelId: 'm-2', step: 4 }],
    });
    expect(await opened.store.putRun(theirs, noteOf('run', id))).toBe(true);
    expect(await readRun(opened, id)).toEqual({
      info: {
        id,
        experimentId: '0',
        name: 'theirs',
        user: 'ann',
        status: 'FINISHED',
        startedAt: 10,
        endedAt: 20,
        artifactUri: `mlflow-artifacts:/0/${id}/artifacts`,
        lifecycle: 'active',
      },
      metrics: [point('m', 3, [2, 60]), point('n', Number.NaN)],
      params: pairs({ 'a/b': 'v' }),
      tags: pairs({ 'mlflow.runName': 'theirs', t: '' }),
      datasets: [{ dataset, tags: pairs({ 'mlflow.data.context': 'train' }) }],
      modelInputs: ['m-1'],
      modelOutputs: [{ modelId: 'm-2', step: 4 }],
    });
    expect(await opened.store.find(noteOf('run', id))).toEqual(noteOf('run', id));
  });

  test(`${label}: a run that is brought again follows its source, and keeps what was added here`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = newRunId();
    const before = run(id, { status: 'RUNNING', endedAt: undefined, points: [point('m', 1)] });
    await store.putRun({ ...before, tags: pairs({ t: 'old' }) }, noteOf('run', id, { state: 'started' }));
    await store.addPoints(id, [point('m', 1), point('m', 2, [1, 60])]);
    await opened.runs.log(id, { tags: pairs({ local: '1' }) });
    const after = run(id, { name: 'renamed', params: pairs({ p: '1' }), tags: pairs({ t: 'new' }) });
    expect(await store.putRun({ ...after, points: [point('m', 1)] }, noteOf('run', id))).toBe(true);
    expect(await readRun(opened, id)).toMatchObject({
      info: { status: 'FINISHED', endedAt: 20, name: 'renamed' },
      metrics: [point('m', 2, [1, 60])],
      params: pairs({ p: '1' }),
      tags: pairs({ local: '1', t: 'new' }),
    });
    const { items } = await opened.metrics.history({ runId: id, key: 'm', offset: 0, limit: 9 });
    expect(items, 'no point twice').toEqual([point('m', 1), point('m', 2, [1, 60])]);
  });

  test(`${label}: a run that is not of the source is left as it is`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = await startRun(opened, { name: 'ours' });
    expect(await store.putRun(run(id), noteOf('run', id))).toBe(false);
    await store.note(noteOf('run', id, { state: 'skipped', localId: '' }));
    expect(await store.putRun(run(id), noteOf('run', id)), 'a note that it was left changes nothing').toBe(
      false,
    );
    expect(await readRun(opened, id)).toMatchObject({ info: { name: 'ours', status: 'RUNNING' } });
    const brought = newRunId();
    await store.putRun(run(brought), noteOf('run', brought));
    const other = noteOf('run', brought, { source: 'another' });
    expect(await store.putRun(run(brought, { name: 'other' }), other)).toBe(false);
    expect(await store.find(other)).toBeUndefined();
  });

  test(`${label}: a deleted run is deleted, and comes back with its experiment if it went with it`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.putExperiment(experiment('5', { lifecycle: 'deleted' }), noteOf('experiment', '5'));
    const [alone, along] = [newRunId(), newRunId()];
    await store.putRun(run(alone, { lifecycle: 'deleted', deletedAt: 30 }), noteOf('run', alone));
    const there = run(along, { lifecycle: 'deleted', experimentId: '5' });
    await store.putRun(there, noteOf('run', along));
    expect((await readRun(opened, alone)).info.lifecycle).toBe('deleted');
    expect((await readRun(opened, along)).info.lifecycle).toBe('deleted');
    await opened.experiments.restore('5', 40);
    expect((await readRun(opened, along)).info.lifecycle).toBe('active');
    await opened.runs.restore(alone);
    expect((await readRun(opened, alone)).info.lifecycle).toBe('active');
  });

  test(`${label}: runs are nested in their parents, in whatever order they come`, async () => {
    await using opened = await open();
    const { store, runs } = opened;
    const [parent, child, orphan] = [newRunId(), newRunId(), newRunId()];
    const nestedIn = (id: string) => ({ tags: pairs({ 'mlflow.parentRunId': id }) });
    await store.putRun(run(child, nestedIn(parent)), noteOf('run', child));
    await store.putRun(run(orphan, nestedIn('gone')), noteOf('run', orphan));
    await store.putRun(run(parent), noteOf('run', parent));
    expect((await runs.get(child))?.info.parentId).toBeUndefined();
    await store.nestRuns('another');
    expect((await runs.get(child))?.info.parentId, 'runs of another source').toBeUndefined();
    await store.nestRuns(source);
    expect((await runs.get(child))?.info.parentId).toBe(parent);
    expect((await runs.get(orphan))?.info.parentId).toBeUndefined();
  });

  test(`${label}: a run that names another parent is nested there, and one whose parent is dropped is not nested`, async () => {
    await using opened = await open();
    const { store, runs } = opened;
    const [first, second, child] = ['1', '2', '3'].map((digit) => digit.repeat(32));
    if (first === undefined || second === undefined || child === undefined) throw new RangeError('three ids');
    for (const id of [first, second]) await store.putRun(run(id), noteOf('run', id));
    const nestIn = async (parent: string): Promise<void> => {
      const tags = pairs({ 'mlflow.parentRunId': parent, kept: 'x' });
      await store.putRun(run(child, { tags }), noteOf('run', child));
      await store.nestRuns(source);
    };
    await nestIn(first);
    await nestIn(second);
    expect((await runs.get(child))?.info.parentId).toBe(second);
    expect(await store.parents({ after: '', limit: 9 })).toEqual([{ runId: child, parentId: second }]);
    expect(await store.parents({ after: child, limit: 9 })).toEqual([]);
    await store.dropParent(child);
    await store.nestRuns(source);
    expect((await runs.get(child))?.info.parentId).toBeUndefined();
    expect(await store.parents({ after: '', limit: 9 })).toEqual([]);
    expect((await readRun(opened, child as RunId)).tags).toEqual(pairs({ kept: 'x' }));
  });

  test(`${label}: points come by the thousand`, async () => {
    await using opened = await open();
    const { store } = opened;
    const id = newRunId();
    await store.putRun(run(id), noteOf('run', id, { state: 'started' }));
    const points = Array.from({ length: 12_345 }, (_, step) => point('m', step / 7, [step, step]));
    await store.addPoints(id, points);
    const { items } = await opened.metrics.history({ runId: id, key: 'm', offset: 0, limit: 20_000 });
    expect(items).toEqual(points);
    expect((await readRun(opened, id)).metrics).toEqual(points.slice(-1));
  });
}

function loggedModels(label: string, open: Open): void {
  const model = (id: string, runId: string) => ({
    id,
    experimentId: '0',
    name: 'lm',
    artifactUri: `mlflow-artifacts:/0/models/${id}/artifacts`,
    status: 'READY' as const,
    lifecycle: 'active' as const,
    modelType: 'agent',
    sourceRunId: runId,
    createdAt: 3,
    updatedAt: 4,
    params: pairs({ p: '1' }),
    tags: pairs({ t: 'u' }),
    metrics: [
      { ...point('m', 1.5), runId, datasetName: 'd', datasetDigest: 'x' },
      { ...point('m', 2), runId: 'gone', datasetName: undefined, datasetDigest: undefined },
    ],
  });

  test(`${label}: a logged model is what it was there, with the points of the runs that are here`, async () => {
    await using opened = await open();
    const { store } = opened;
    const runId = await startRun(opened);
    const note = noteOf('logged model', 'm-1');
    for (const _again of [1, 2])
      expect(await store.putLoggedModel(model('m-1', runId), note)).toEqual({ missingRuns: ['gone'] });
    const { lifecycle: _lifecycle, ...theirs } = model('m-1', runId);
    expect(await opened.loggedModels.get('m-1')).toEqual({ ...theirs, metrics: theirs.metrics.slice(0, 1) });
    expect(await store.find(note)).toEqual(note);
    await store.putLoggedModel(
      { ...model('m-1', runId), lifecycle: 'deleted', tags: pairs({ t: 'v' }) },
      note,
    );
    expect(await opened.loggedModels.get('m-1')).toBeUndefined();
    expect(await opened.loggedModels.get('m-1', { deleted: true })).toMatchObject({
      tags: pairs({ t: 'v' }),
    });
  });

  test(`${label}: a logged model that is not of the source is left as it is`, async () => {
    await using opened = await open();
    const ours = { id: 'm-2', experimentId: '0', name: 'ours', modelType: '', sourceRunId: '', now: 1 };
    await opened.loggedModels.create({ ...ours, params: [], tags: [] });
    const note = noteOf('logged model', 'm-2');
    expect(await opened.store.putLoggedModel(model('m-2', 'r'), note)).toBeUndefined();
    expect(await opened.loggedModels.get('m-2')).toMatchObject({ name: 'ours', tags: [] });
    expect(await opened.store.find(note)).toBeUndefined();
  });
}
