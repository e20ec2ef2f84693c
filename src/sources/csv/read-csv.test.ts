import { expect, test } from 'vitest';
import { z } from 'zod';
import { isColumnBatch, rowsOfBatches } from '../../project/tables/column-batch.ts';
import { heard, type HeardContext, rawFile, rowsIn } from '../raw-files.fixture.ts';
import { csv, type CsvOptions } from './csv.ts';

interface Read {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly context: HeardContext;
}

async function read<Shape extends z.ZodRawShape>(
  shape: Shape,
  content: string | Uint8Array,
  options: Omit<CsvOptions<Shape>, 'from' | 'row'> = {},
): Promise<Read> {
  const reader = csv({ from: 'data', row: z.object(shape), ...options });
  const context = heard(reader.options, reader.table.schema);
  const batches = reader.read([rawFile('x.csv', content)], context);
  return { rows: await rowsIn(rowsOfBatches(batches)), context };
}

/** The column y of a file that has no other. */
async function cells<Type extends z.ZodType>(
  type: Type,
  lines: readonly string[],
  options: Omit<CsvOptions<{ y: Type }>, 'from' | 'row'> = {},
): Promise<readonly unknown[]> {
  const { rows } = await read({ y: type }, ['y', ...lines, ''].join('\n'), options);
  return rows.map(({ y }) => y);
}

/** So many good rows that one bad row is below the usual share. */
const good = Array.from({ length: 30 }, (_, at) => `${at}`);

test('numbers as people write them', async () => {
  expect(
    await cells(z.number().nullable(), ['1', '"1,234.5"', '$5', '(2)', '1e3', 'NA', '?', '-', '.', '" "']),
  ).toEqual([1, 1234.5, 5, -2, 1000, null, null, null, null, null]);
  expect(
    await cells(z.number(), ['"5,44"', '"1.234,5"', '7', '"0,1 €"'], { decimal: ',', delimiter: ';' }),
  ).toEqual([5.44, 1234.5, 7, 0.1]);
  expect(await cells(z.number(), ['45%', '4.5 %', '0', '-3%'])).toEqual([45, 4.5, 0, -3]);
  expect(await cells(z.int(), ['"294,600"', '+2.0', '007'])).toEqual([294600, 2, 7]);
});

test.each([
  ['semicolons', 'a;y\nz;5,44\nq;0,66\n'],
  ['tabs', 'a\ty\nz\t5,44\nq\t0,66\n'],
  ['quotes', 'a,y\nz,"5,44"\nq,"0,66"\n'],
])('decimal commas beside %s', async (_what, text) => {
  const { rows } = await read({ a: z.string(), y: z.number() }, text, { decimal: ',' });
  expect(rows).toEqual([
    { a: 'z', y: 5.44 },
    { a: 'q', y: 0.66 },
  ]);
  await expect(read({ a: z.string(), y: z.number() }, text)).rejects.toThrow(
    /It is a number with a decimal comma: set `decimal: ','`.*x\.csv, line 2, column "y": "5,44"/,
  );
});

test('text stays as it is written, without blanks around it', async () => {
  const lines = ['00042', '9007199254740993', ' State-gov ', '" in quotes "', '5" pipe', '1,5'];
  expect(await cells(z.string(), lines, { delimiter: ';' })).toEqual([
    '00042',
    '9007199254740993',
    'State-gov',
    ' in quotes ',
    '5" pipe',
    '1,5',
  ]);
});

test('what means a missing value is null where the column may be null, and text elsewhere', async () => {
  expect(await cells(z.string().nullable(), ['NA', 'x', '-', 'n/a'])).toEqual([null, 'x', null, null]);
  expect(await cells(z.string(), ['NA', 'x', '-'])).toEqual(['NA', 'x', '-']);
  expect(await cells(z.string().nullable(), ['NA', '-9'], { missing: ['-9'] })).toEqual(['NA', null]);
  expect(await cells(z.number().nullable(), ['-200', '5'], { missing: ['-200'] })).toEqual([null, 5]);
  expect(await cells(z.iso.date().nullable(), ['1900-01-01'], { missing: ['1900-01-01'] })).toEqual([null]);
  expect(await cells(z.boolean().nullable(), ['yes', 'No', 'NULL'])).toEqual([true, false, null]);
  expect(await cells(z.iso.date().nullable(), ['2024-01-31', 'NaN'])).toEqual(['2024-01-31', null]);
});

test.each([
  ['D/M/Y', '03/04/2024', '2024-04-03'],
  ['M/D/Y', '03/04/2024', '2024-03-04'],
  ['D.M.Y', '3.4.2024', '2024-04-03'],
  ['epoch s', '1700000000', '2023-11-14'],
  ['epoch ms', '1700000000000', '2023-11-14'],
] as const)('dates of the form %s', async (form, text, day) => {
  expect(await cells(z.iso.date(), [text, '2024-01-31'], { dates: { y: form } })).toEqual([
    day,
    '2024-01-31',
  ]);
  await expect(cells(z.iso.date(), [text])).rejects.toThrow(
    new RegExp(`Set \`dates: { y: … }\`:.*'${form}' reads it as ${day}`),
  );
});

test('dates and times without an option', async () => {
  const days = ['20240131', '2024/1/31', '31 Jan 2024', '20141013T000000', '2024-01'];
  expect(await cells(z.iso.date(), days)).toEqual([
    '2024-01-31',
    '2024-01-31',
    '2024-01-31',
    '2014-10-13',
    '2024-01-01',
  ]);
  const times = ['2024-01-31 10:00', '2024-01-31T10:00:00.5+05:30', '2024-01-31'];
  expect(await cells(z.iso.datetime({ offset: true }), times)).toEqual([
    '2024-01-31T10:00:00Z',
    '2024-01-31T10:00:00.5+05:30',
    '2024-01-31T00:00:00Z',
  ]);
  expect(await cells(z.iso.datetime(), ['3/4/24 1:05 PM'], { dates: { y: 'M/D/Y' } })).toEqual([
    '2024-03-04T13:05:00Z',
  ]);
});

test.each([
  ['text among numbers', z.number(), 'oops', /Write a number, list the text in `missing`/],
  ['a blank', z.number(), 'N/A', /\.nullable\(\)/],
  ['infinity', z.number(), 'inf', /must be finite/],
  ['a decimal comma', z.number(), '"0,5"', /set `decimal: ','`/],
  ['a decimal among whole numbers', z.int(), '1.5', /Write a whole number/],
  ['an id that no number can hold', z.int(), '9007199254740993', /make the column text/],
  ['a word among booleans', z.boolean(), 'maybe', /Write true or false/],
])('a row with %s is set aside', async (...[, type, cell, reason]) => {
  const lines = type instanceof z.ZodBoolean ? good.map(() => 'yes') : good;
  const { rows, context } = await read({ y: type }, ['y', ...lines, cell, ''].join('\n'));
  expect(rows).toHaveLength(30);
  expect(context.rejected).toEqual([
    {
      file: 'x.csv',
      line: 32,
      column: 'y',
      value: cell.replaceAll('"', '').trim(),
      reason: expect.stringMatching(reason) as string,
    },
  ]);
  expect(context.lines).toEqual(['x.csv: 30 rows, 1 set aside']);
});

test('a cell of another currency is set aside, and one without a sign is read', async () => {
  const { rows, context } = await read({ y: z.number() }, ['y', ...good, '$5', '6', '€7', '$8'].join('\n'));
  expect(rows.slice(30).map(({ y }) => y)).toEqual([5, 6, 8]);
  expect(context.rejected).toMatchObject([{ line: 34, value: '€7' }]);
  expect(context.rejected[0]?.reason).toMatch(/amounts in \$ too/);
});

test('rows with the wrong number of fields are set aside, and empty ones are no rows', async () => {
  const lines = [
    'a,y',
    ...good.map((value) => `x,${value}`),
    'x',
    ',',
    'x,5,',
    '"x"z,6',
    'x,7',
    'Source: me',
  ];
  const { rows, context } = await read({ a: z.string(), y: z.number() }, lines.join('\n'), {
    maxBadRows: 0.1,
  });
  expect(rows.slice(30).map(({ y }) => y)).toEqual([5, 7]);
  expect(context.rejected.map(({ line, column, value }) => [line, column, value])).toEqual([
    [32, undefined, ['x']],
    [35, undefined, 'xz'],
    [37, undefined, ['Source: me']],
  ]);
});

test.each([
  ['a cell that must be filled in', 'Total,,4950', 'Grand total,,4950'],
  ['too few cells', 'Summe,4950', 'Durchschnitt,165'],
  ['a cell of another type', 'Totals,n.s.,4950', 'Average:,–,165'],
])('a line that says that it is a total is no row and no bad row: %s', async (_, ...totals) => {
  const lines = ['a,b,y', ...good.map((value) => `x,1,${value}`), ...totals];
  const { rows, context } = await read({ a: z.string(), b: z.number(), y: z.number() }, lines.join('\n'), {
    maxBadRows: 0,
  });
  expect(rows).toHaveLength(good.length);
  expect(context.rejected.map(({ line, reason }) => [line, reason])).toEqual(
    totals.map((__, index) => [
      good.length + 2 + index,
      'It says that it is a total of other lines, so it is no row.',
    ]),
  );
});

test('a word of totals that repeats is a category, whose bad rows count', async () => {
  const lines = ['a,y', ...good.map((value) => `x,${value}`), 'mean,', 'mean,'];
  await expect(read({ a: z.string(), y: z.number() }, lines.join('\n'), { maxBadRows: 0 })).rejects.toThrow(
    /line 33/,
  );
});

test.each([
  ['before', ['Total,oops'], ['total,1', 'total,2']],
  ['after', [], ['Total,1', 'total,oops']],
  ['with blanks around the word', ['average,oops'], [' average ,1']],
])('a word of totals that rows have too is a category: rows %s', async (_, first, last) => {
  const lines = ['a,y', ...first, ...good.map((value) => `x,${value}`), ...last];
  const { context } = await read({ a: z.string(), y: z.number() }, lines.join('\n'));
  expect(context.rejected).toMatchObject([{ column: 'y', value: 'oops' }]);
});

test('totals in the middle, of parts and of all, are no bad rows', async () => {
  const lines = ['a,y', 'x,1', 'Zwischensumme,', 'x,2', 'Sous-total,n.s.', 'x,3', 'Total,'];
  const { context } = await read({ a: z.string(), y: z.number() }, lines.join('\n'), { maxBadRows: 0 });
  expect(context.rejected.map(({ line }) => line)).toEqual([3, 5, 7]);
});

test('sums without a word are a bad row whose reason says what they may be', async () => {
  const lines = ['a,b,y', ...good.map((value) => `x,1,${value}`), ',,4950', 'x,,5'];
  const { context } = await read({ a: z.string(), b: z.number(), y: z.number() }, lines.join('\n'), {
    maxBadRows: 0.1,
  });
  expect(context.rejected.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(
      /^If the line is a total of others, remove it from the file\. Otherwise: Fill it in/,
    ),
    expect.stringMatching(/^Fill it in/),
  ]);
});

test('more bad rows than the share are an error that names the first', async () => {
  const lines = ['y', ...good, 'x', 'y', 'z'];
  await expect(cells(z.number(), lines.slice(1))).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: {
      field: 'x.csv, line 32, column "y"',
      value: 'x',
      remedy: expect.stringContaining('3 of 33 rows cannot be read, and `maxBadRows` is 0.05') as string,
    },
  });
  expect(await cells(z.number(), lines.slice(1), { maxBadRows: 0.1 })).toHaveLength(30);
  await expect(cells(z.number(), [...good, 'x'], { maxBadRows: 0 })).rejects.toThrow(/line 32/);
});

test('the share is of the rows of all files', async () => {
  const reader = csv({ from: 'data', row: z.object({ y: z.number() }) });
  const context = heard(reader.options, reader.table.schema);
  const files = [rawFile('1.csv', 'y\nx\n1\n'), rawFile('2.csv', ['y', ...good].join('\n'))];
  expect(await rowsIn(rowsOfBatches(reader.read(files, context)))).toHaveLength(31);
  expect(context.rejected.map(({ file, line }) => [file, line])).toEqual([['1.csv', 2]]);
  expect(context.lines).toEqual(['1.csv: 1 rows, 1 set aside', '2.csv: 30 rows']);
});

test('title lines and comments', async () => {
  const text = 'Sales, 2024\n\n# by me\na,y\n1,2\n# a remark\n3,4\n';
  const shape = { a: z.int(), y: z.int() };
  const { rows } = await read(shape, text, { skip: 2, comment: '#' });
  expect(rows).toEqual([
    { a: 1, y: 2 },
    { a: 3, y: 4 },
  ]);
  await expect(read(shape, 'Title\n\na,y,z\n1,2,3\n')).rejects.toThrow(/Set `skip: 2`/);
  await expect(read(shape, '# by me\na,y\n1,2\n')).rejects.toThrow(/Set `comment: "#"`/);
});

test('without a header, the columns are those of the row in their order', async () => {
  const shape = { a: z.int(), b: z.string(), y: z.number() };
  const { rows } = await read(shape, '31,z,5.44\n81,q,0.66\n', { header: false });
  expect(rows[0]).toEqual({ a: 31, b: 'z', y: 5.44 });
  await expect(read(shape, '31,z,5.44\n81,q,0.66\n')).rejects.toThrow(/Set `header: false`/);
  await expect(read(shape, '31,z\n81,q\n', { header: false })).rejects.toThrow(
    /`row` has 3 fields, this line 2/,
  );
});

test.each([
  ['latin1', 'windows-1252', Buffer.from('größe,y\nü,1\n', 'latin1')],
  ['UTF-16 without a mark', 'utf-16le', Buffer.from('größe,y\nü,1\n', 'utf16le')],
  ['Shift JIS', 'shift_jis', Buffer.from([0x67, 0x2c, 0x79, 0x0a, 0x83, 0x65, 0x2c, 0x31, 0x0a])],
])('%s', async (_what, encoding, bytes) => {
  const name = encoding === 'shift_jis' ? 'g' : 'größe';
  const shape = { [name]: z.string(), y: z.int() };
  const { rows } = await read(shape, bytes, { encoding });
  expect(rows).toEqual([{ [name]: encoding === 'shift_jis' ? 'テ' : 'ü', y: 1 }]);
  await expect(read(shape, bytes)).rejects.toThrow(/`encoding/);
});

test('Windows-1251 by its name', async () => {
  const bytes = Buffer.from('e3eef0eee42c790acceef1eae2e02c310a', 'hex');
  expect((await read({ город: z.string(), y: z.int() }, bytes, { encoding: 'windows-1251' })).rows).toEqual([
    { город: 'Москва', y: 1 },
  ]);
  await expect(read({ город: z.string() }, bytes)).rejects.toThrow(/name it with `encoding` in the project/);
});

test('UTF-16 with its mark needs no option', async () => {
  const { rows } = await read({ ü: z.int() }, Buffer.from('\ufeffü\n5\n', 'utf16le'));
  expect(rows).toEqual([{ ü: 5 }]);
});

test('names of every kind, and names that repeat', async () => {
  const shape = { constructor: z.int(), 'a b': z.int(), '[<é>]': z.int(), x: z.int(), 'x 2': z.int() };
  const { rows, context } = await read(
    shape,
    'constructor,a b,[<é>],x,X,x,\n1,2,3,4,5,6,7\n'.replace('X,x', 'x,y'),
  );
  expect(rows).toEqual([{ constructor: 1, 'a b': 2, '[<é>]': 3, x: 4, 'x 2': 5 }]);
  expect(context.ignored).toEqual(['y', 'column 7']);
  expect(context.lines[0]).toBe('x.csv: column 5 "x" is named "x 2"');
});

test('a file of one delimiter named as another is read by its content', async () => {
  const { rows } = await read({ a: z.string(), y: z.number() }, 'a\ty\n1,2,3\t4\n');
  expect(rows).toEqual([{ a: '1,2,3', y: 4 }]);
});

test('rows come in batches of columns, in their order', async () => {
  const reader = csv({ from: 'data', row: z.object({ n: z.int(), t: z.string().nullable() }) });
  const text = `n,t\n${Array.from({ length: 20_000 }, (_, at) => `${at},${at % 3 === 0 ? '' : `t${at}`}`).join('\n')}`;
  const batches = await rowsIn(
    reader.read([rawFile('x.csv', text)], heard(reader.options, reader.table.schema)),
  );
  expect(batches.length).toBeLessThan(5);
  expect(batches.every(isColumnBatch)).toBe(true);
  const rows = await rowsIn(rowsOfBatches(batches));
  expect(rows).toHaveLength(20_000);
  expect(rows.every(({ n, t }, at) => n === at && t === (at % 3 === 0 ? null : `t${at}`))).toBe(true);
});

test.each([
  [{ decimal: ';' }, /csv\(\{ decimal \}\)/],
  [{ encoding: 'latin-99' }, /must be an encoding/],
  [{ maxBadRows: 5 }, /csv\(\{ maxBadRows \}\): 5/],
  [{ dates: { y: 'Y/D/M' } }, /csv\(\{ dates\.y \}\)/],
  [{ dates: { z: 'D/M/Y' } }, /dates\.z.*no such column|no such column|must name a column/],
  [{ dates: { n: 'D/M/Y' } }, /must name a column of `row` that is z\.iso\.date/],
  [{ skip: -1 }, /csv\(\{ skip \}\): -1/],
  [{ comments: '#' }, /comments/],
])('options are checked when the project is loaded: %j', (options, says) => {
  const row = z.object({ y: z.iso.date(), n: z.number() });
  expect(() => csv({ from: 'x.csv', row, ...(options as object) })).toThrow(says);
});

test.each([
  ['bzip2', Buffer.from('QlpoOTFBWSZTWR956Z4AAAHJAAAQIAAgACAAMMwMeoJxdyRThQkB956Z4A==', 'base64'), /bunzip2/],
  ['Zstandard', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4, 0), /unzstd/],
  ['Excel workbook', Buffer.from('PK\x03\x04[Content_Types].xml'), /save the sheet as CSV/],
  ['Parquet', Buffer.from('PAR1....PAR1'), /Save it as CSV/],
  ['JSON', '\ufeff [ {"y": 1}, {"y": 2} ]', /json\(\{ from, row \}\)/],
  ['JSON', '{"y": 1}\n{"y": 2}\n', /json\(\{ from, row \}\)/],
  ['XML', '<?xml version="1.0"?>\n<rows><y>1</y></rows>', /Save its table as CSV/],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x79, 0, 0, 0, 0x0a, 0, 0, 0]), /iconv -f UTF-32/],
  ['binary data', 'y\n1\0\n2\n', /take them out: tr/],
  ['web page', '<!DOCTYPE html>\n<html><body>Sign in</body></html>', /may need a login/],
])('content of the kind %s is named in a file that is named as text', async (kind, content, remedy) => {
  const reading = read({ y: z.int() }, content);
  await expect(reading).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { field: 'x.csv', value: expect.stringContaining(kind) as string },
  });
  await expect(reading).rejects.toThrow(remedy);
});

test('the header again, units and a total are set aside with their lines, and only the units are a bad row', async () => {
  const rows = good.map((value) => `x,${value}`);
  const text = ['a,y', '-,m', ...rows, 'a,y', ...rows, 'Total,435 m', ''].join('\n');
  const { rows: read1, context } = await read({ a: z.string(), y: z.number() }, text, { maxBadRows: 0.04 });
  expect(read1).toHaveLength(60);
  expect(context.rejected.map(({ line, value }) => [line, value])).toEqual([
    [2, 'm'],
    [33, ['a', 'y']],
    [64, ['Total', '435 m']],
  ]);
  expect(context.lines).toEqual(['x.csv: 60 rows, 3 set aside']);
  const many = `a,y\n${'x,1\na,y\n'.repeat(20)}`;
  expect((await read({ a: z.string(), y: z.number() }, many)).rows).toHaveLength(20);
});

test.each([
  ['blanks', 'a  y\nx   1\nz\t 2\n', ' '],
  ['quotes with a backslash', 'a,y\n"x \\"1\\"",1\n"z",2\n', undefined],
] as const)('%s', async (_what, text, delimiter) => {
  const options = delimiter ? { delimiter } : { quote: '\\"' as const };
  const { rows } = await read({ a: z.string(), y: z.number() }, text, options);
  expect(rows).toEqual([
    { a: delimiter ? 'x' : 'x "1"', y: 1 },
    { a: 'z', y: 2 },
  ]);
});

test('blanks between columns are found by the names of the row, and a backslash names its option', async () => {
  const shape = { a: z.string(), y: z.number() };
  expect((await read(shape, 'a   y\nx   1\n')).rows).toEqual([{ a: 'x', y: 1 }]);
  await expect(read(shape, 'a,y\n"x \\"1\\"",1\n')).rejects.toThrow(/set `quote: '\\\\"'`/);
  await expect(read(shape, 'sep=;\na;y\nx;1\n')).rejects.toThrow(/Set `skip: 1`/);
});

test.each<[string, z.ZodType, string, string]>([
  ['an enum', z.enum(['0', '1', '2', '30']), 'x', 'one of "0", "1", "2", "30"'],
  ['an enum that may be missing', z.enum(['0', '1']).nullable(), 'z', 'one of "0", "1", or null'],
  ['a least number', z.number().min(0), '-1', 'a number, at least 0'],
  ['a number that must be larger', z.number().gt(-1).nullable(), '-1', 'a number, above -1, or null'],
  ['a largest whole number', z.int().max(40).nullable(), '41', 'at most 40'],
  ['a length', z.string().max(2), 'long', 'text, at most 2 characters'],
  ['a pattern', z.string().regex(/^\d+$/), 'x1', String.raw`text, matching ^\d+$`],
])('a value that breaks %s is set aside like one that cannot be read', async (_, ...each) => {
  const [y, bad, expected] = each;
  const fine = Array.from({ length: 40 }, (_row, at) => `${at % 2}`);
  const text = ['y', ...fine, bad, '1', ''].join('\n');
  const { rows, context } = await read({ y }, text);
  expect(rows).toHaveLength(41);
  expect(context.rejected).toEqual([
    { file: 'x.csv', line: 42, column: 'y', value: bad, reason: expect.stringContaining(expected) },
  ]);
  await expect(read({ y }, text, { maxBadRows: 0.01 })).rejects.toThrow(
    /widen the column in `row`.* 1 of 42 rows cannot be read, and `maxBadRows` is 0\.01.*x\.csv, line 42, column "y"/,
  );
});

test('a missing value is not held against the rule of a column that may be null', async () => {
  expect(await cells(z.number().min(0).nullable(), ['1', 'NA', '2'])).toEqual([1, null, 2]);
  expect(await cells(z.enum(['a', 'b']).nullable(), ['a', '?', 'b'])).toEqual(['a', null, 'b']);
  expect(await cells(z.number().min(0).nullable(), ['1', '-200'], { missing: ['-200'] })).toEqual([1, null]);
});
