import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BatchFormat } from './batch-format.ts';
import { matchColumns } from './columns.ts';
import { findFormat } from './find-format.ts';
import { recordsIn, sniffFile } from './read-file.ts';
import type { AskedReading } from './asked-reading.ts';
import type { StatedSource } from './stated-source.ts';

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
  options: StatedSource['options'] = {},
  asked: AskedReading = {},
): Promise<{ format: BatchFormat; rows: readonly (readonly string[])[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-batch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'input');
  await writeFile(path, content);
  const source = { name: 'sales', options, columns: [] };
  const { missing: _missing, dates: _dates, ...given } = asked;
  const layout = await sniffFile(path, { name: 'rows.csv', asked: given, source });
  const columns = matchColumns('rows.csv', layout.names, schema);
  const format = findFormat({ file: 'rows.csv', layout, columns, schema, source, asked });
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
  expect(format.reading).toEqual(['assumed: the text is windows-1252; the output is UTF-8']);
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
  const layout = await sniffFile(path, { name: 'rows.csv' });
  const dated = { properties: { constructor: { type: 'string', format: 'date' } }, required: [] } as const;
  const columns = matchColumns('rows.csv', layout.names, dated);
  const source = { name: 'sales', options: { dates: {} }, columns: [] };
  const format = findFormat({ file: 'rows.csv', layout, columns, schema: dated, source });
  expect(format.dates).toEqual({ constructor: 'D/M/Y' });
});

const dated = (...cells: readonly string[]): string =>
  `sold,town\n${cells.map((cell) => `${cell},a\n`).join('')}`;

test('a form of dates that the file contradicts is not taken from the source', async () => {
  const file = dated('31/01/2024', '05/02/2024', '28/02/2024');
  expect((await read(file, { dates: { sold: 'M/D/Y' } })).format).toMatchObject({
    dates: { sold: 'D/M/Y' },
    reading: ['assumed: dates of "sold" are D/M/Y'],
  });
  const american = dated('01/31/2024', '02/05/2024');
  expect((await read(american, { dates: { sold: 'D/M/Y' } })).format.dates).toEqual({ sold: 'M/D/Y' });
  const dotted = dated('31.01.2024', '05.02.2024');
  expect((await read(dotted, { dates: { sold: 'D/M/Y' } })).format.dates).toEqual({ sold: 'D.M.Y' });
  const iso = dated('2024-01-31', '2024-02-05');
  expect((await read(iso, { dates: { sold: 'M/D/Y' } })).format).toMatchObject({ dates: {}, reading: [] });
});

test('a stated form that reads all dates is taken, and said', async () => {
  const file = dated('03/04/2024', '05/06/2024', '2024-07-08', '');
  expect((await read(file, { dates: { sold: 'M/D/Y' } })).format).toMatchObject({
    dates: { sold: 'M/D/Y' },
    reading: ['as the source "sales" says: dates of "sold" are M/D/Y'],
  });
  expect((await read(dated(''), { dates: { sold: 'D/M/Y' } })).format.dates).toEqual({ sold: 'D/M/Y' });
});

test.each<[string, readonly string[], StatedSource['options']]>([
  ['a stated form in part', ['31/01/2024', '05/02/2024', '01/28/2024'], { dates: { sold: 'M/D/Y' } }],
  ['the other stated form in part', ['31/01/2024', '05/02/2024', '01/28/2024'], { dates: { sold: 'D/M/Y' } }],
  ['itself', ['31/01/2024', '05/02/2024', '01/28/2024'], {}],
])('a file that contradicts %s is refused with both readings', async (_name, cells, options) => {
  await expect(read(dated(...cells), options)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringMatching(/(?=.*31\/01\/2024 as D\/M\/Y)(?=.*01\/28\/2024 as M\/D\/Y).*--dates/),
  });
});

test('one mistyped date in many is a row without a prediction, not the end of the file', async () => {
  const many = Array.from({ length: 99 }, (_each, index) => `${13 + (index % 15)}/02/2024`);
  expect((await read(dated(...many, '02/13/2024', 'soon'))).format.dates).toEqual({ sold: 'D/M/Y' });
});

test('what the caller says goes before the file and the source', async () => {
  const asked = { dates: { sold: 'M/D/Y' }, decimal: '.', missing: ['none'], encoding: 'utf-8' } as const;
  const { format } = await read('size,sold\n"1,5",03/04/2024\n', { decimal: ',', missing: ['-'] }, asked);
  expect(format).toMatchObject({
    dates: { sold: 'M/D/Y' },
    decimal: '.',
    missing: ['-', 'none'],
    reading: [],
  });
  await expect(read('size,sold\n1,03/04/2024\n', {}, { dates: { town: 'D/M/Y' } })).rejects.toThrow(
    'dates must name a column that the model reads, such as size (got "town=D/M/Y")',
  );
});

test('a usual word of a missing value in a column of numbers is one, though the source lists others', async () => {
  const { format } = await read('size,town\n1,NA\nNA,Bath\n,York\n-200,a\n', { missing: ['-200'] });
  expect(format.missing).toEqual(['-200']);
  expect(format.missingBesides).toEqual(['', 'NA']);
  expect(format.reading).toEqual([
    'assumed: an empty cell and "NA" mean a missing value where a number, a date or a truth value is expected',
  ]);
  const text = await read('size,town\n1,NA\n', { missing: ['-200'] });
  expect(text.format).toMatchObject({ missingBesides: [], reading: [] });
});

test.each<[string, string | Uint8Array, readonly string[]]>([
  [
    'title lines',
    'Sales\nof the year\nsize,town,sold\n1,a,\n2,b,\n',
    ['assumed: the first 2 lines are titles'],
  ],
  ['a comment', '# by the lab\nsize,town\n1,a\n2,b\n', ['assumed: the first line is a comment']],
  [
    'a comment and a title',
    '# by the lab\nSales\nsize,town,sold\n1,a,\n2,b,\n',
    ['assumed: the first 2 lines are titles and comments'],
  ],
  ['quotes', "size,town\n1,'a, b'\n2,'c'\n", ['assumed: fields are in single quotes']],
  ['a delimiter', 'size;town\n1;a\n2;b\n', ['assumed: columns are separated by ";"']],
  [
    'a decimal comma',
    'size\ttown\n1,5\ta\n2,5\tb\n',
    ['assumed: columns are separated by tabs', 'assumed: numbers have a decimal comma'],
  ],
  [
    'a number that could be another',
    'size;town\n1,234;a\n5,678;b\n',
    ['assumed: columns are separated by ";"', 'assumed: 1,234 is a number with a thousands mark'],
  ],
  [
    'a name that is twice there',
    'size,town,town\n1,a,b\n',
    ['assumed: in the header, column 3 "town" is named "town 2"'],
  ],
  ['nothing unusual', 'size,town\n1,a\n', []],
])('%s that nobody stated is said to be assumed', async (_name, content, reading) => {
  expect((await read(content)).format.reading).toEqual(reading);
});

test('a mark that names the encoding is no assumption', async () => {
  const { format } = await read(Buffer.from('\uFEFFsize,town\n1,a\n', 'utf16le'));
  expect(format.reading).toEqual(['the text is utf-16le; the output is UTF-8']);
});

test.each([
  ['an id', (line: number) => `#B${line},${line}`],
  ['an id with blanks', (line: number) => `"#C ${line}",${line}`],
  ['a short line', () => '# end'],
])('%s that begins with the mark of a comment after the header is a row', async (_name, rowOf) => {
  const rows = Array.from({ length: 1500 }, (_each, line) => `A${line},${line}`);
  const later = Array.from({ length: 5 }, (_each, line) => rowOf(line));
  const found = await read(`# exported\ntown,size\n${[...rows, ...later].join('\n')}\n`);
  expect(found.rows).toHaveLength(1505);
  expect(found.format).toMatchObject({ skip: 1, reading: ['assumed: the first line is a comment'] });
  expect(found.format.comment).toBeUndefined();
});

test('a comment rule that the caller states holds for the whole file', async () => {
  const { format, rows } = await read('# a\nsize,town\n1,a\n# b\n2,b\n', {}, { comment: '#' });
  expect(rows).toEqual([
    ['1', 'a'],
    ['2', 'b'],
  ]);
  expect(format.reading).toEqual([]);
});

test('a file that is not UTF-8 is read in the encoding of the source', async () => {
  const shiftJis = Buffer.from([...Buffer.from('size,town\n1,'), 0x93, 0x8c, 0x8b, 0x9e, 0x0a]);
  const { format, rows } = await read(shiftJis, { encoding: 'shift_jis' });
  expect(rows).toEqual([['1', '東京']]);
  expect(format.reading).toEqual(['as the source "sales" says: the text is shift_jis; the output is UTF-8']);
  const plain = await read('size,town\n1,Zürich\n', { encoding: 'windows-1252' });
  expect(plain.rows).toEqual([['1', 'Zürich']]);
});
