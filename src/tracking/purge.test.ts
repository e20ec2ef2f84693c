import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileArtifactStore } from '../adapters/files/artifact-store.ts';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { purgeStores } from '../adapters/sql/purge/purge.fixture.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import { artifactPath, rootPath } from './artifacts/path.ts';
import type { ArtifactStore } from './artifacts/store.ts';
import { purge, type PurgeDeps } from './purge.ts';
import type { OpenPurge } from './purge-store.contract.ts';
import { readRun, startRun } from './run-stores.fixture.ts';

const everything = {
  runs: [],
  loggedModels: [],
  experiments: [],
  registeredModels: [],
  deletedBefore: 1000,
};

interface Opened extends PurgeDeps {
  readonly stores: OpenPurge;
  readonly files: ArtifactStore;
}

async function open(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-purge-'));
  const stores = purgeStores(await emptySqlite());
  onTestFinished(async () => {
    await stores[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const files = await openFileArtifactStore(folder);
  return { stores, files, store: stores.purge, artifacts: files, now: () => 900 };
}

/** A deleted run with a file. @returns its id */
async function deletedRun({ stores, files }: Opened, experimentId = '0'): Promise<RunId> {
  const run = await startRun(stores, { experimentId });
  async function* content(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(run);
  }
  await files.put(artifactPath(`${experimentId}/${run}/artifacts/a/b.txt`), content());
  await stores.runs.delete(run, 5);
  return run;
}

test('an experiment takes the files of its runs along, and those of others stay', async () => {
  const opened = await open();
  const { stores, files } = opened;
  const experiment = await stores.experiments.create({ name: 'e', tags: [], now: 1 });
  const other = await deletedRun(opened);
  await stores.runs.restore(other);
  for (let count = 0; count < 3; count += 1) await deletedRun(opened, experiment);
  await stores.experiments.delete(experiment, 6);
  expect(await purge(everything, opened)).toMatchObject({ kept: [], foldersRemoved: 4, left: [] });
  expect((await files.list(rootPath)).map(({ path }) => path)).toEqual(['0']);
  expect(await files.stat(artifactPath(`0/${other}/artifacts/a/b.txt`))).toBeDefined();
});

test('a purge that ended between the tables and the files is finished by the next', async () => {
  const opened = await open();
  const run = await deletedRun(opened);
  const { go } = await opened.store.plan(everything);
  await opened.store.remove(go, 900);
  expect(await opened.stores.runs.get(run)).toBeUndefined();
  expect(await opened.files.list(rootPath)).toHaveLength(1);
  expect(await purge({ ...everything, runs: [run] }, opened)).toEqual({
    gone: [],
    kept: [{ kind: 'run', id: run, why: 'not found, or already purged' }],
    foldersRemoved: 1,
    elsewhere: [],
    left: [],
  });
  expect(await opened.files.list(rootPath)).toEqual([]);
});

test('files of a run whose id came back in the meantime stay', async () => {
  const opened = await open();
  const run = await deletedRun(opened);
  const { go } = await opened.store.plan(everything);
  await opened.store.remove(go, 900);
  const again = { id: run, experimentId: '0', name: 'r', user: '', startedAt: 1, tags: [] };
  await opened.stores.runs.create(again);
  expect(await purge(everything, opened)).toMatchObject({ foldersRemoved: 0, elsewhere: [], left: [] });
  expect(await opened.files.stat(artifactPath(`0/${run}/artifacts/a/b.txt`))).toBeDefined();
});

test('artifacts in a store of the clients are told and left', async () => {
  const opened = await open();
  const { stores } = opened;
  const artifactLocation = 's3://bucket/team';
  const experimentId = await stores.experiments.create({ name: 'e', artifactLocation, tags: [], now: 1 });
  const run = await startRun(stores, { experimentId });
  await stores.experiments.delete(experimentId, 5);
  expect(await purge(everything, opened)).toMatchObject({
    foldersRemoved: 0,
    elsewhere: [`s3://bucket/team/${run}/artifacts`],
  });
  expect(await opened.store.folders(9)).toEqual([]);
});

test('a store that does not answer leaves the folders for the next purge', async () => {
  const opened = await open();
  const runs = [await deletedRun(opened), await deletedRun(opened)];
  const detail = { field: 'bucket', value: 'b', remedy: 'Try again.' };
  const remove = () => Promise.reject(new PlatformError('NOT_READY', detail));
  const report = await purge(everything, { ...opened, artifacts: { remove } });
  expect(report.gone.map(({ id }) => id).toSorted()).toEqual(runs.toSorted());
  expect(report.left.map(({ why }) => why)).toEqual(Array(2).fill('not ready: Try again (bucket: "b")'));
  expect(await purge(everything, opened)).toMatchObject({ gone: [], foldersRemoved: 2, left: [] });
  expect(await opened.files.list(rootPath)).toEqual([]);
});

test('what is restored while it is purged is told as kept', async () => {
  const opened = await open();
  const run = await deletedRun(opened);
  const plan: PurgeDeps['store']['plan'] = async (selection) => {
    const planned = await opened.store.plan(selection);
    await opened.stores.runs.restore(run);
    return planned;
  };
  const report = await purge(everything, { ...opened, store: { ...opened.store, plan } });
  expect(report.kept).toEqual([{ kind: 'run', id: run, why: 'it was restored, or is needed by now' }]);
  expect((await readRun(opened.stores, run)).info.lifecycle).toBe('active');
});
