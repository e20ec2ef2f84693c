import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCsv } from './open-csv.ts';
import { sniffedFile } from './read-csv.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function written(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

test('a file is read as it is, and the CSV in a .gz file is unpacked', async () => {
  const plain = await openCsv(await written('a.csv', 'a,b\n1,2\n'));
  expect(Buffer.from(plain.content).toString()).toBe('a,b\n1,2\n');
  const bytes = gzipSync('a,b\n1,2\n');
  const packed = await openCsv(await written('a.csv.gz', bytes));
  expect(Buffer.from(packed.content).toString()).toBe('a,b\n1,2\n');
  expect(Buffer.from(packed.bytes).equals(bytes)).toBe(true);
});

/** `a,b` and `1,2`, packed by Python: xz, a zip with bzip2 inside, and a zip of two files. */
const packed = {
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAHYSxiCjEsMgoAvpy9SbUSKv4AASAIuxnZux+2830BAAAAAARZWg==',
  bzip2:
    'UEsDBC4AAAAMAPCWfl17B5cKMAAAAAgAAAAFAAAAYS5jc3ZCWmg5MUFZJlNZv4dAfwAAA1kAABAABDAAMAAgADDACGmyiCMni7kinChIX8OgP4BQSwECLgMuAAAADADwln5deweXCjAAAAAIAAAABQAAAAAAAAAAAAAAgAEAAAAAYS5jc3ZQSwUGAAAAAAEAAQAzAAAAUwAAAAAA',
  two: 'UEsDBBQAAAAAAPCWfl17B5cKCAAAAAgAAAAFAAAAYS5jc3ZhLGIKMSwyClBLAwQUAAAAAADwln5deweXCggAAAAIAAAABQAAAGIuY3N2YSxiCjEsMgpQSwECFAMUAAAAAADwln5deweXCggAAAAIAAAABQAAAAAAAAAAAAAAgAEAAAAAYS5jc3ZQSwECFAMUAAAAAADwln5deweXCggAAAAIAAAABQAAAAAAAAAAAAAAgAErAAAAYi5jc3ZQSwUGAAAAAAIAAgBmAAAAVgAAAAAA',
} as const;

test('the CSV in an .xz file is unpacked', async () => {
  const { content } = await openCsv(await written('a.csv.xz', Buffer.from(packed.xz, 'base64')));
  expect(Buffer.from(content).toString()).toBe('a,b\n1,2\n');
});

test('a zip that cannot be unpacked, and one with several files, are refused with what to do', async () => {
  await expect(openCsv(await written('a.zip', Buffer.from(packed.bzip2, 'base64')))).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: { field: 'a.zip', remedy: expect.stringContaining('such as bzip2: unpack it') },
  });
  await expect(openCsv(await written('b.zip', Buffer.from(packed.two, 'base64')))).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { field: 'b.zip', value: 'b.zip/a.csv, b.zip/b.csv' },
  });
});

test('a file that is named as text but is compressed is unpacked, as by a source', async () => {
  const { content } = await openCsv(await written('a.csv', gzipSync('a,b\n1,2\n')));
  expect(Buffer.from(content).toString()).toBe('a,b\n1,2\n');
});

test.each(['a.csv.bz2', 'a.csv'])(
  '%s that is compressed with bzip2 is named with what to do',
  async (name) => {
    await expect(openCsv(await written(name, 'BZh91AY&SY'))).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      detail: { field: name, value: 'compressed with bzip2', remedy: 'Unpack it: bunzip2 FILE.' },
    });
  },
);

test('a compressed file in a compressed file, and JSON, are named', async () => {
  const twice = await openCsv(await written('a.csv.gz', gzipSync(gzipSync('a,b\n1,2\n'))));
  expect(() => sniffedFile(twice)).toThrow(/gunzip.*compressed with gzip/);
  for (const text of ['[{"a": 1}, {"a": 2}]', '{"a":1,"b":2}\n{"a":3,"b":4}\n']) {
    const json = await openCsv(await written('a.csv', text));
    expect(() => sniffedFile(json)).toThrow(/save it as CSV.*a\.csv: "JSON"/);
  }
});

test('a file that is not there, and a folder, are refused', async () => {
  for (const path of [join(folder, 'none.csv'), folder])
    await expect(openCsv(path)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      detail: { field: '--csv', value: path },
    });
});

test.each([
  ['a file that is not there', 'none.csv', 'there is no such file: check the path'],
  ['a folder', '', 'this is a folder: name a file in it'],
])('%s is refused, with what it is', async (_what, name, reason) => {
  await expect(openCsv(join(folder, name))).rejects.toThrow(reason);
});
