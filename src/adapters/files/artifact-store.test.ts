import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { artifactPath } from '../../tracking/artifacts/path.ts';
import { artifactStoreContract } from '../../tracking/artifacts/store.contract.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { openFileArtifactStore } from './artifact-store.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-artifacts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function* content(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

artifactStoreContract('files', async () => {
  const folder = await temporaryFolder();
  return { store: await openFileArtifactStore(folder), again: () => openFileArtifactStore(folder) };
});

test('a file lies under its own name, and nothing unfinished stays', async () => {
  const folder = await temporaryFolder();
  await using store = await openFileArtifactStore(folder);
  await store.put(artifactPath('1/r/model.json'), content('{}'));
  const upload = await store.beginUpload(artifactPath('1/r/large'));
  const part = await store.putPart(artifactPath('1/r/large'), { upload, part: 1 }, content('large'));
  await store.completeUpload(artifactPath('1/r/large'), upload, [part]);
  expect(await readFile(join(folder, 'files/1/r/model.json'), 'utf8')).toBe('{}');
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  expect(await readdir(join(folder, 'uploads'))).toEqual([]);
});

interface Links {
  readonly store: ArtifactStore;
  readonly canary: string;
  readonly outside: string;
}

/** A store with links in its tree, to a file and a folder outside of it. */
async function openWithLinks(): Promise<Links> {
  const [folder, outside] = [await temporaryFolder(), await temporaryFolder()];
  const canary = join(outside, 'canary');
  await writeFile(canary, 'alive');
  const store = await openFileArtifactStore(join(folder, 'artifacts'));
  onTestFinished(() => store[Symbol.asyncDispose]());
  const files = join(folder, 'artifacts/files');
  await mkdir(join(files, 'd'));
  await symlink(canary, join(files, 'd/file-link'));
  await symlink(outside, join(files, 'd/folder-link'));
  await symlink(join(outside, 'none'), join(files, 'd/dangling'));
  await symlink('..', join(files, 'd/up'));
  return { store, canary, outside };
}

test.each(['d/file-link', 'd/folder-link/canary', 'd/dangling', 'd/up/d/file-link', 'd/folder-link'])(
  'nothing is read through the link %s',
  async (name) => {
    const { store } = await openWithLinks();
    await expect(store.open(artifactPath(name))).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(await store.stat(artifactPath(name))).toBeUndefined();
    expect(await store.list(artifactPath(name))).toEqual([]);
    expect(await store.list(artifactPath('d'))).toEqual([]);
  },
);

test.each(['d/file-link', 'd/folder-link/canary', 'd/folder-link/new', 'd/dangling', 'd/folder-link'])(
  'nothing is written or deleted through the link %s',
  async (name) => {
    const { store, canary, outside } = await openWithLinks();
    const path = artifactPath(name);
    await expect(store.put(path, content('changed'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(store.beginUpload(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await store.remove(path);
    expect(await readFile(canary, 'utf8')).toBe('alive');
    expect(await readdir(outside)).toEqual(['canary']);
  },
);

test('deleting a folder deletes the links in it and not what they point to', async () => {
  const { store, canary } = await openWithLinks();
  await store.remove(artifactPath('d'));
  expect(await store.list(artifactPath(''))).toEqual([]);
  expect(await readFile(canary, 'utf8')).toBe('alive');
});

test('a store reached through a link of its own is the store', async () => {
  const [folder, beside] = [await temporaryFolder(), await temporaryFolder()];
  await symlink(folder, join(beside, 'link'));
  await using store = await openFileArtifactStore(join(beside, 'link'));
  await store.put(artifactPath('d/a'), content('six'));
  expect(await store.stat(artifactPath('d/a'))).toEqual({ path: 'd/a', size: 3 });
});

test('an open file is the file of that moment, also when another takes its place', async () => {
  await using store = await openFileArtifactStore(await temporaryFolder());
  const path = artifactPath('d/a');
  await store.put(path, content('before'));
  await using opened = await store.open(path);
  await store.put(path, content('afterwards'));
  const read: Uint8Array[] = [];
  for await (const piece of opened.read()) read.push(piece);
  expect(Buffer.concat(read).toString()).toBe('before');
});

test('what nobody finished goes after a week, and not before', async () => {
  const folder = await temporaryFolder();
  const store = await openFileArtifactStore(folder);
  const upload = await store.beginUpload(artifactPath('a'));
  await store[Symbol.asyncDispose]();
  const begun = join(folder, 'uploads', upload);
  await writeFile(join(folder, 'tmp/half'), 'half');
  const now = Date.now();
  for (const path of [begun, join(folder, 'tmp/half')])
    await utimes(path, new Date(now - 6 * 86_400_000), new Date(now - 6 * 86_400_000));
  await openFileArtifactStore(folder, { now: () => now });
  expect((await stat(begun)).isDirectory()).toBe(true);
  await openFileArtifactStore(folder, { now: () => now + 2 * 86_400_000 });
  expect(await readdir(join(folder, 'uploads'))).toEqual([]);
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
});

test('a folder that is gone or cannot be written does not answer', async () => {
  const folder = await temporaryFolder();
  await using store = await openFileArtifactStore(folder);
  await rename(join(folder, 'files'), join(folder, 'elsewhere'));
  await expect(store.check()).rejects.toMatchObject({ code: 'STATE_UNWRITABLE', status: 507 });
  await rename(join(folder, 'elsewhere'), join(folder, 'files'));
  await store.check();
});
