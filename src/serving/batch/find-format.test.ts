import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BatchFormat } from './batch-format.ts';
import { matchColumns } from './columns.ts';
import { findFormat } from './find-format.ts';
import { formatReading } from './format-reading.ts';
import { recordsIn, sniffFile } from './read-file.ts';
import type { SourceOptions } from './source-options.ts';

const schema = {
  properties: {
    size: { type: 'number' },
    sold: { type: 'string', format: 'date' },
    town: { type: 'string' },
  },
  required: [],
} as const;

async function read(
  content: string | Uint8Array,
  source: SourceOptions = {},
): Promise<{ format: BatchFormat; rows: readonly (readonly string[])[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-batch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'input');
  await writeFile(path, content);
  const layout = await sniffFile(path, 'rows.csv');
  const columns = matchColumns('rows.csv', layout.names, schema);
  const format = findFormat({ file: 'rows.csv', layout, columns, schema, source });
  return { format, rows: [...recordsIn(path, { name: 'rows.csv', format })].map(({ fields }) => fields) };
}

test('the decimal mark is what the numbers show, or else what the source says', async () => {
  expect((await read('size;town\n1,5;a\n2;b\n')).format).toMatchObject({ delimiter: ';', decimal: ',' });
  expect((await read('size;town\n1,5;a\n', { decimal: '.' })).format.decimal).toBe(',');
  expect((await read('size;town\n1.5;3,5\n2.5;4,5\n', { decimal: ',' })).format.decimal).toBe('.');
  expect((await read('size;town\n1.234;a\n', { decimal: ',' })).format.decimal).toBe(',');
  expect((await read('size;town\n1.234;a\n')).format.decimal).toBe('.');
});

test('dates have the form that fits all, or that the source names', async () => {
  expect((await read('sold,town\n03/04/2024,a\n31/12/2023,b\n')).format.dates).toEqual({ sold: 'D/M/Y' });
  expect((await read('sold,town\n03/04/2024,a\n12/31/2023,b\n')).format.dates).toEqual({ sold: 'M/D/Y' });
  expect((await read('sold,town\n31.12.2023,a\n')).format.dates).toEqual({ sold: 'D.M.Y' });
  expect((await read('sold,town\n2024-04-03,a\n,b\n')).format.dates).toEqual({});
  expect((await read('sold,town\n03/04/2024,a\n', { dates: { sold: 'M/D/Y' } })).format.dates).toEqual({
    sold: 'M/D/Y',
  });
});

test('dates that could be both are refused', async () => {
  await expect(read('sold,town\n03/04/2024,a\n05/06/2024,b\n')).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringMatching(
      /column "sold" of rows.csv is D\/M\/Y or M\/D\/Y, and no row says which.*03\/04\/2024/,
    ),
  });
});

test('a text that is not UTF-8 is read as Windows-1252, also if only its end shows it', async () => {
  const late = `size,town\n${'1,Bath\n'.repeat(700_000)}2,M\u00fcnchen\n`;
  const { format, rows } = await read(Buffer.from(late, 'latin1'));
  expect(format.encoding).toBe('windows-1252');
  expect(rows.at(-1)).toEqual(['2', 'München']);
  expect(formatReading(format)).toEqual(['The text is windows-1252; the output is UTF-8.']);
});

test('a file that is UTF-8 but for its end is refused with the line, and no text of it is taken for another', async () => {
  const late = Buffer.concat([
    Buffer.from(`size,town\n${'1,Z\u00fcrich\n'.repeat(500_000)}`),
    Buffer.of(0x32, 0x2c, 0xfc, 0x0a),
  ]);
  await expect(read(late)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: { field: 'rows.csv, line 500002', value: 'not UTF-8, as other text of the file is' },
  });
});

test('a mark at the start is no part of the first name, and UTF-16 is read', async () => {
  const marked = await read('\uFEFFsize,town\n1,a\n');
  expect([marked.format.mark, marked.rows]).toEqual([true, [['1', 'a']]]);
  const wide = await read(Buffer.from('\uFEFFsize,town\n1,Zürich\n', 'utf16le'));
  expect([wide.format.encoding, wide.rows]).toEqual(['utf-16le', [['1', 'Zürich']]]);
});

test('a first line of data is a header all the same', async () => {
  await expect(read('80,Bath\n90,York\n')).rejects.toThrow('header of rows.csv must have');
});

test('a date column with the name of a member of every object is read as any other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-batch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'input');
  await writeFile(path, 'constructor,size\n31/12/2023,1\n');
  const layout = await sniffFile(path, 'rows.csv');
  const dated = { properties: { constructor: { type: 'string', format: 'date' } }, required: [] } as const;
  const columns = matchColumns('rows.csv', layout.names, dated);
  const format = findFormat({ file: 'rows.csv', layout, columns, schema: dated, source: { dates: {} } });
  expect(format.dates).toEqual({ constructor: 'D/M/Y' });
});
