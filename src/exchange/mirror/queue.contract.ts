import { expect, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import { newRunId } from '../../kernel/ids.ts';
import type { RegistryStore } from '../../registry/store.ts';
import type { LoggedModelStore } from '../../tracking/logged-model-store.ts';
import { type OpenRunStores, pairs, point, startRun } from '../../tracking/run-stores.fixture.ts';
import { type Change, streamOf, type StreamGroup } from './change.ts';
import type { MirrorQueue } from './queue.ts';
import { putAlias, removeAlias } from '../../registry/store.fixture.ts';

/** An empty database with its queue, gone when disposed of. */
export interface OpenMirrorQueue extends OpenRunStores {
  readonly queue: MirrorQueue;
  /** The queue for another server. */
  readonly elsewhere: MirrorQueue;
  readonly registry: RegistryStore;
  readonly loggedModels: LoggedModelStore;
  /** From then on every write is queued. */
  watch(): Promise<void>;
  /** From then on no write is queued. */
  ignore(): Promise<void>;
}

type Open = () => Promise<OpenMirrorQueue>;

/** The contract of every mirror queue; each adapter's test calls it once. */
export function mirrorQueueContract(label: string, open: Open): void {
  writing(label, open);
  registering(label, open);
  reading(label, open);
  pairing(label, open);
  holding(label, open);
}

const asha = { by: 'asha', at: 90 };

function writing(label: string, open: Open): void {
  test(`${label}: only what is written while it is watched is queued`, async () => {
    await using opened = await open();
    const run = await startRun(opened);
    expect(await opened.queue.backlog()).toEqual({ waiting: 0, oldest: undefined, refused: 0 });
    await opened.watch();
    await opened.watch();
    await opened.runs.log(run, { tags: pairs({ a: '1' }) });
    expect(await linesOf(opened.queue)).toEqual([`run:${run} tag a=1`]);
    await opened.ignore();
    await opened.ignore();
    await opened.runs.log(run, { tags: pairs({ a: '2' }) });
    expect(await linesOf(opened.queue)).toHaveLength(1);
  });

  test(`${label}: a run's changes are queued in their order, each once, and none of a write that failed`, async () => {
    await using opened = await open();
    await opened.watch();
    const { runs, queue } = opened;
    const run = await startRun(opened, { name: 'n', params: { p: '1' }, metrics: [point('m', 1)] });
    const again = { params: pairs({ p: '1' }), metrics: [point('m', 1)], tags: pairs({ t: '1' }) };
    expect(await runs.log(run, again)).toEqual([]);
    expect(
      await runs.log(run, { params: pairs({ q: '1', p: 'other' }), tags: pairs({ u: '1' }) }),
    ).toHaveLength(1);
    await runs.log(run, { tags: pairs({ t: '1' }) });
    await runs.log(run, { tags: pairs({ t: '2' }) });
    await runs.deleteTag(run, 't');
    await runs.update(run, { status: 'FAILED', endedAt: 400 });
    await runs.update(run, { status: 'FAILED' });
    await runs.delete(run, 500);
    await runs.restore(run);
    expect(await linesOf(queue)).toEqual(
      [
        'created',
        'tag mlflow.runName=n',
        'param p=1',
        'point m',
        'tag t=1',
        'tag t=2',
        'tag-gone t',
        'status =FAILED',
        'lifecycle =deleted',
        'lifecycle =active',
      ].map((text) => `run:${run} ${text}`),
    );
    expect((await changes(queue)).find(({ kind }) => kind === 'status')?.at).toBe(400);
  });

  test(`${label}: a point is queued with all digits, as a NaN and as an infinity`, async () => {
    await using opened = await open();
    const run = await startRun(opened);
    await opened.watch();
    const values = [0.1 + 0.2, Number.NaN, Infinity, -Infinity, 5e-324, -1e308];
    const metrics = values.map((value, step) => point('m', value, [step, 2 ** 52 + step]));
    await opened.runs.log(run, {
      metrics: [...metrics, { ...point('m', 7), modelId: 'm-1', datasetName: 'a b', datasetDigest: 'd' }],
    });
    const queued = await changes(opened.queue);
    const points = queued.filter(({ kind }) => kind === 'point').toSorted((a, b) => a.id - b.id);
    expect(points.slice(0, values.length).map(({ number, step, at }) => [number, step, at])).toEqual(
      values.map((value, step) => [value, step, 2 ** 52 + step]),
    );
    expect(queued.filter(({ kind }) => kind === 'model-point')).toMatchObject([
      { key: 'm', number: 7, note: 'm-1', value: 'd a b' },
    ]);
  });

  test(`${label}: what the pipeline writes is queued as what clients write`, async () => {
    await using opened = await open();
    await opened.watch();
    const { experiments, runs, tasks, queue } = opened;
    const { id: experimentId } = await experiments.ensure('e', 1);
    await experiments.ensure('e', 2);
    const id = newRunId();
    const fields = { experimentId, startedAt: 1, startedBy: 'pipeline' } as const;
    await runs.create({ ...fields, id, name: 'r' });
    await runs.log(id, { params: [{ key: 'p', value: '1' }], metrics: [point('m', 1)] });
    const dataset = { direction: 'input', name: 'rows', digest: digestOf('rows'), task: 't' } as const;
    await tasks.saveDatasets(id, [dataset, { ...dataset, direction: 'output', name: 'made' }]);
    await runs.end(id, 'FINISHED', 9);
    const killed = newRunId();
    await runs.create({ ...fields, id: killed, name: 'k' });
    await runs.killUnfinished(10);
    const lines = await linesOf(queue);
    expect(lines.filter((line) => line.startsWith('experiment:'))).toEqual([
      `experiment:${experimentId} created`,
    ]);
    expect(lines.filter((line) => line.startsWith(`run:${id}`)).map((line) => line.split(' ')[1])).toEqual([
      'created',
      'tag',
      'param',
      'point',
      'links',
      'status',
    ]);
    expect(lines.at(-1)).toBe(`run:${killed} status =KILLED`);
  });

  test(`${label}: an experiment that goes takes its runs along, and brings them back`, async () => {
    await using opened = await open();
    const { experiments, queue } = opened;
    await opened.watch();
    const id = await experiments.create({ name: 'e', tags: pairs({ t: '1' }), now: 1 });
    await experiments.rename(id, 'f', 2);
    await experiments.setTag(id, { key: 't', value: '2' });
    await experiments.deleteTag(id, 't');
    await opened.ignore();
    const run = await startRun(opened, { experimentId: id });
    await opened.watch();
    await experiments.delete(id, 3);
    await experiments.restore(id, 4);
    const lines = await linesOf(queue);
    const changed = [
      'created',
      'tag t=1',
      'name =f',
      'tag t=2',
      'tag-gone t',
      'lifecycle =deleted',
      'lifecycle =active',
    ];
    expect(lines.filter((line) => line.startsWith('experiment:'))).toEqual(
      changed.map((text) => `experiment:${id} ${text}`),
    );
    expect(lines.filter((line) => line.startsWith('run:'))).toEqual(
      ['deleted', 'active'].map((stage) => `run:${run} lifecycle =${stage}`),
    );
  });
}

function registering(label: string, open: Open): void {
  test(`${label}: what happens to models, versions and aliases is queued in one order`, async () => {
    await using opened = await open();
    await opened.watch();
    const { registry, queue } = opened;
    await registry.createModel({ name: 'm', description: 'd', tags: { a: '1' }, at: 1 });
    const version = { model: 'm', source: 's3://b/m', storage: 's3://b/m', runId: undefined, runLink: '' };
    const newVersion = { ...version, loggedModelId: undefined, description: '', tags: { v: '1' }, at: 2 };
    await registry.createVersion(newVersion);
    await registry.createVersion({ ...newVersion, tags: {} });
    await registry.describeVersion({ model: 'm', version: 1 }, { description: 'first', at: 3 });
    await registry.moveToStage({ model: 'm', version: 1 }, { stage: 'Staging', archiveOthers: false, at: 3 });
    await putAlias(registry, { model: 'm', version: 1, alias: 'prod' }, asha);
    await putAlias(registry, { model: 'm', version: 2, alias: 'prod' }, asha);
    await registry.renameModel('m', { name: 'n', at: 4 });
    await registry.describeModel('n', { description: 'new', at: 5 });
    await removeAlias(registry, { model: 'n', alias: 'prod' }, asha);
    await registry.deleteTag({ model: 'n', version: 1, key: 'v' }, 6);
    await registry.setTag({ model: 'n', key: 'a' }, '2', 6);
    await registry.deleteVersion({ model: 'n', version: 2 }, asha);
    await registry.deleteModel('n', asha);
    const lines = (await changes(queue)).map(({ kind, key, step, note, value }) =>
      [kind, key, step || '', note, value].join(' ').trim().replaceAll(/ +/g, ' '),
    );
    expect(lines).toEqual([
      'model m d',
      'model-tag m a 1',
      'version m 1',
      'version-tag m 1 v 1',
      'version m 2',
      'version-text m 1 first',
      'version-stage m 1 Staging',
      'alias m 1 prod',
      'alias m 2 prod',
      'model-renamed m n',
      'model-text n new',
      'alias-gone n prod',
      'version-tag-gone n 1 v',
      'model-tag n a 2',
      'version-gone n 2',
      'version-gone n 1',
      'model-tag-gone n a',
      'model-gone n',
    ]);
    expect(await queue.laterName('m', 0)).toBe('n');
    const renamed = (await changes(queue)).find(({ kind }) => kind === 'model-renamed');
    expect(await queue.laterName('m', renamed?.id ?? 0)).toBe('m');
  });

  test(`${label}: a version of the pipeline brings the folder of its model`, async () => {
    await using opened = await open();
    await opened.watch();
    const runId = newRunId();
    const folder = digestOf('folder');
    await opened.registry.register({ model: 'm', runId, folder, metrics: {}, createdAt: 1 });
    const [file] = await changes(opened.queue, 'files');
    expect(file).toMatchObject({
      stream: `files:${runId}`,
      kind: 'folder',
      key: `modelyard/${folder}`,
      note: runId,
    });
  });

  test(`${label}: a logged model's changes are queued in their order`, async () => {
    await using opened = await open();
    await opened.watch();
    const { loggedModels, queue } = opened;
    const id = `m-${newRunId()}`;
    const model = { id, experimentId: '0', name: 'l', modelType: '', sourceRunId: '', now: 1 };
    await loggedModels.create({ ...model, params: pairs({ p: '1' }), tags: pairs({ t: '1' }) });
    await loggedModels.finalize(id, 'READY', 2);
    await loggedModels.deleteTag(id, 't');
    await loggedModels.delete(id, 3);
    const lines = ['created', 'tag t=1', 'param p=1', 'status =READY', 'tag-gone t', 'lifecycle =deleted'];
    expect(await linesOf(queue)).toEqual(lines.map((text) => `model:${id} ${text}`));
  });
}

function reading(label: string, open: Open): void {
  test(`${label}: the stream with the oldest change comes first, up to the limit, and files separately`, async () => {
    await using opened = await open();
    const { queue } = opened;
    const [a, b] = [streamOf('run', 'a'), streamOf('run', 'b')];
    const file = streamOf('files', 'a');
    const tag = { kind: 'tag', key: 't' } as const;
    await queue.add([
      { ...tag, stream: file, kind: 'file' },
      { ...tag, stream: a, value: '1' },
      { ...tag, stream: b },
      { ...tag, stream: a, value: '2' },
      { ...tag, stream: a, value: '3' },
    ]);
    const first = await queue.next({ group: 'metadata', except: [], limit: 2 });
    expect(first?.stream).toBe(a);
    expect(first?.changes.map(({ value }) => value)).toEqual(['1', '2']);
    expect((await queue.next({ group: 'metadata', except: [a], limit: 9 }))?.stream).toBe(b);
    expect(await queue.next({ group: 'metadata', except: [a, b], limit: 9 })).toBeUndefined();
    expect((await queue.next({ group: 'files', except: [], limit: 9 }))?.changes).toMatchObject([
      { kind: 'file' },
    ]);
    await queue.done((first?.changes ?? []).map(({ id }) => id));
    expect((await queue.next({ group: 'metadata', except: [], limit: 9 }))?.stream).toBe(b);
    expect(await queue.backlog()).toMatchObject({ waiting: 3, refused: 0 });
  });

  test(`${label}: many changes are done at once`, async () => {
    await using opened = await open();
    const { queue } = opened;
    const stream = streamOf('run', 'a');
    await queue.add(Array.from({ length: 600 }, () => ({ stream, kind: 'tag' as const })));
    const pending = await queue.next({ group: 'metadata', except: [], limit: 599 });
    await queue.done((pending?.changes ?? []).map(({ id }) => id));
    expect((await queue.backlog()).waiting).toBe(1);
  });

  test(`${label}: a refused change is set aside with its reason until it is tried again`, async () => {
    await using opened = await open();
    const { queue } = opened;
    const stream = streamOf('run', 'a');
    await queue.add([
      { stream, kind: 'tag', key: 'bad' },
      { stream, kind: 'tag', key: 'good' },
    ]);
    const [bad] = await changes(queue);
    await queue.refuse([bad?.id ?? 0], 'too long');
    expect((await changes(queue)).map(({ key }) => key)).toEqual(['good']);
    expect(await queue.backlog()).toMatchObject({ waiting: 1, refused: 1 });
    expect(await queue.refused(5)).toMatchObject([{ change: { key: 'bad' }, reason: 'too long' }]);
    expect(await queue.refused(0)).toEqual([]);
    expect(await queue.retry()).toBe(1);
    expect((await changes(queue)).map(({ key }) => key)).toEqual(['bad', 'good']);
  });
}

function pairing(label: string, open: Open): void {
  test(`${label}: a remote id belongs to one server`, async () => {
    await using opened = await open();
    const { queue, elsewhere } = opened;
    const entity = { kind: 'experiment', id: '1' } as const;
    await queue.saveRemoteId(entity, { id: '7', artifactUri: '' });
    expect(await queue.findRemoteId(entity)).toEqual({ id: '7', artifactUri: '' });
    expect(await elsewhere.findRemoteId(entity)).toBeUndefined();
    await queue.saveRemoteId(entity, { id: '8', artifactUri: 'p' });
    expect(await queue.findRemoteId(entity)).toEqual({ id: '8', artifactUri: 'p' });
  });

  test(`${label}: the remote ids of versions follow a renamed model, and are deleted one by one`, async () => {
    await using opened = await open();
    const { queue } = opened;
    const entity = (id: string, version: number) => ({ kind: 'version', id, version }) as const;
    for (const version of [1, 2])
      await queue.saveRemoteId(entity('m', version), { id: `${version}0`, artifactUri: '' });
    await queue.renameModel('m', 'n');
    expect(await queue.findRemoteId(entity('m', 1))).toBeUndefined();
    await queue.deleteRemoteId(entity('n', 1));
    expect(await queue.findRemoteId(entity('n', 1))).toBeUndefined();
    expect(await queue.findRemoteId(entity('n', 2))).toEqual({ id: '20', artifactUri: '' });
  });

  test(`${label}: everything of a run that is older than the mirror is queued, and nothing twice`, async () => {
    await using opened = await open();
    const old = await startRun(opened, {
      name: 'o',
      params: { p: '1' },
      metrics: [point('m', Number.NaN, [3, 4])],
    });
    await opened.runs.update(old, { status: 'FINISHED', endedAt: 5 });
    await opened.watch();
    const recent = await startRun(opened, { name: 'n', params: { p: '1' } });
    const { queue } = opened;
    const begun = await linesOf(queue);
    await queue.saveRemoteId({ kind: 'run', id: recent }, { id: 'r', artifactUri: 'p' });
    expect(await linesOf(queue)).toEqual(begun);
    await queue.saveRemoteId({ kind: 'run', id: old }, { id: 'o', artifactUri: 'p' });
    await queue.saveRemoteId({ kind: 'run', id: old }, { id: 'o', artifactUri: 'p' });
    const filled = (await linesOf(queue)).slice(begun.length);
    expect(filled).toEqual(
      ['param p=1', 'tag mlflow.runName=o', 'point m', 'links', 'status =FINISHED'].map(
        (text) => `run:${old} ${text}`,
      ),
    );
    expect(
      (await changes(queue)).find(({ kind, stream }) => kind === 'point' && stream.endsWith(old)),
    ).toMatchObject({
      number: Number.NaN,
      step: 3,
      at: 4,
    });
    expect(await changes(queue, 'files')).toMatchObject([
      { stream: `files:${old}`, kind: 'folder', note: old },
    ]);
  });
}

function holding(label: string, open: Open): void {
  test(`${label}: one of several processes holds the lease until it expires`, async () => {
    await using opened = await open();
    const { queue } = opened;
    expect(await queue.acquireLease({ holder: 'a', now: 1000, until: 2000 })).toBe(true);
    expect(await queue.acquireLease({ holder: 'b', now: 1999, until: 3000 })).toBe(false);
    expect(await queue.acquireLease({ holder: 'a', now: 1999, until: 2500 })).toBe(true);
    expect(await queue.acquireLease({ holder: 'b', now: 2500, until: 3000 })).toBe(true);
    expect(await queue.acquireLease({ holder: 'a', now: 2999, until: 4000 })).toBe(false);
  });

  test(`${label}: a database has a name that never changes`, async () => {
    await using opened = await open();
    const { queue, elsewhere } = opened;
    const name = await queue.source();
    expect(name).not.toBe('');
    expect(await elsewhere.source()).toBe(name);
  });
}

/** The waiting changes of all streams, in order. */
async function changes(queue: MirrorQueue, group: StreamGroup = 'metadata'): Promise<readonly Change[]> {
  const found: Change[] = [];
  const except = [];
  for (;;) {
    const pending = await queue.next({ group, except, limit: 1000 });
    if (!pending) return found.toSorted((a, b) => a.id - b.id);
    found.push(...pending.changes);
    except.push(pending.stream);
  }
}

async function linesOf(queue: MirrorQueue): Promise<readonly string[]> {
  return (await changes(queue)).map(({ stream, kind, key, value }) =>
    `${stream} ${kind} ${key}${value === '' ? '' : `=${value}`}`.trim(),
  );
}
