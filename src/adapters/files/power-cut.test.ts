import { mkdir, mkdtemp, open, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import { predictionRecord } from '../../serving/prediction-log.contract.ts';
import { artifactPath } from '../../tracking/artifacts/path.ts';
import { openFileArtifactStore } from './artifact-store.ts';
import { openFileBlobStore } from './blob-store.ts';
import { type DiskCalls, watchDisk } from './disk-calls.fixture.ts';
import { ensureFolder, replaceFile } from './durable.ts';
import { openPredictionLog } from './prediction-log.ts';
import { openFileResultStore } from './result-store.ts';

/** A folder that is there already, by its own name and not by a link's. */
async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelyard-power-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Everything in the folder but unfinished files, which a power cut may take. */
const finished =
  (folder: string) =>
  (path: string): boolean =>
    path.startsWith(folder) && !/\/tmp(\/|$)/.test(path.slice(folder.length));

function expectOnDisk(disk: DiskCalls, folder: string): void {
  expect(disk.notOnDisk(finished(folder))).toEqual([]);
  expect(disk.renamedEarly).toEqual([]);
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  for (const piece of text.split(' ')) yield Buffer.from(piece);
}

test('the watch sees bytes and names that are not on disk, and a file that is renamed too early', async () => {
  const folder = await temporaryFolder();
  using disk = await watchDisk();
  await mkdir(join(folder, 'a/b'), { recursive: true });
  const file = await open(join(folder, 'a/b/new'), 'w');
  await file.writeFile('text');
  expect(disk.notOnDisk()).toEqual([
    `names in ${folder}/a`,
    `names in ${folder}`,
    `names in ${folder}/a/b`,
    `bytes of ${folder}/a/b/new`,
  ]);
  await rename(join(folder, 'a/b/new'), join(folder, 'a/b/final'));
  expect(disk.renamedEarly).toEqual([`${folder}/a/b/final`]);
  expect(disk.notOnDisk()).toContain(`bytes of ${folder}/a/b/final`);
  await file.close();
  for (const path of ['a/b', 'a', '', 'a/b/final']) {
    await using opened = await open(join(folder, path), 'r');
    await opened.sync();
  }
  expect(disk.notOnDisk()).toEqual([]);
  expect(disk.syncs).toBe(4);
});

test('a blob is on disk when it is put, as bytes, as a stream and as a file, with its folder', async () => {
  const folder = await temporaryFolder();
  using disk = await watchDisk();
  await using blobs = await openFileBlobStore(join(folder, 'blobs'));
  expectOnDisk(disk, folder);
  await blobs.put('some bytes');
  expectOnDisk(disk, folder);
  await blobs.putStream(pieces('a stream of bytes'));
  expectOnDisk(disk, folder);
  await using scratch = await blobs.scratch();
  await writeFile(join(scratch.path, 'made-elsewhere'), 'a file of bytes');
  const before = disk.syncs;
  await blobs.putFile(join(scratch.path, 'made-elsewhere'));
  expectOnDisk(disk, folder);
  expect(
    disk.syncs - before,
    'the file that others wrote, its folder and the name of that',
  ).toBeGreaterThanOrEqual(3);
});

test('a result is on disk when it is saved, and the pointer to it', async () => {
  const folder = await temporaryFolder();
  using disk = await watchDisk();
  const results = await openFileResultStore(join(folder, 'results'));
  const result = { key: digestOf('key'), task: 'a.train', outputs: {}, facts: {}, startedAt: 1, endedAt: 2 };
  await results.save(result);
  expectOnDisk(disk, folder);
  await results.save({ ...result, endedAt: 3 });
  expectOnDisk(disk, folder);
});

test('an artifact is on disk when it is put, in one go or in parts, and when it is removed', async () => {
  const folder = await temporaryFolder();
  using disk = await watchDisk();
  await using artifacts = await openFileArtifactStore(join(folder, 'artifacts'));
  expectOnDisk(disk, folder);
  const path = artifactPath('1/run/artifacts/model/weights.bin');
  await artifacts.put(path, pieces('some weights'));
  expectOnDisk(disk, folder);
  const parted = artifactPath('1/run/artifacts/parts.bin');
  const upload = await artifacts.beginUpload(parted);
  expectOnDisk(disk, folder);
  const part = await artifacts.putPart(parted, { upload, part: 1 }, pieces('a part'));
  expectOnDisk(disk, folder);
  await artifacts.completeUpload(parted, upload, [part]);
  expectOnDisk(disk, folder);
  await artifacts.remove(path);
  expectOnDisk(disk, folder);
});

test('under sync a prediction is on disk when it is acknowledged, with its segment', async () => {
  const folder = await temporaryFolder();
  using disk = await watchDisk();
  await using log = await openPredictionLog(join(folder, 'predictions'), {
    segmentBytes: 1000,
  });
  expectOnDisk(disk, folder);
  for (let at = 0; at < 8; at++) {
    expect(await log.append([predictionRecord(1_700_000_000_000 + at)], 'sync')).toBe(true);
    expectOnDisk(disk, folder);
  }
});

test('under async a prediction is on disk when the log is closed', async () => {
  const folder = await temporaryFolder();
  using disk = await watchDisk();
  const log = await openPredictionLog(join(folder, 'predictions'));
  await log.append([predictionRecord(1_700_000_000_000)], 'async');
  await log[Symbol.asyncDispose]();
  expectOnDisk(disk, folder);
  expect(disk.syncs).toBeGreaterThanOrEqual(3);
});

test('a state file that is replaced is on disk, with all folders above it', async () => {
  const folder = await temporaryFolder();
  using disk = await watchDisk();
  await ensureFolder(join(folder, 'a/b/c'));
  expectOnDisk(disk, folder);
  await replaceFile(join(folder, 'x/y/state.json'), { temporaryFolder: join(folder, 'tmp'), content: '{}' });
  expectOnDisk(disk, folder);
});
