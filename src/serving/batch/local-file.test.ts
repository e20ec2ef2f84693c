import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { madeZip } from '../../sources/archives.fixture.ts';
import { copyExpanded } from './local-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** One byte at first, as a slow connection sends it. */
async function* sent(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content.subarray(0, 1);
  yield content.subarray(1);
}

async function copied(content: Uint8Array, largest?: number): Promise<string> {
  const path = join(folder, 'input');
  await copyExpanded(sent(content), path, { file: 'rows', ...(largest !== undefined && { largest }) });
  expect(await readdir(folder), 'nothing else is left').toEqual(['input']);
  return readFile(path, 'utf8');
}

const rows = 'a\n1\n';
/** The same, as XZ Utils packs it. */
const xz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQADYQoxCgClldvDt76j8AABHARvLJzBH7bzfQEAAAAABFla',
  'base64',
);

test.each([
  ['plain', Buffer.from(rows)],
  ['gzip', gzipSync(rows)],
  ['gzip in two pieces', Buffer.concat([gzipSync('a\n'), gzipSync('1\n')])],
  ['xz', xz],
  ['zip', madeZip([{ name: 'rows.csv', content: rows }])],
  ['a stored zip', madeZip([{ name: 'rows.csv', content: rows }], { stored: true })],
  [
    'a zip of macOS with a note',
    madeZip([
      { name: '__MACOSX/._rows.csv', content: 'x' },
      { name: 'data', content: '', type: 'directory' },
      { name: 'data/note.md', content: '# Note' },
      { name: 'data/rows.tsv', content: rows },
    ]),
  ],
  ['a zip with one file of another name', madeZip([{ name: 'export.dat', content: rows }])],
])('a %s file is unpacked', async (_kind, content) => {
  expect(await copied(content)).toBe(rows);
});

test.each([
  [
    'a zip with two CSV files',
    madeZip(['a.csv', 'b.csv'].map((name) => ({ name, content: rows }))),
    'must hold one CSV file: send them one by one (got "a.csv, b.csv")',
  ],
  [
    'a zip without a CSV file',
    madeZip(['a.md', 'b.md'].map((name) => ({ name, content: rows }))),
    'No CSV file found',
  ],
  [
    'a workbook',
    madeZip(['[Content_Types].xml', 'xl/a.xml'].map((name) => ({ name, content: '<x/>' }))),
    'is an Excel workbook: save the sheet as CSV',
  ],
  [
    'an encrypted zip',
    madeZip([{ name: 'a.csv', content: rows }], { encrypted: true }),
    'without a password',
  ],
  [
    'a damaged zip',
    madeZip([{ name: 'a.csv', content: rows }], { wrongSum: true }),
    'The zip file is damaged or incomplete: compress it again',
  ],
  [
    'half a zip',
    madeZip([{ name: 'a.csv', content: rows }]).subarray(0, 50),
    'The zip file is damaged or incomplete',
  ],
  ['half a gzip', gzipSync(rows).subarray(0, 20), 'The gzip file is damaged or incomplete'],
  ['half an xz', xz.subarray(0, 40), 'The xz file is damaged or incomplete'],
])('%s is refused, with what to do', async (_kind, content, message) => {
  await expect(copied(content)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(message),
  });
});

test.each([
  ['plain', Buffer.from('a\n'.repeat(600))],
  ['gzip', gzipSync('a\n'.repeat(600))],
  ['zip', madeZip([{ name: 'a.csv', content: 'a\n'.repeat(600) }])],
])('a %s file that is too large when it is unpacked is refused', async (_kind, content) => {
  await expect(copied(content, 1100)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
});

test('an abort ends the copying', async () => {
  const abort = new AbortController();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let pieces = 0; ; pieces++) {
      if (pieces === 3) abort.abort(new TypeError('stopped'));
      yield Buffer.from(rows);
    }
  }
  const copying = copyExpanded(endless(), join(folder, 'input'), { file: 'rows', signal: abort.signal });
  await expect(copying).rejects.toThrow('stopped');
});
