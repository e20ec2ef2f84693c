import { chmod, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { blobStoreContract } from '../../data/blob-store.contract.ts';
import { digestOf } from '../../kernel/digest.ts';
import { openFileBlobStore } from './blob-store.ts';
import { writeSynced, writing } from './durable.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-blobs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const pathOf = (folder: string, digest: string): string =>
  join(folder, 'sha256', digest.slice(0, 2), digest.slice(2));

async function damage(path: string, text: string): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, text);
}

blobStoreContract('files', async () => openFileBlobStore(await temporaryFolder()));

test('a blob is a read-only file named by its digest, and nothing unfinished stays', async () => {
  const folder = await temporaryFolder();
  await using blobs = await openFileBlobStore(folder);
  const { digest } = await blobs.put('four byes');
  const facts = await stat(pathOf(folder, digest));
  expect(facts.mode & 0o777).toBe(0o400);
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
});

test.each(['read', 'localPath'] as const)(
  '%s refuses a damaged blob once, and putting it again heals it',
  async (way) => {
    const folder = await temporaryFolder();
    await using blobs = await openFileBlobStore(folder);
    const { digest } = await blobs.put('leg before wicket');
    await damage(pathOf(folder, digest), 'leg before wickeT');
    await expect(blobs[way](digest)).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      detail: { field: pathOf(folder, digest) },
    });
    expect(await blobs.has(digest)).toBe(false);
    const [aside = ''] = await readdir(join(folder, 'damaged'));
    expect(await readFile(join(folder, 'damaged', aside), 'utf8')).toBe('leg before wickeT');
    await blobs.put('leg before wicket');
    expect(new TextDecoder().decode(await blobs.read(digest))).toBe('leg before wicket');
  },
);

test('a file that changed after it was verified is looked at again', async () => {
  const folder = await temporaryFolder();
  await using blobs = await openFileBlobStore(folder);
  const { digest } = await blobs.put('run out');
  await blobs.localPath(digest);
  await damage(pathOf(folder, digest), 'run oUt and more');
  await expect(blobs.localPath(digest)).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
});

test('a cut-off blob is written over by the next put', async () => {
  const folder = await temporaryFolder();
  await using blobs = await openFileBlobStore(folder);
  const { digest } = await blobs.put('hit wicket');
  await damage(pathOf(folder, digest), 'hit');
  await blobs.put('hit wicket');
  expect(await readFile(await blobs.localPath(digest), 'utf8')).toBe('hit wicket');
});

test('a file in the place of the folder is named, with what to do', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'state'), '');
  await expect(openFileBlobStore(join(folder, 'state'))).rejects.toMatchObject({
    code: 'STATE_UNWRITABLE',
    detail: { field: join(folder, 'state'), remedy: expect.stringContaining('--state') },
  });
});

test.skipIf(process.platform !== 'linux')('a full disk is named as one (needs /dev/full)', async () => {
  await expect(writing('/dev/full', () => writeSynced('/dev/full', 'x'))).rejects.toMatchObject({
    code: 'STATE_UNWRITABLE',
    detail: { field: '/dev/full', value: 'ENOSPC' },
  });
});

test('unfinished files of a killed process go after a week, and not before', async () => {
  const folder = await temporaryFolder();
  await using before = await openFileBlobStore(folder);
  const scratch = await before.scratch();
  await writeFile(join(scratch.path, 'rows.parquet'), 'half');
  await utimes(scratch.path, 1_000, 1_000);
  await using early = await openFileBlobStore(folder, { now: () => 1_000_000 + 6 * 86_400_000 });
  expect((await stat(scratch.path)).isDirectory()).toBe(true);
  await using late = await openFileBlobStore(folder, { now: () => 1_000_000 + 8 * 86_400_000 });
  await expect(stat(scratch.path)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await early.has(digestOf(''))).toBe(await late.has(digestOf('')));
});
