import { expect, test } from 'vitest';
import { z } from 'zod';
import { rowsOfBatches } from '../../project/tables/column-batch.ts';
import { heard, rawFile, rowsIn } from '../raw-files.fixture.ts';
import { csv, type CsvOptions } from './csv.ts';

const Visit = z.object({
  id: z.string(),
  count: z.int().nullable(),
  price: z.number().optional(),
  paid: z.boolean().nullable(),
  day: z.iso.date().nullable(),
  at: z.iso.datetime().nullable(),
  kind: z.enum(['new', 'old']).nullable(),
});

async function read<Shape extends z.ZodRawShape>(
  row: z.ZodObject<Shape>,
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Omit<CsvOptions<Shape>, 'from' | 'row'> = {},
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const reader = csv({ from: 'data', row, ...options });
  const raw = Object.entries(files).map(([name, content]) => rawFile(name, content));
  return rowsIn(rowsOfBatches(reader.read(raw, heard(reader.options, reader.table.schema))));
}

const Pair = z.object({ a: z.string(), b: z.string().nullable() });

test('values are read by the type of their column', async () => {
  const text =
    'kind,id,count,price,paid,day,at,more\n' +
    'new,x1,-3,1.5e2,yes,2024-02-29,2024-02-29T10:00:00Z,whatever\n' +
    'old,007,+2.0, .5 ,FALSE,,2024-02-29T10:00:00.25+05:30,\n' +
    ',x3,,,,,,\n';
  expect(await read(Visit, { 'v.csv': text })).toEqual([
    {
      id: 'x1',
      count: -3,
      price: 150,
      paid: true,
      day: '2024-02-29',
      at: '2024-02-29T10:00:00Z',
      kind: 'new',
    },
    {
      id: '007',
      count: 2,
      price: 0.5,
      paid: false,
      day: null,
      at: '2024-02-29T10:00:00.25+05:30',
      kind: 'old',
    },
    { id: 'x3', count: null, price: null, paid: null, day: null, at: null, kind: null },
  ]);
});

test.each([
  ['line ends of Windows', 'a,b\r\n1,2\r\n3,4\r\n'],
  ['line ends of the old Macintosh', 'a,b\r1,2\r3,4'],
  ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
  ['empty lines', '\na,b\n\n1,2\n\r\n3,4\n\n'],
  ['spaces around names', ' a , b\n1,2\n3,4'],
  ['quotes around everything', '"a","b"\n"1","2"\n"3","4"'],
])('reads %s', async (_what, text) => {
  expect(await read(Pair, { 'p.csv': text })).toEqual([
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ]);
});

test('quotes keep commas, quotes and line ends, and what is in them may be empty', async () => {
  const text = 'a,b\n"x, ""y""","1\n2\r\n3"\nlast,""\n';
  expect(await read(Pair, { 'p.csv': text })).toEqual([
    { a: 'x, "y"', b: '1\n2\r\n3' },
    { a: 'last', b: null },
  ]);
});

test('text that is longer than a piece is cut nowhere', async () => {
  const field = 'ü"",\r\n'.repeat(400_000);
  const rows = await read(Pair, { 'p.csv': `a,b\n"${field}",1\n2,3\n` });
  expect(rows.map(({ a }) => String(a).length)).toEqual([400_000 * 5, 1]);
  expect(rows[1]).toEqual({ a: '2', b: '3' });
});

test('other delimiters', async () => {
  expect(await read(Pair, { 'p.csv': 'a;b\n1,5;2' }, { delimiter: ';' })).toEqual([{ a: '1,5', b: '2' }]);
  expect(await read(Pair, { 'p.tsv': 'a\tb\n1\t2' })).toEqual([{ a: '1', b: '2' }]);
  expect(await read(Pair, { 'p.csv': 'a|b\n1|2' }, { delimiter: '|' })).toEqual([{ a: '1', b: '2' }]);
});

test('of many files those are read that are CSV; a single one is, whatever its name', async () => {
  const files = {
    'd/1.csv': 'a,b\n1,',
    'd/2.TXT': 'b,a\n,2',
    'd/README.md': '# no',
    '.x.csv': 'no',
    '__MACOSX/d.csv': 'no',
  };
  expect(await read(Pair, files)).toEqual([
    { a: '1', b: null },
    { a: '2', b: null },
  ]);
  expect(await read(Pair, { download: 'a,b\n1,2' })).toHaveLength(1);
  await expect(read(Pair, { 'a.md': '', 'b.md': '' })).rejects.toMatchObject({ code: 'DATA_INVALID' });
});

test.each([
  ['v.csv, line 3, column "count"', 'id,count\nx,1\ny,1.5\n', '1.5', 'a whole number'],
  ['v.csv, line 2, column "count"', 'id,count\nx,"1,00"\n', '1,00', "set `decimal: ','`"],
  [
    'v.csv, line 2, column "count"',
    'id,count\nx,9007199254740993\n',
    '9007199254740993',
    'make the column text',
  ],
  ['v.csv, line 4, column "id"', 'id,count\n"two\nlines",1\n,2\n', '', '.nullable()'],
])('%s is named', async (...[field, text, value, remedy]) => {
  const row = z.object({ id: z.string(), count: z.int() });
  await expect(read(row, { 'v.csv': text })).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { field, value, remedy: expect.stringContaining(remedy) as string },
  });
});

const types = { number: z.number(), boolean: z.boolean(), date: z.iso.date(), time: z.iso.datetime() };

test.each([
  ['number', 'NaN'],
  ['number', '1e999'],
  ['number', '0x10'],
  ['number', '1,5'],
  ['boolean', 'maybe'],
  ['date', '2023-02-29'],
  ['date', '29/02/2024'],
  ['time', '2024-02-29 24:00'],
  ['time', '2024-02-30T10:00:00Z'],
] as const)('a column of type %s refuses %s', async (type, written) => {
  await expect(read(z.object({ x: types[type] }), { 'v.csv': `x\n"${written}"\n` })).rejects.toMatchObject({
    detail: { field: 'v.csv, line 2, column "x"', value: written },
  });
});

test.each([
  ['a header without a column', 'a,c\n1,2', /Add the column "b".*\(header of p\.csv: \["a","c"\]/],
  ['no header', '', /has no header/],
  [
    'a line with too few fields',
    'a,b\n1,2\n3\n',
    /The header has 2 fields, this line 1.*\(p\.csv, line 3: \["3"\]/,
  ],
  ['a line with too many', 'a,b\n1,2,3\n', /this line 3/],
  ['quotes that do not close', 'a,b\n1,"2\n', /Close its quotes.*\(p\.csv, line 2: "2"/],
  ['text after quotes', 'a,b\n1,"2"x\n', /\(p\.csv, line 2: "2x"/],
  [
    'bytes that are not UTF-8',
    Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0xff, 0x2c, 0x31),
    /encoding: 'windows-1252'.*save the file as UTF-8.*not UTF-8/,
  ],
])('refuses %s', async (_what, content, says) => {
  await expect(read(Pair, { 'p.csv': content })).rejects.toThrow(says);
});

test('says how far it is', async () => {
  const reader = csv({ from: 'data', row: Pair });
  const context = heard(reader.options, reader.table.schema);
  await rowsIn(rowsOfBatches(reader.read([rawFile('1.csv', 'a,b\n1,2'), rawFile('2.csv', 'a,b')], context)));
  expect(context.lines).toEqual(['1.csv: 1 rows', '2.csv: 0 rows']);
  expect(context.steps).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

test.each([
  ['a,A\n1,2\n', z.object({ A: z.int() }), { A: 2 }],
  ['a,A\n1,2\n', z.object({ a: z.int() }), { a: 1 }],
  ['Size,size,SIZE\n1,2,3\n', z.object({ SIZE: z.int(), Size: z.int() }), { SIZE: 3, Size: 1 }],
  ['x;X\n1;2\n', z.object({ X: z.int() }), { X: 2 }],
] as const)('of columns that differ in case alone, %j has each', async (text, row, value) => {
  expect(await read(row as z.ZodObject, { 'p.csv': text })).toEqual([value]);
});
