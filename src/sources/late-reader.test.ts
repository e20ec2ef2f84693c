import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileBytes } from '../kernel/file-bytes.ts';
import { expandZip } from './archive-zip.ts';
import { madeZip } from './archives.fixture.ts';
import { decompressed } from './compression.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Reads when a failing stream has long said so. A stream that fails before it is read ends the process, and the test. */
async function readLate(content: AsyncIterable<Uint8Array>): Promise<void> {
  await passed(30);
  for await (const _piece of content);
}

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const rows = Buffer.from('a,b\n1,2\n'.repeat(500));

test.each([
  ['half a gzip', gzipSync(rows).subarray(0, 20), 'unexpected end of file'],
  ['no gzip', Buffer.from('\u001F\u008Bno'), 'incorrect header check'],
  [
    'a gzip with half of one behind it',
    Buffer.concat([gzipSync(rows), gzipSync(rows).subarray(0, 9)]),
    'unexpected end of file',
  ],
])('%s fails when it is read', async (_kind, bytes, message) => {
  const path = await written('rows.gz', bytes);
  await expect(readLate(decompressed('rows.gz', path, 'gzip'))).rejects.toThrow(message);
});

test('half an xz fails when it is read', async () => {
  const path = await written('rows.xz', Buffer.from('/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj', 'base64'));
  await expect(readLate(decompressed('rows.xz', path, 'xz'))).rejects.toThrow('error code');
});

test('a zip member with damaged bytes fails when it is read', async () => {
  const bytes = Buffer.from(madeZip([{ name: 'rows.csv', content: rows.toString() }]));
  bytes.fill(0xff, 40, 48);
  const path = await written('rows.zip', bytes);
  const read = expandZip('rows.zip', path, { add: (_name, content) => readLate(content) });
  await expect(read).rejects.toThrow('invalid');
});

test.each(['gzip', 'xz'] as const)('a %s file that is gone fails when it is read', async (compression) => {
  await expect(readLate(decompressed('gone', join(folder, 'gone'), compression))).rejects.toThrow('ENOENT');
});

test.each([
  ['is gone', 'gone', 'ENOENT'],
  ['is a folder', '', 'EISDIR'],
])('a file that %s fails when it is read', async (_what, name, code) => {
  await expect(readLate(fileBytes(join(folder, name)))).rejects.toThrow(code);
});

test.each([
  [{}, '0123456789'],
  [{ start: 4 }, '456789'],
  [{ start: 4, end: 6 }, '45'],
  [{ start: 4, end: 4 }, ''],
  [{ end: 1 }, '0'],
])('the bytes %o of a file', async (part, text) => {
  const path = await written('digits', Buffer.from('0123456789'));
  const pieces: Uint8Array[] = [];
  for await (const piece of fileBytes(path, part)) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe(text);
});
