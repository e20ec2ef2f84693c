import { expect, test } from 'vitest';
import { openTableWriter } from '../data/table-writer.ts';
import { openTemporaryBlobStore } from '../data/temporary-blob-store.contract.ts';
import type { TableDataset } from '../data/dataset.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { readSubsets, readTrainingRows } from './training-rows.ts';

async function tableOf(
  blobs: BlobStore,
  name: string,
  columns: Readonly<Record<string, readonly number[]>>,
): Promise<TableDataset> {
  await using scratch = await blobs.scratch();
  const names = Object.keys(columns);
  await using writer = await openTableWriter<Readonly<Record<string, number>>>({
    name,
    schema: { columns: names.map((column) => ({ name: column, type: 'number', nullable: false })) },
    scratchPath: scratch.path,
  });
  for (const row of columns[names[0] ?? '']?.keys() ?? [])
    writer.add(Object.fromEntries(names.map((column) => [column, columns[column]?.[row] ?? Number.NaN])));
  return writer.finish(blobs);
}

test('rows to learn from are those of train and validation, each in its subset and none of the test', async () => {
  await using blobs = await openTemporaryBlobStore();
  const tables: Readonly<Record<string, TableDataset>> = {
    rows: await tableOf(blobs, 'rows', { price: [10, 11, 12, 13, 14, 15] }),
    subsets: await tableOf(blobs, 'subsets', {
      subset: [0, 2, 1, 0, 2, 1],
      group: [1, 2, 3, 1, 4, 3],
      order: [0, 1, 2, 3, 4, 5],
    }),
    matrix: await tableOf(blobs, 'matrix', { size: [20, 21, 22, 23, 24, 25] }),
  };
  const context = { blobs, input: async (name: string) => tables[name] as TableDataset };
  const { train, validation } = await readTrainingRows(context, 'price');
  expect([...train.target], 'subset 0').toEqual([10, 13]);
  expect([...validation.target], 'subset 1').toEqual([12, 15]);
  expect([...(train.matrix.columns[0] ?? [])]).toEqual([20, 23]);
  expect([...(validation.matrix.columns[0] ?? [])]).toEqual([22, 25]);
  expect([...validation.order]).toEqual([2, 5]);
  expect([...(await readSubsets(context))]).toEqual([0, 2, 1, 0, 2, 1]);
});
