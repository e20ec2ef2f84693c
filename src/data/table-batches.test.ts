import { expect, test } from 'vitest';
import { batchRows, ColumnBatch } from '../project/tables/column-batch.ts';
import type { Column, TableSchema } from '../project/tables/table.ts';
import type { BlobStore } from './blob-store.ts';
import type { TableDataset } from './dataset.ts';
import { readRows } from './table-reader.ts';
import { openTableWriter } from './table-writer.ts';
import { openTemporaryBlobStore } from './temporary-blob-store.contract.ts';

const column = (name: string, type: Column['type'], rest: Partial<Column> = {}): Column => ({
  name,
  type,
  nullable: false,
  ...rest,
});

const visits: TableSchema = {
  columns: [
    column('town', 'string', { minLength: 2 }),
    column('note', 'string', { nullable: true, optional: true }),
    column('count', 'integer', { minimum: 0 }),
    column('price', 'number', { nullable: true, below: 1e6 }),
    column('paid', 'boolean', { nullable: true }),
    column('day', 'date'),
    column('at', 'timestamp', { nullable: true }),
  ],
};

type Values = Readonly<Record<string, unknown>>;

function rowAt(index: number): Values {
  return {
    town: ['Pune', 'Delhi', 'Côte'][index % 3],
    note: index % 5 === 0 ? null : `note ${index % 700}`,
    count: index % 40,
    price: index % 7 === 0 ? null : index / 3,
    paid: index % 11 === 0 ? null : index % 2 === 0,
    day: `2024-0${1 + (index % 9)}-11`,
    at: index % 13 === 0 ? null : `2024-02-29T14:30:${10 + (index % 50)}+05:30`,
  };
}

const manyRows = (count: number): Values[] => Array.from({ length: count }, (_, index) => rowAt(index));

/** Rows as batches of so many rows; numbers as doubles. */
function* batchesOf(rows: readonly Values[], size: number): Generator<ColumnBatch> {
  for (let from = 0; from < rows.length; from += size) {
    const part = rows.slice(from, from + size);
    const names = Object.keys(part[0] ?? {});
    const columns = names.map((name) => {
      const values = part.map((row) => row[name]);
      const isNumeric = values.every((value) => value === null || typeof value === 'number');
      const doubles = isNumeric && Float64Array.from(values, (value) => Number(value ?? Number.NaN));
      return [name, doubles || values] as const;
    });
    yield new ColumnBatch(part.length, Object.fromEntries(columns));
  }
}

async function write(
  rows: Iterable<object> | AsyncIterable<object>,
  blobs: BlobStore,
  schema = visits,
): Promise<TableDataset> {
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter<object>({ name: 'visits', schema, scratchPath: scratch.path });
  await writer.write(rows);
  return writer.finish(blobs);
}

async function* slowly<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

test.each([1, 1000, 2048, 5000])('batches of %d rows make the table that the rows make', async (size) => {
  await using blobs = await openTemporaryBlobStore();
  const rows = manyRows(5000);
  const dataset = await write(rows, blobs);
  expect(await write(batchesOf(rows, size), blobs)).toEqual(dataset);
  expect(await write(slowly(batchesOf(rows, size)), blobs)).toEqual(dataset);
});

test('rows and batches can be mixed, and a batch without rows adds none', async () => {
  await using blobs = await openTemporaryBlobStore();
  const rows = manyRows(3000);
  const [batch = new ColumnBatch(0, {})] = batchesOf(rows.slice(10, 2990), 10_000);
  const mixed = [...rows.slice(0, 10), new ColumnBatch(0, {}), batch, ...rows.slice(2990)];
  expect(await write(mixed, blobs)).toEqual(await write(rows, blobs));
});

test.each<[string, number, Values]>([
  ['a value of another type', 3000, { town: 7 }],
  ['a value out of range', 0, { count: -1 }],
  ['an infinite number', 2047, { price: Infinity }],
  ['a missing value', 2048, { count: null }],
  ['a text that is too short', 4999, { town: 'x' }],
  ['a day that does not exist', 1, { day: '2024-02-30' }],
  ['a column that the table does not have', 2500, { prise: 3 }],
])('%s is refused in a batch as in a row', async (_, at, change) => {
  await using blobs = await openTemporaryBlobStore();
  const rows = manyRows(5000).map((row, index) => (index === at ? { ...row, ...change } : row));
  const refused = await write(rows, blobs).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'DATA_INVALID' });
  const [name = ''] = Object.keys(change);
  const batches = [...batchesOf(rows, 2000)].map((batch, index) =>
    name in rowAt(0) || Math.floor(at / 2000) !== index
      ? batch
      : new ColumnBatch(batch.rows, {
          ...batch.columns,
          [name]: Array.from({ length: batch.rows }, (_value, row) => rows[index * 2000 + row]?.[name]),
        }),
  );
  await expect(write(batches, blobs)).rejects.toEqual(refused);
});

test('every refused row of a batch is counted', async () => {
  await using blobs = await openTemporaryBlobStore();
  const rows = manyRows(500).map((row, index) => (index % 10 === 3 ? { ...row, count: 0.5 } : row));
  const refused = await write(rows, blobs).catch((error: unknown) => error);
  expect(refused).toMatchObject({ detail: { remedy: expect.stringContaining('(49 later rows') } });
  await expect(write(batchesOf(rows, 90), blobs)).rejects.toEqual(refused);
});

test('names that every object has are columns like others', async () => {
  await using blobs = await openTemporaryBlobStore();
  const names = ['constructor', '__proto__', 'toString'];
  const schema = { columns: names.map((name) => column(name, 'string', { nullable: true })) };
  const row = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
  const rows = [row, {}];
  const batch = new ColumnBatch(
    2,
    Object.fromEntries(names.map((name) => [name, [`of ${name}`, undefined]])),
  );
  for (const given of [rows, [batch]]) {
    const read: [string, unknown][][] = [];
    for await (const found of readRows(await write(given, blobs, schema), blobs))
      read.push(Object.entries(found));
    expect(read).toEqual([Object.entries(row), names.map((name) => [name, null])]);
  }
});

test('the rows of a batch have null for a missing number', () => {
  const batch = new ColumnBatch(3, { a: Float64Array.of(1, Number.NaN, 3), b: ['x', undefined, null] });
  expect([...batchRows(batch)]).toEqual([
    { a: 1, b: 'x' },
    { a: null, b: undefined },
    { a: 3, b: null },
  ]);
  expect([...batchRows(batch, 2)]).toEqual([{ a: 3, b: null }]);
});

test('columns of a batch have the same length', () => {
  expect(() => new ColumnBatch(2, { a: [1, 2], b: [1] })).toThrow(/column b of a batch of 2 rows/);
});
