import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appendFile, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { simulation } from '../project/tables/origin.ts';
import { openFolder, openLocalBlobs, type LocalBlobs } from './local-blobs.fixture.ts';
import { writeSimulated } from './simulated.ts';
import { openSnapshot, type Snapshot, type SnapshotOptions, takeSnapshot } from './operations.ts';

/** Far enough after the files were written that their times can be trusted. */
const later = Date.now() + 60_000;

function take(
  from: SnapshotOptions['from'],
  blobs: LocalBlobs,
  more: { previous?: Snapshot; projectFolder?: string; now?: number } = {},
): Promise<Snapshot> {
  const { previous, projectFolder = '/', now = later } = more;
  const stored = previous && { files: previous.files, facts: JSON.parse(JSON.stringify(previous.facts)) };
  return takeSnapshot({ from, blobs, projectFolder, previous: stored, now: () => now });
}

test('a folder is every file below it, in order of name', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({
    'b.json': 'b',
    'a/2.json': '2',
    'a/10.json': '10',
    '.DS_Store': 'x',
    '.git/HEAD': 'x',
  });
  const { files, facts } = await take(folder.path, blobs);
  expect(files).toEqual([
    { name: 'a/10.json', digest: digestOf('10'), size: 2 },
    { name: 'a/2.json', digest: digestOf('2'), size: 1 },
    { name: 'b.json', digest: digestOf('b'), size: 1 },
  ]);
  expect(facts).toMatchObject({
    from: folder.path,
    files: 3,
    bytes: 4,
    fetchedAt: later,
    checkedAt: later,
    etag: null,
    simulated: false,
  });
});

test('linked files and folders are read once, and a folder linked into itself ends', async () => {
  await using blobs = await openLocalBlobs();
  await using elsewhere = await openFolder({ 'x.csv': 'x' });
  await using folder = await openFolder({ 'a.csv': 'a' });
  await symlink(elsewhere.path, join(folder.path, 'linked'));
  await symlink(folder.path, join(folder.path, 'self'));
  expect((await take(folder.path, blobs)).files.map(({ name }) => name)).toEqual(['a.csv', 'linked/x.csv']);
});

test('a file, by a path relative to the project or to the home folder', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ 'data/bars.csv': 'x' });
  const expected = [{ name: 'bars.csv', digest: digestOf('x'), size: 1 }];
  expect((await take('data/bars.csv', blobs, { projectFolder: folder.path })).files).toEqual(expected);
  const fromTilde = `~/${relative(homedir(), join(folder.path, 'data/bars.csv'))}`;
  expect((await take(fromTilde, blobs)).files).toEqual(expected);
});

test('a file that has not changed is not read again', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ a: 'a', b: 'b' });
  const first = await take(folder.path, blobs);
  const again = await take(folder.path, blobs, { previous: first, now: later + 5 });
  expect(blobs.puts()).toBe(2);
  expect(again).toEqual({ files: first.files, facts: { ...first.facts, checkedAt: later + 5 } });
  await appendFile(join(folder.path, 'b'), '!');
  const changed = await take(folder.path, blobs, { previous: again, now: later + 9 });
  expect(blobs.puts()).toBe(3);
  expect(changed.files.map(({ digest }) => digest)).toEqual([digestOf('a'), digestOf('b!')]);
  expect(changed.facts.fetchedAt).toBe(later + 9);
});

test('a file with the size and time of the last one but other bytes is read', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ a: 'a' });
  const path = join(folder.path, 'a');
  await utimes(path, 1000, 1000);
  const first = await take(folder.path, blobs);
  await writeFile(path, 'z');
  await utimes(path, 1000, 1000);
  expect((await take(folder.path, blobs, { previous: first })).files[0]?.digest).toBe(digestOf('z'));
});

test('a file written a moment before is read again, for it may have been written twice', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ a: 'a' });
  const first = await take(folder.path, blobs, { now: Date.now() });
  await take(folder.path, blobs, { previous: first });
  expect(blobs.puts()).toBe(2);
});

test('a snapshot of another origin, or one whose bytes are gone, is of no use', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ 'one/a': 'a', 'two/a': 'a' });
  const first = await take(join(folder.path, 'one'), blobs);
  await take(join(folder.path, 'two'), blobs, { previous: first });
  expect(blobs.puts()).toBe(2);
  await using empty = await openLocalBlobs();
  expect((await take(join(folder.path, 'one'), empty, { previous: first })).files).toEqual(first.files);
  expect(empty.puts()).toBe(1);
});

test('what cannot be read is named', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ 'x/.hidden': '' });
  const missing = join(folder.path, 'none');
  await expect(take(missing, blobs)).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { field: missing, value: 'ENOENT' },
  });
  await expect(take(join(folder.path, 'x'), blobs)).rejects.toThrow(/: "no files"\)/);
  await symlink('nowhere', join(folder.path, 'x/broken'));
  await expect(take(join(folder.path, 'x'), blobs)).rejects.toThrow(/x\/broken: "ENOENT"/);
  await expect(take('s3://bucket/x', blobs)).rejects.toThrow(/from must be .*\(got "s3:\/\/"\)/);
  await expect(take('https://', blobs)).rejects.toThrow(/Write the address as/);
  await expect(take('https://me:secret@a.org/x.zip', blobs)).rejects.toThrow(
    /Leave the user name.*\(from: "https:\/\/a\.org\/x\.zip"/,
  );
});

test('a file that cannot be opened is named', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ a: 'a' });
  await symlink('loop', join(folder.path, 'loop'));
  await expect(take(folder.path, blobs)).rejects.toMatchObject({ detail: { value: 'ELOOP' } });
});

test('an address is one file, and nothing is fetched while the server has nothing newer', async () => {
  let fetched = 0;
  const server = createServer((request, response) => {
    if (request.headers['if-none-match'] === '"1"') return response.writeHead(304).end();
    fetched++;
    return response.writeHead(200, { etag: '"1"' }).end('a,b\n1,2\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data/my%20bars.csv?apikey=secret`;
  await using blobs = await openLocalBlobs();
  const first = await take(from, blobs);
  const again = await take(from, blobs, { previous: first, now: later + 7 });
  await using empty = await openLocalBlobs();
  const elsewhere = await take(from, empty, { previous: first });
  await new Promise((closed) => server.close(closed));
  expect(first.files).toEqual([{ name: 'my_20bars.csv', digest: digestOf('a,b\n1,2\n'), size: 8 }]);
  expect(first.facts).toMatchObject({
    from: expect.stringMatching(/apikey=\*\*\*$/) as string,
    etag: '"1"',
    lastModified: null,
    bytes: 8,
  });
  expect(again).toEqual({ files: first.files, facts: { ...first.facts, checkedAt: later + 7 } });
  expect(elsewhere.files).toEqual(first.files);
  expect(fetched).toBe(2);
});

const simulated = simulation(function* ({ count }: { count: number }) {
  for (let index = 0; index < count; index++) yield { name: `m/${index}.json`, text: `{"index":${index}}` };
});

test('a simulation is one archive, the same for the same arguments', async () => {
  await using blobs = await openLocalBlobs();
  const { files, facts } = await take(simulated({ count: 300 }), blobs);
  expect((await take(simulated({ count: 300 }), blobs, { now: later + 1 })).files).toEqual(files);
  expect((await take(simulated({ count: 301 }), blobs)).files).not.toEqual(files);
  expect(facts).toMatchObject({ from: 'simulation {"count":300}', simulated: true, files: 1, seen: {} });
  await using scratch = await blobs.scratch();
  const raw = await openSnapshot(files, { blobs, scratch: scratch.path });
  expect(raw).toHaveLength(300);
  expect(raw[0]?.name).toBe('simulated.tar.gz/m/0.json');
  expect(new TextDecoder().decode(await raw[299]?.bytes())).toBe('{"index":99}');
});

test('what a simulation throws arrives as it was thrown', async () => {
  await using blobs = await openLocalBlobs();
  const broken = simulation(function* (_args: Record<string, never>) {
    yield { name: 'a', text: 'a' };
    throw new RangeError('mine');
  });
  await expect(take(broken({}), blobs)).rejects.toThrow(new RangeError('mine'));
  const outside = simulation((_args: Record<string, never>) => [{ name: '../a', text: 'a' }]);
  await expect(take(outside({}), blobs)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
});

test('a file that is added is in the next snapshot', async () => {
  await using blobs = await openLocalBlobs();
  await using folder = await openFolder({ a: 'a' });
  const first = await take(folder.path, blobs);
  await mkdir(join(folder.path, 'new'));
  await writeFile(join(folder.path, 'new/b'), 'b');
  expect((await take(folder.path, blobs, { previous: first })).files.map(({ name }) => name)).toEqual([
    'a',
    'new/b',
  ]);
});

test.skipIf(!existsSync('/dev/full'))(
  'a simulation on a full disk says so (skipped without /dev/full)',
  async () => {
    const noise = simulation(function* (_args: Record<string, never>) {
      for (let index = 0; index < 200; index++)
        yield { name: `${index}`, text: digestOf(`${index}`).repeat(200) };
    });
    await expect(writeSimulated(noise({}), '/dev/full')).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' });
  },
);
