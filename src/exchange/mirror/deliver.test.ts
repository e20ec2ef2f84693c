import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import { emptySqlite } from '../../adapters/sql/empty-sqlite.fixture.ts';
import { mirrorStores } from '../../adapters/sql/mirror/mirror.fixture.ts';
import { newRunId, type RunId } from '../../kernel/ids.ts';
import type { LogFields } from '../../kernel/log.ts';
import { artifactPath } from '../../tracking/artifacts/path.ts';
import { pairs, point, startRun } from '../../tracking/run-stores.fixture.ts';
import { streamOf } from './change.ts';
import { type Delivered, type DeliverDeps, openDeliverer } from './deliver.ts';
import { type Luck, fakeServer } from './fake-server.fixture.ts';
import { putAlias } from '../../registry/store.fixture.ts';
import { mirroredArtifacts } from './artifacts.ts';

/** A database that is watched, an artifact store, and a made-up server to mirror them to. */
async function openBoth() {
  const stores = mirrorStores(await emptySqlite(), 'sqlite');
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-mirror-'));
  const kept = await openFileArtifactStore(folder);
  await stores.watch();
  const warned: LogFields[] = [];
  const counted = { sent: 0, failed: 0 };
  const server = fakeServer();
  const artifacts = mirroredArtifacts(kept, stores.queue);
  const deps: DeliverDeps = {
    ...stores,
    target: server.target,
    artifacts,
    prefix: 'team/',
    now: () => Date.now(),
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, error() {}, warn: (_message, fields = {}) => void warned.push(fields) },
    meter: {
      count: (metric, _labels, by = 1) => void (counted[metric.includes('sent') ? 'sent' : 'failed'] += by),
      observe() {},
      set() {},
    },
  };
  return {
    ...stores,
    artifacts,
    server,
    warned,
    counted,
    /** A new process without the memory of an earlier one. */
    process: () => openDeliverer(deps),
    async [Symbol.asyncDispose]() {
      await stores[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

type Both = Awaited<ReturnType<typeof openBoth>>;

/** Delivers until the queue is empty or the outcome is another. */
async function deliverAll({ queue, process }: Both, deliverer = process()): Promise<readonly Delivered[]> {
  const outcomes: Delivered[] = [];
  for (let turns = 0; turns < 100; turns += 1) {
    const pending =
      (await queue.next({ group: 'metadata', except: [], limit: 3000 })) ??
      (await queue.next({ group: 'files', except: [], limit: 50 }));
    if (!pending) break;
    const outcome = await deliverer.deliver(pending);
    outcomes.push(outcome);
    if (outcome.kind !== 'sent') break;
  }
  return outcomes;
}

/** The given outcome once, for the first request that matches. */
function once(pattern: RegExp, luck: Luck): (request: string) => Luck {
  let isOver = false;
  return (request) => {
    if (isOver || !pattern.test(request)) return undefined;
    isOver = true;
    return luck;
  };
}

function onlyRun({ server }: Both) {
  expect(server.runs.size).toBe(1);
  const [run] = server.runs.values();
  if (!run) throw new RangeError('there is no run');
  return run;
}

const points = Array.from({ length: 2500 }, (_, step) => point('loss', 1 / (step + 1), [step, step]));

test('a run is there with all that it logged, in few requests, under a name with the prefix', async () => {
  await using both = await openBoth();
  const experimentId = await both.experiments.create({ name: 'e', tags: [], now: 1 });
  const id = await startRun(both, { experimentId, name: 'r', params: { p: '1' }, tags: { t: '1' } });
  for (let at = 0; at < points.length; at += 100)
    await both.runs.log(id, { metrics: points.slice(at, at + 100) });
  await both.runs.log(id, { tags: pairs({ t: '2', u: 'x' }) });
  await both.runs.deleteTag(id, 'u');
  await both.runs.update(id, { status: 'FINISHED', endedAt: 9 });
  await deliverAll(both);
  const run = onlyRun(both);
  expect(run).toMatchObject({ name: 'r', status: 'FINISHED', endedAt: 9 });
  expect(run.points).toEqual(points);
  expect([...run.params]).toEqual([['p', '1']]);
  expect(Object.fromEntries(run.tags)).toEqual({ 'modelyard.run_id': id, 'mlflow.runName': 'r', t: '2' });
  expect([...both.server.experiments.values()]).toEqual([{ name: 'team/e', lifecycle: 'active' }]);
  expect(both.server.requests.filter((request) => request.startsWith('runs.log'))).toHaveLength(3);
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 0 });
  expect(both.counted.failed).toBe(0);
});

test.each([
  ['experiments.create'],
  ['runs.create'],
  ['runs.log'],
  ['runs.end'],
  ['createVersion'],
  ['setAlias'],
  ['files.put'],
])('a response to %s that is lost in a crash doubles nothing', async (request) => {
  await using both = await openBoth();
  const id = await startRun(both, { params: { p: '1' }, metrics: points.slice(0, 30) });
  await both.runs.update(id, { status: 'FAILED', endedAt: 5 });
  await both.registry.createModel({ name: 'm', description: '', tags: {}, at: 1 });
  await both.registry.createVersion(versionOf(id));
  await putAlias(both.registry, { model: 'm', version: 1, alias: 'prod' }, { by: 'asha', at: 3 });
  await both.artifacts.put(artifactPath(`0/${id}/artifacts/a.txt`), bytes('text'));
  both.server.luck = once(new RegExp(`^${request}`), 'lost');
  expect((await deliverAll(both)).at(-1)?.kind).toBe('away');
  await deliverAll(both);
  const run = onlyRun(both);
  expect(run.points).toEqual(points.slice(0, 30));
  expect(run.status).toBe('FAILED');
  expect([...run.files]).toEqual([['a.txt', 'text']]);
  expect([...both.server.versions.keys()]).toEqual(['m 10']);
  expect([...both.server.aliases]).toEqual([['m@prod', '10']]);
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 0 });
});

test('a lost response doubles nothing in the same process either', async () => {
  await using both = await openBoth();
  const deliverer = both.process();
  const id = await startRun(both, { metrics: points.slice(0, 5) });
  both.server.luck = once(/^runs\.log/, 'lost');
  await deliverAll(both, deliverer);
  await both.runs.log(id, { metrics: points.slice(5, 9) });
  await deliverAll(both, deliverer);
  expect(onlyRun(both).points).toEqual(points.slice(0, 9));
  await both.runs.log(id, { metrics: points.slice(9, 12) });
  await deliverAll(both, deliverer);
  expect(both.server.requests.filter((request) => request.startsWith('runs.history'))).toHaveLength(1);
  expect(onlyRun(both).points).toEqual(points.slice(0, 12));
});

test('a change that is refused is set aside alone, logged once, and sent when it is tried again', async () => {
  await using both = await openBoth();
  const params = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`p${at}`, at === 41 ? 'too long' : '1']),
  );
  const id = await startRun(both, { params, metrics: points.slice(0, 4) });
  const other = await startRun(both, { params: { q: '1' } });
  expect((await deliverAll(both)).every(({ kind }) => kind === 'sent')).toBe(true);
  const [run, second] = [...both.server.runs.values()];
  expect(run?.params.size).toBe(59);
  expect(run?.points).toHaveLength(4);
  expect(second?.tags.get('modelyard.run_id')).toBe(other);
  expect(await both.queue.refused(9)).toMatchObject([
    { change: { stream: streamOf('run', id), key: 'p41' } },
  ]);
  expect(both.warned).toMatchObject([{ stream: streamOf('run', id), key: 'p41', changes: 1 }]);
  expect(both.counted.failed).toBe(1);
  await both.queue.retry();
  await deliverAll(both);
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 1 });
});

test('a run that the server will not make is set aside with all its changes, and other runs are sent', async () => {
  await using both = await openBoth();
  await startRun(both, { params: { p: '1' } });
  const good = await startRun(both, { params: { p: '1' } });
  both.server.luck = once(/^runs\.create/, 'refused');
  await deliverAll(both);
  expect(onlyRun(both).tags.get('modelyard.run_id')).toBe(good);
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 3 });
  expect(both.warned).toHaveLength(1);
});

test('a request that the server fails at again and again is set aside in the end', async () => {
  await using both = await openBoth();
  const id = await startRun(both, { params: { p: '1' } });
  await both.runs.update(id, { status: 'KILLED', endedAt: 5 });
  both.server.luck = (request) => (request.startsWith('runs.log') ? 'failed' : undefined);
  const deliverer = both.process();
  const times: number[] = [];
  for (;;) {
    const [outcome] = await deliverAll(both, deliverer);
    if (outcome?.kind !== 'failed') break;
    times.push(outcome.attempts);
  }
  expect(times).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(onlyRun(both).status).toBe('KILLED');
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 2 });
});

test('a success forgets the failures before it', async () => {
  await using both = await openBoth();
  const deliverer = both.process();
  const id = await startRun(both, { params: { p: '1' } });
  const attemptsAt = async (): Promise<number | undefined> => {
    const outcome = (await deliverAll(both, deliverer)).at(-1);
    return outcome?.kind === 'failed' ? outcome.attempts : undefined;
  };
  both.server.luck = (request) => (request.startsWith('runs.log') ? 'failed' : undefined);
  expect([await attemptsAt(), await attemptsAt(), await attemptsAt()]).toEqual([1, 2, 3]);
  both.server.luck = () => undefined;
  expect(await attemptsAt()).toBeUndefined();
  await both.runs.log(id, { tags: pairs({ t: '1' }) });
  both.server.luck = (request) => (request.startsWith('runs.log') ? 'failed' : undefined);
  expect(await attemptsAt()).toBe(1);
});

test('a change that is sent forgets the failures of its stream, though the next change fails', async () => {
  await using both = await openBoth();
  const deliverer = both.process();
  const id = await startRun(both, { params: { p: '1' } });
  await both.runs.update(id, { status: 'FINISHED', endedAt: 5 });
  const fail = (pattern: RegExp) => (request: string) => (pattern.test(request) ? 'failed' : undefined);
  both.server.luck = fail(/^runs\.log/);
  for (let failure = 1; failure <= 7; failure += 1) await deliverAll(both, deliverer);
  both.server.luck = fail(/^runs\.end/);
  expect((await deliverAll(both, deliverer)).at(-1)).toEqual({ kind: 'failed', attempts: 1 });
  both.server.luck = () => undefined;
  await deliverAll(both, deliverer);
  expect(onlyRun(both)).toMatchObject({ status: 'FINISHED' });
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 0 });
});

test('a change that is set aside forgets the failures of its stream', async () => {
  await using both = await openBoth();
  const deliverer = both.process();
  const id = await startRun(both, { params: { p: '1' } });
  await both.runs.update(id, { status: 'FINISHED', endedAt: 5 });
  both.server.luck = (request) => (/^runs\.(log|end)/.test(request) ? 'failed' : undefined);
  for (let failure = 1; failure <= 8; failure += 1) await deliverAll(both, deliverer);
  expect((await deliverAll(both, deliverer)).at(-1)).toEqual({ kind: 'failed', attempts: 1 });
  expect((await both.queue.refused(9)).map(({ change }) => change.kind)).toEqual(['tag', 'param']);
});

test('a deletion that needs no request forgets the failures of its stream', async () => {
  await using both = await openBoth();
  const deliverer = both.process();
  const id = await both.experiments.create({ name: 'e', tags: [], now: 1 });
  both.server.luck = () => 'failed';
  for (let failure = 1; failure <= 3; failure += 1) await deliverAll(both, deliverer);
  const created = await both.queue.next({ group: 'metadata', except: [], limit: 9 });
  await both.queue.done((created?.changes ?? []).map((change) => change.id));
  await both.experiments.delete(id, 2);
  expect((await deliverAll(both, deliverer)).at(-1)).toEqual({ kind: 'sent' });
  await both.experiments.restore(id, 3);
  expect((await deliverAll(both, deliverer)).at(-1)).toEqual({ kind: 'failed', attempts: 1 });
});

test('of a request that fails too often only the change that it fails at is set aside', async () => {
  await using both = await openBoth();
  const params = Object.fromEntries(
    Array.from({ length: 16 }, (_, at) => [`p${at}`, at === 11 ? 'bad' : '1']),
  );
  await startRun(both, { params });
  const deliverer = both.process();
  both.server.failsAt = (value) => value === 'bad';
  let turns = 0;
  while ((await deliverAll(both, deliverer)).at(-1)?.kind === 'failed') turns += 1;
  expect(turns).toBe(8);
  expect(onlyRun(both).params.size).toBe(15);
  expect(await both.queue.refused(9)).toMatchObject([{ change: { key: 'p11' } }]);
});

test('what a run logged before its experiment was deleted is there before it is', async () => {
  await using both = await openBoth();
  const experimentId = await both.experiments.create({ name: 'e', tags: [], now: 1 });
  await startRun(both, { experimentId, metrics: points.slice(0, 3) });
  await both.experiments.delete(experimentId, 2);
  await deliverAll(both);
  expect(onlyRun(both)).toMatchObject({ lifecycle: 'deleted', points: points.slice(0, 3) });
  expect([...both.server.experiments.values()]).toMatchObject([{ lifecycle: 'deleted' }]);
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 0 });
});

test('a run that is older than the mirror is copied in full when it changes, and not at all when it is only deleted', async () => {
  await using both = await openBoth();
  await both.ignore();
  const old = await startRun(both, { name: 'old', params: { p: '1' }, metrics: points.slice(0, 3) });
  await both.artifacts.put(artifactPath(`0/${old}/artifacts/deep/a.txt`), bytes('old'));
  const gone = await startRun(both);
  const { queue } = both;
  const queued = await queue.next({ group: 'files', except: [], limit: 9 });
  await queue.done((queued?.changes ?? []).map(({ id }) => id));
  await both.watch();
  await both.runs.delete(gone, 5);
  await both.runs.log(old, { metrics: points.slice(3, 5) });
  await deliverAll(both);
  const run = onlyRun(both);
  expect(run.tags.get('modelyard.run_id')).toBe(old);
  expect(run.points).toEqual(expect.arrayContaining(points.slice(0, 5)));
  expect(run.points).toHaveLength(5);
  expect([...run.files]).toEqual([['deep/a.txt', 'old']]);
});

test('our ids become remote ids: a parent, the models that a run logged, a source', async () => {
  await using both = await openBoth();
  const parent = await startRun(both);
  const id = await startRun(both, { tags: { 'mlflow.parentRunId': parent } });
  await both.runs.log(id, { tags: pairs({ 'mlflow.log-model.history': `[{"run_id":"${id}"}]` }) });
  await both.registry.createModel({ name: 'm', description: '', tags: {}, at: 1 });
  const source = `mlflow-artifacts:/0/${id}/artifacts/model`;
  await both.registry.createVersion(versionOf(id, source));
  await both.registry.createVersion(versionOf(id, `runs:/${id}/model`));
  await both.registry.createVersion(versionOf(id, 's3://elsewhere/model'));
  await deliverAll(both);
  const idOf = (runId: RunId) =>
    [...both.server.runs].find(([, run]) => run.tags.get('modelyard.run_id') === runId)?.[0];
  const tags = both.server.runs.get(idOf(id) ?? '')?.tags;
  expect(tags?.get('mlflow.parentRunId')).toBe(idOf(parent));
  expect(tags?.get('mlflow.log-model.history')).toBe(`[{"run_id":"${idOf(id)}"}]`);
  expect([...both.server.versions.values()].map(({ source, runId }) => [source, runId])).toEqual(
    [`artifacts/${idOf(id)}/model`, `runs:/${idOf(id)}/model`, 's3://elsewhere/model'].map((source) => [
      source,
      idOf(id),
    ]),
  );
});

test('a point that was logged for a model is there once, for a server without models too', async () => {
  await using both = await openBoth();
  const id = `m-${newRunId()}`;
  const model = {
    id,
    experimentId: '0',
    name: 'l',
    modelType: '',
    sourceRunId: '',
    params: [],
    tags: [],
    now: 1,
  };
  await both.loggedModels.create(model);
  const log = async (): Promise<void> => {
    const run = await startRun(both);
    await both.runs.log(run, { metrics: [{ ...point('m', 1), modelId: id }, point('m', 2, [1, 1])] });
  };
  await log();
  both.server.luck = (request) => (request.startsWith('models.') ? 'refused' : undefined);
  await deliverAll(both);
  both.server.luck = () => undefined;
  await both.queue.retry();
  await log();
  await deliverAll(both, both.process());
  const [first, second] = [...both.server.runs.values()].map(({ points: logged }) => logged);
  expect(first?.toSorted((a, b) => a.value - b.value)).toEqual([point('m', 1), point('m', 2, [1, 1])]);
  expect(second).toHaveLength(2);
  expect(second).toContainEqual({ ...point('m', 1), modelId: 'remote-model' });
  expect(await both.queue.backlog()).toMatchObject({ waiting: 0, refused: 0 });
});

test('a model that was renamed before it was sent is there under both names, one after the other', async () => {
  await using both = await openBoth();
  await both.registry.createModel({ name: 'm', description: '', tags: {}, at: 1 });
  await both.registry.createVersion(versionOf(newRunId()));
  await both.registry.renameModel('m', { name: 'n', at: 3 });
  await putAlias(both.registry, { model: 'n', version: 1, alias: 'prod' }, { by: 'asha', at: 3 });
  await deliverAll(both);
  expect(
    both.server.requests.filter((request) => /^(createVersion|renameModel|setAlias)/.test(request)),
  ).toEqual(['createVersion m', 'renameModel m n', 'setAlias prod']);
  expect([...both.server.aliases]).toEqual([['n@prod', '10']]);
});

test('a file is sent as it is now, one that was deleted is deleted, and what is in no run stays here', async () => {
  await using both = await openBoth();
  const id = await startRun(both);
  const at = (name: string) => artifactPath(`0/${id}/artifacts/${name}`);
  for (const text of ['first', 'second']) await both.artifacts.put(at('a.txt'), bytes(text));
  await both.artifacts.put(at('b.txt'), bytes('b'));
  await deliverAll(both);
  await both.artifacts.remove(at('b.txt'));
  await both.artifacts.put(artifactPath('elsewhere/c.txt'), bytes('c'));
  await deliverAll(both);
  expect([...onlyRun(both).files]).toEqual([['a.txt', 'second']]);
  expect(both.server.requests.filter((request) => request === 'files.put a.txt')).toHaveLength(1);
  await both.artifacts.remove(artifactPath(`0/${id}/artifacts`));
  expect((await both.queue.backlog()).waiting).toBe(0);
  expect((await both.queue.backlog()).waiting).toBe(0);
});

function versionOf(runId: string, source = 's3://b/m') {
  const from = {
    source,
    storage: source.startsWith('runs:') ? `mlflow-artifacts:/0/${runId}/artifacts` : source,
  };
  const rest = { runLink: '', loggedModelId: undefined, description: '', tags: {}, at: 2 };
  return { model: 'm', runId, ...from, ...rest };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
