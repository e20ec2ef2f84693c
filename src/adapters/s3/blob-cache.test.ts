import { spawnSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Digest, digestOf } from '../../kernel/digest.ts';
import { type BlobCache, openBlobCache } from './blob-cache.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-cache-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Ten bytes that begin with `name`. */
const bytesOf = (name: string): string => name.padEnd(10, '.');

async function add(cache: BlobCache, name: string): Promise<Digest> {
  const [file, digest] = [cache.unfinished(), digestOf(bytesOf(name))];
  await writeFile(file, bytesOf(name));
  expect(await readFile(await cache.add(digest, file), 'utf8')).toBe(bytesOf(name));
  return digest;
}

/** What another process finds afterwards. */
async function kept(folder: string, digests: readonly Digest[]): Promise<readonly boolean[]> {
  await using cache = await openBlobCache({ folder, limit: 1000 });
  const found: boolean[] = [];
  for (const digest of digests) found.push((await cache.find(digest)) !== undefined);
  return found;
}

test('copies are shared by the processes of a machine, and only their owner can read them', async () => {
  const folder = await temporaryFolder();
  await using one = await openBlobCache({ folder, limit: 100 });
  await using other = await openBlobCache({ folder, limit: 100 });
  const digest = await add(one, 'a');
  const path = (await other.find(digest)) ?? '';
  expect(await readFile(path, 'utf8')).toBe(bytesOf('a'));
  expect(await other.find(digestOf('never'))).toBeUndefined();
  for (const name of await readdir(folder, { recursive: true })) {
    const facts = await stat(join(folder, name));
    expect([name, facts.mode & 0o777]).toEqual([name, facts.isDirectory() ? 0o700 : 0o400]);
  }
});

test('over the limit, the copies that were not used for longest go first', async () => {
  const folder = await temporaryFolder();
  const later = Date.now() + 10_000_000;
  const openHere = () => openBlobCache({ folder, limit: 30 }, () => later);
  const digests: Digest[] = [];
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    await using cache = await openHere();
    digests.push(await add(cache, name));
    // In the future, so that the system does not note reads itself.
    await utimes(join(folder, 'files', digests[index] ?? ''), later / 1000 - 4000 + index, 1);
  }
  {
    await using cache = await openHere();
    await cache.find(digests[0] as Digest);
  }
  await using cache = await openHere();
  digests.push(await add(cache, 'd'));
  expect(await kept(folder, digests)).toEqual([true, false, true, true]);
});

test('a copy that a process uses stays, also one that it has open', async () => {
  const folder = await temporaryFolder();
  await using reader = await openBlobCache({ folder, limit: 10 });
  const digest = await add(reader, 'a');
  await using file = await open((await reader.find(digest)) ?? '');
  await using writer = await openBlobCache({ folder, limit: 10 });
  for (const name of ['b', 'c']) await add(writer, name);
  expect(await kept(folder, [digest])).toEqual([true]);
  expect(await file.readFile('utf8')).toBe(bytesOf('a'));
});

test('a server does not hold on to what it read once', async () => {
  const folder = await temporaryFolder();
  let time = 1_000_000;
  await using server = await openBlobCache({ folder, limit: 10 }, () => time);
  const first = await add(server, 'a');
  time += 3_000_000;
  const second = await add(server, 'b');
  expect(await kept(folder, [first, second]), 'within the hour').toEqual([true, true]);
  time += 1_000_000;
  const third = await add(server, 'c');
  expect(await kept(folder, [first, second, third])).toEqual([false, true, true]);
});

test('a copy that was changed is not used, and can be added again', async () => {
  const folder = await temporaryFolder();
  await using cache = await openBlobCache({ folder, limit: 100 });
  const digest = await add(cache, 'a');
  const path = join(folder, 'files', digest);
  await chmod(path, 0o600);
  await writeFile(path, bytesOf('b'));
  await utimes(path, 1, 1);
  expect(await cache.find(digest)).toBeUndefined();
  expect(await kept(folder, [digest])).toEqual([false]);
  await add(cache, 'a');
  expect(await kept(folder, [digest])).toEqual([true]);
});

test('one copy that many ask to keep at once is kept', async () => {
  await using cache = await openBlobCache({ folder: await temporaryFolder(), limit: 100 });
  await Promise.all(Array.from({ length: 20 }, () => add(cache, 'a')));
});

test('what a killed process left is removed, and what a process that lives has is not', async () => {
  const folder = await temporaryFolder();
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  for (const name of [`${gone}-x`, `${process.pid}-x`])
    for (const kind of ['leases', 'tmp']) await mkdir(join(folder, kind, name), { recursive: true });
  {
    await using _cache = await openBlobCache({ folder, limit: 100 });
  }
  for (const kind of ['leases', 'tmp'])
    expect(await readdir(join(folder, kind))).toEqual([`${process.pid}-x`]);
});

test('a folder that cannot be made is named', async () => {
  const folder = join(await temporaryFolder(), 'cache');
  await writeFile(folder, '');
  await expect(openBlobCache({ folder, limit: 100 })).rejects.toMatchObject({
    code: 'STATE_UNWRITABLE',
    detail: { field: 'cache folder', value: folder },
  });
});

test('the owner of the cache removes every lease, also of a killed process whose id is in use again', async () => {
  const folder = await temporaryFolder();
  // Never closed, as that of a killed process. Its lease has the id of this process, which is alive.
  const old = await add(await openBlobCache({ folder, limit: 10 }), 'old');
  await using owner = await openBlobCache({ folder, limit: 10, isOwner: true });
  expect(await owner.find(old)).toBeDefined();
  await using _task = await openBlobCache({ folder, limit: 10 });
  const leases = await readdir(join(folder, 'leases'));
  expect(leases).toHaveLength(2);
  await owner[Symbol.asyncDispose]();
  await using next = await openBlobCache({ folder, limit: 10, isOwner: true });
  const digest = await add(next, 'new');
  expect(await readdir(join(folder, 'files'))).toEqual([digest]);
});
