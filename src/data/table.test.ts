import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Column, table, type TableSchema } from '../project/tables/table.ts';
import type { BlobStore } from './blob-store.ts';
import { readDataset, saveDataset, type TableDataset } from './dataset.ts';
import { hasDataset } from './presence.ts';
import { readColumns, readRows } from './table-reader.ts';
import { openTableWriter } from './table-writer.ts';
import { openTemporaryBlobStore } from './temporary-blob-store.contract.ts';

const column = (name: string, type: Column['type'], rest: Partial<Column> = {}): Column => ({
  name,
  type,
  nullable: false,
  ...rest,
});

const innings: TableSchema = {
  columns: [
    column('match', 'string', { minLength: 1, maxLength: 12 }),
    column('team', 'string', { oneOf: ['India', "Côte d'Ivoire"] }),
    column('code', 'string', { pattern: '^[A-Z]{3}$' }),
    column('over', 'integer', { minimum: 0, maximum: 19 }),
    column('rate', 'number', { minimum: 0, nullable: true }),
    column('won', 'boolean', { nullable: true }),
    column('day', 'date'),
    column('at', 'timestamp', { nullable: true }),
  ],
};

const row = {
  match: '1234',
  team: "Côte d'Ivoire",
  code: 'CIV',
  over: 3,
  rate: 7.25 as number | null,
  won: true as boolean | null,
  day: '2024-02-29',
  at: '2024-02-29T14:30:00.250Z' as string | null,
};
type Row = typeof row;

async function write(
  schema: TableSchema,
  rows: Iterable<object> | AsyncIterable<object>,
  blobs: BlobStore,
): Promise<TableDataset> {
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter<object>({ schema, scratchPath: scratch.path });
  await writer.write(rows);
  return writer.finish(blobs);
}

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('rows come back as they were written, in order', async () => {
  await using blobs = await openTemporaryBlobStore();
  const rows: Row[] = [
    row,
    { ...row, match: '9', rate: null, won: null, at: null },
    { ...row, team: 'India', code: 'IND', won: false },
  ];
  const dataset = await write(innings, rows, blobs);
  expect(dataset.rows).toBe(3);
  expect(await all(readRows<Row>(dataset, blobs))).toEqual(rows);
});

test('absent columns are null where null is allowed, NaN is a missing number, times come back in UTC', async () => {
  await using blobs = await openTemporaryBlobStore();
  const { rate: _rate, won: _won, ...short } = row;
  const dataset = await write(
    innings,
    [{ ...short, rate: Number.NaN, at: '2024-02-29T20:00:00+05:30' }, short],
    blobs,
  );
  const [first, second] = await all(readRows<Row>(dataset, blobs));
  expect(first).toEqual({ ...row, rate: null, won: null, at: '2024-02-29T14:30:00.000Z' });
  expect(second).toEqual({ ...row, rate: null, won: null });
});

test('an optional column is absent from a row where it has no value, as its type says', async () => {
  await using blobs = await openTemporaryBlobStore();
  const declared = table(
    z.object({
      id: z.string(),
      rate: z.number().optional(),
      won: z.boolean().optional(),
      day: z.iso.date().optional(),
      note: z.string().nullish(),
    }),
  );
  const whole = { id: 'a', rate: 0, won: false, day: '2024-02-29', note: '' };
  const rows = [
    whole,
    { id: 'b' },
    { id: 'c', rate: Number.NaN, note: null },
    { id: 'd', rate: null, day: null },
  ];
  const dataset = await write(declared.schema, rows, blobs);
  const read = await all(readRows<object>(dataset, blobs));
  expect(read).toStrictEqual([
    whole,
    { id: 'b', note: null },
    { id: 'c', note: null },
    { id: 'd', note: null },
  ]);
  expect(read.slice(1).flatMap(Object.keys)).not.toContain('rate');
  expect(await readColumns(dataset, blobs, ['rate', 'day'])).toEqual({
    rate: Float64Array.of(0, Number.NaN, Number.NaN, Number.NaN),
    day: ['2024-02-29', null, null, null],
  });
});

test.each([
  ['pionts', 'points', ['id', 'points']],
  ['Points', 'points', ['id', 'points']],
  ['pionts', 'points', ['id', 'points', 'point']],
  ['wicket', 'wickets', ['id', 'points', 'wickets']],
])('%s beside an absent column %s is not lost as null', async (written, meant, names) => {
  await using blobs = await openTemporaryBlobStore();
  const [id = '', ...others] = names;
  const schema = {
    columns: [column(id, 'string'), ...others.map((name) => column(name, 'integer', { nullable: true }))],
  };
  const given = others.filter((name) => name !== meant).map((name) => [name, 1]);
  const bad = { id: '1', ...Object.fromEntries(given), [written]: 3 };
  await expect(write(schema, [{ id: '1' }, bad], blobs)).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: {
      field: `column ${written} in row 2 of table`,
      value: 3,
      remedy: expect.stringContaining(`since the table has ${names.join(', ')}: did you mean "${meant}"?`),
    },
  });
  expect((await write(schema, [{ id: '1', [written]: undefined }], blobs)).rows).toBe(1);
});

test('no columns of a table are none', async () => {
  await using blobs = await openTemporaryBlobStore();
  expect(await readColumns(await write(innings, [row], blobs), blobs, [])).toEqual({});
});

test('a table without rows is a table', async () => {
  await using blobs = await openTemporaryBlobStore();
  const dataset = await write(innings, [], blobs);
  expect(await all(readRows(dataset, blobs))).toEqual([]);
  expect(dataset.profile['rate']).toEqual({ nulls: 0, distinct: 0 });
  expect(await readColumns(dataset, blobs, ['over'])).toEqual({ over: new Float64Array() });
});

test.each([
  { change: { match: '' }, column: 'match', expected: 'at least 1 characters' },
  { change: { match: '1234567890123' }, column: 'match', expected: 'at most 12 characters' },
  { change: { match: 7 }, column: 'match', expected: 'text' },
  { change: { match: 'a\uD800' }, column: 'match', expected: 'text' },
  { change: { team: 'Indai' }, column: 'team', expected: 'one of "India"' },
  { change: { code: 'civ' }, column: 'code', expected: 'matching ^[A-Z]{3}$' },
  { change: { over: 20 }, column: 'over', expected: 'at most 19' },
  { change: { over: 2.5 }, column: 'over', expected: 'a whole number' },
  { change: { over: '3' }, column: 'over', expected: 'a whole number' },
  { change: { over: undefined }, column: 'over', expected: 'a whole number' },
  { change: { over: Number.NaN }, column: 'over', expected: 'a whole number' },
  { change: { rate: -0.5 }, column: 'rate', expected: 'at least 0' },
  { change: { rate: Infinity }, column: 'rate', expected: 'a number' },
  { change: { won: 1 }, column: 'won', expected: 'true or false' },
  { change: { day: '2023-02-29' }, column: 'day', expected: 'a date as' },
  { change: { day: '2024-2-9' }, column: 'day', expected: 'a date as' },
  { change: { day: null }, column: 'day', expected: 'a date as' },
  { change: { at: '2024-02-30T00:00:00Z' }, column: 'at', expected: 'a time as' },
  { change: { at: 'yesterday' }, column: 'at', expected: 'a time as' },
  { change: { venue: 'Abidjan' }, column: 'venue', expected: 'left out' },
])('refuses $change and says what the column wants', async ({ change, column: name, expected }) => {
  await using blobs = await openTemporaryBlobStore();
  const bad = { ...row, ...change };
  const failure = await write(innings, [row, bad], blobs).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'DATA_INVALID',
    detail: {
      field: `column ${name} in row 2 of table`,
      value: (bad as Record<string, unknown>)[name],
      remedy: expect.stringContaining(expected),
    },
  });
});

test('after a bad row it looks on, keeps 20 of them and never finishes', async () => {
  await using blobs = await openTemporaryBlobStore();
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter<object>({
    name: 'rows',
    schema: innings,
    scratchPath: scratch.path,
  });
  writer.add(row);
  const rows = Array.from({ length: 60 }, (_, over) => ({ ...row, over }));
  await expect(writer.write(rows)).rejects.toMatchObject({
    detail: {
      field: 'column over in row 22 of rows',
      value: 20,
      remedy: 'must be a whole number, at least 0, at most 19 (39 later rows are wrong too)',
    },
  });
  expect(writer.refused.map((refused) => refused.row)).toEqual(
    Array.from({ length: 20 }, (_, at) => at + 22),
  );
  expect(writer.refused[0]).toMatchObject({ column: 'over', values: { over: 20 } });
  expect(() => writer.add(row)).toThrow('column over in row 22');
  await expect(writer.finish(blobs)).rejects.toMatchObject({ code: 'DATA_INVALID' });
});

test('an endless source of bad rows is left after a chunk', async () => {
  await using blobs = await openTemporaryBlobStore();
  let count = 0;
  async function* endless(): AsyncGenerator<object> {
    for (;;) yield { ...row, over: -1 - count++ };
  }
  await expect(write(innings, endless(), blobs)).rejects.toMatchObject({ code: 'DATA_INVALID' });
  expect(count).toBeLessThan(5000);
});

function* many(count: number): Generator<object> {
  for (let at = 0; at < count; at++)
    yield {
      ...row,
      match: `m${at % 700}`,
      over: at % 20,
      rate: at % 3 === 0 ? null : at / 8,
      team: at % 2 ? 'India' : row.team,
    };
}

async function* slowly(rows: Iterable<object>): AsyncGenerator<object> {
  yield* rows;
}

test('the same rows make the same bytes, however they are given, and other rows others', async () => {
  await using blobs = await openTemporaryBlobStore();
  const whole = await write(innings, many(30_000), blobs);
  expect(await write(innings, slowly(many(30_000)), blobs)).toEqual(whole);
  expect(await saveDataset(whole, blobs)).toBe(await saveDataset(structuredClone(whole), blobs));
  expect((await write(innings, many(29_999), blobs)).file.digest).not.toBe(whole.file.digest);
});

test('rows of a long table come back in order, short texts and all', async () => {
  await using blobs = await openTemporaryBlobStore();
  const dataset = await write(innings, many(30_000), blobs);
  const expected = [...many(30_000)];
  let at = 0;
  let differing = 0;
  for await (const read of readRows(dataset, blobs))
    if (JSON.stringify(read) !== JSON.stringify(expected[at++])) differing++;
  expect({ at, differing }).toEqual({ at: 30_000, differing: 0 });
});

test('columns come whole: doubles with NaN for null, booleans as 1 and 0, all else as text', async () => {
  await using blobs = await openTemporaryBlobStore();
  const dataset = await write(
    innings,
    [row, { ...row, rate: null, won: null, over: 19 }, { ...row, won: false, day: '1969-12-31' }],
    blobs,
  );
  expect(await readColumns(dataset, blobs, ['won', 'rate', 'over', 'day', 'team'])).toEqual({
    won: Float64Array.of(1, Number.NaN, 0),
    rate: Float64Array.of(7.25, Number.NaN, 7.25),
    over: Float64Array.of(3, 19, 3),
    day: ['2024-02-29', '2024-02-29', '1969-12-31'],
    team: [row.team, row.team, row.team],
  });
  await expect(readColumns(dataset, blobs, ['wonn'])).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { value: 'wonn' },
  });
});

test('the profile tells nulls, distinct values, mean, sample deviation, quantiles and common values', async () => {
  await using blobs = await openTemporaryBlobStore();
  const rates = [1, 2, 3, 4, null];
  const teams = ['India', 'India', row.team, 'India', row.team];
  const rows = rates.map((rate, at) => ({
    ...row,
    rate,
    team: teams[at],
    won: at === 0 ? null : at % 2 === 0,
  }));
  const { profile } = await write(innings, rows, blobs);
  expect(profile['rate']).toMatchObject({ nulls: 1, distinct: 4, mean: 2.5 });
  expect(profile['rate']?.deviation).toBeCloseTo(Math.sqrt(5 / 3), 12);
  expect(profile['rate']?.quantiles?.map((value) => Number(value.toFixed(6)))).toEqual([
    1, 1.15, 1.75, 2.5, 3.25, 3.85, 4,
  ]);
  expect(profile['won']).toEqual({ nulls: 1, distinct: 2, mean: 0.5 });
  expect(profile['team']).toEqual({
    nulls: 0,
    distinct: 2,
    common: [
      ['India', 3],
      [row.team, 2],
    ],
  });
  expect(profile['day']).toEqual({
    nulls: 0,
    distinct: 1,
    histogram: [5],
    span: ['2024-02-29', '2024-02-29'],
  });
});

test.each([
  ['stacked', 4],
  ['selected one by one', 100_001],
])('every column of a wide table has its own statistics: %s', async (_how, rows) => {
  await using blobs = await openTemporaryBlobStore();
  const names = Array.from({ length: rows === 4 ? 2100 : 3 }, (_, at) => `n${at}`);
  const dataset = await write(
    {
      columns: [column('name', 'string'), ...names.map((name) => column(name, 'number', { nullable: true }))],
    },
    Array.from({ length: rows }, (_, row) => ({
      name: 'a',
      ...Object.fromEntries(names.map((name, at) => [name, row === 3 ? null : at + (row % 4)])),
    })),
    blobs,
  );
  const { n0, n2, name } = dataset.profile;
  expect(Object.keys(dataset.profile)).toEqual(['name', ...names]);
  expect(name).toEqual({ nulls: 0, distinct: 1, common: [['a', rows]] });
  expect(n2?.nulls).toBe(1);
  expect(n2?.mean).toBeCloseTo(2 + (n0?.mean ?? Number.NaN), 10);
  expect(n2?.deviation).toBeCloseTo(n0?.deviation ?? Number.NaN, 10);
  expect(n2?.quantiles).toEqual(n0?.quantiles?.map((value) => value + 2));
  const last = names.length - 1;
  expect(dataset.profile[`n${last}`]?.mean).toBeCloseTo(last + (n0?.mean ?? Number.NaN), 10);
});

test('a table without rows has a profile of each column', async () => {
  await using blobs = await openTemporaryBlobStore();
  const { profile } = await write(innings, [], blobs);
  expect(profile['rate']).toEqual({ nulls: 0, distinct: 0 });
  expect(profile['team']).toEqual({ nulls: 0, distinct: 0 });
});

test('numbers too large to square have no mean and no deviation, and the table is written', async () => {
  await using blobs = await openTemporaryBlobStore();
  const dataset = await write(
    { columns: [column('size', 'number')] },
    [{ size: 1e300 }, { size: -1e300 }, { size: 1 }],
    blobs,
  );
  expect(dataset.profile['size']).toEqual({
    nulls: 0,
    distinct: 3,
    quantiles: expect.arrayContaining([-1e300, 1, 1e300]),
    histogram: Array.from({ length: 20 }, (_, bin) => (bin % 19 === 0 || bin === 10 ? 1 : 0)),
  });
});

test('odd column names and texts are kept', async () => {
  await using blobs = await openTemporaryBlobStore();
  const schema = { columns: [column("o'clock", 'string'), column('say "so"', 'integer')] };
  const rows = [{ "o'clock": "it's; DROP TABLE x --\n\0é😀", 'say "so"': Number.MAX_SAFE_INTEGER }];
  const dataset = await write(schema, rows, blobs);
  expect(await all(readRows(dataset, blobs))).toEqual(rows);
  expect(Object.keys(await readColumns(dataset, blobs, ['say "so"']))).toEqual(['say "so"']);
});

test('a schema that no table can have is refused', async () => {
  const scratchPath = 'nowhere';
  await expect(openTableWriter({ schema: { columns: [] }, scratchPath })).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
  });
  const twice = { columns: [column('Team', 'string'), column('team', 'string')] };
  await expect(openTableWriter({ schema: twice, scratchPath })).rejects.toMatchObject({
    detail: { value: 'team' },
  });
});

test('a writer leaves nothing in the scratch folder, finished or not', async () => {
  await using blobs = await openTemporaryBlobStore();
  await using scratch = await blobs.scratch();
  {
    await using unfinished = await openTableWriter<object>({ schema: innings, scratchPath: scratch.path });
    await unfinished.write([row]);
    await using finished = await openTableWriter<object>({ schema: innings, scratchPath: scratch.path });
    await finished.write([row]);
    const { file } = await finished.finish(blobs);
    expect((await readFile(await blobs.localPath(file.digest))).subarray(0, 4).toString()).toBe('PAR1');
    expect(() => finished.add(row)).toThrow('before the table is finished');
  }
  expect(await readdir(scratch.path)).toEqual([]);
});

test('a dataset is there when its description and all its bytes are', async () => {
  await using blobs = await openTemporaryBlobStore();
  const dataset = await write(innings, [row], blobs);
  const digest = await saveDataset(dataset, blobs);
  expect(await readDataset(digest, blobs)).toMatchObject({ kind: 'table', rows: 1 });
  expect(await hasDataset(digest, blobs)).toBe(true);
  const elsewhere = {
    ...dataset,
    file: { ...dataset.file, digest: digest.replace(/./g, '0') as typeof digest },
  };
  expect(await hasDataset(await saveDataset(elsewhere, blobs), blobs)).toBe(false);
  expect(await hasDataset(elsewhere.file.digest, blobs)).toBe(false);
});
