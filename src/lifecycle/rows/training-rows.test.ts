import { expect, test } from 'vitest';
import type { TableDataset } from '../../data/dataset.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import { openTableWriter } from '../../data/table-writer.ts';
import { openTemporaryBlobStore } from '../../data/temporary-blob-store.contract.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import type { Column } from '../../project/tables/table.ts';
import { subsets } from '../../training/split.ts';
import { writeSubsets } from './subsets-table.ts';
import { readSplitRows, trainingSubsets } from './training-rows.ts';

const number = (name: string): Column => ({ name, type: 'number', nullable: true });

async function tableOf(
  rows: readonly object[],
  columns: readonly Column[],
  blobs: BlobStore,
): Promise<TableDataset> {
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter<object>({ schema: { columns }, scratchPath: scratch.path });
  await writer.write(rows);
  return writer.finish(blobs);
}

test('rows train or validate as their subset says; rows that test, or are in none, do neither', async () => {
  await using blobs = await openTemporaryBlobStore();
  await using scratch = await blobs.scratch();
  const { train, validation, test: tests, none } = subsets;
  const subset = [train, tests, validation, none, train, tests, validation, train];
  const tables: Readonly<Record<string, TableDataset>> = {
    rows: await tableOf(
      subset.map((_, row) => ({ y: row * 10, other: row })),
      [number('y'), number('other')],
      blobs,
    ),
    matrix: await tableOf(
      subset.map((_, row) => ({ a: row, b: row === 4 ? null : -row })),
      [number('a'), number('b')],
      blobs,
    ),
    subsets: await writeSubsets(
      {
        subset,
        group: subset.map((_, row) => row + 100),
        order: subset.map((_, row) => row / 2),
        period: subset.map(() => 0),
        trainsFrom: subset.map(() => 1),
      },
      { blobs, scratch: scratch.path },
    ),
  };
  const context = {
    blobs,
    input: async (name: string) => tables[name] as TableDataset,
  } as OperationContext;
  const { rows, split } = await readSplitRows(context, { target: 'y', targetType: { kind: 'number' } });
  expect(Array.from(split.subset)).toEqual(subset);
  const read = trainingSubsets(rows, split.subset);
  expect([...read.train.target]).toEqual([0, 40, 70]);
  expect([...read.validation.target]).toEqual([20, 60]);
  expect([...read.train.group]).toEqual([100, 104, 107]);
  expect([...read.train.order]).toEqual([0, 2, 3.5]);
  expect(read.train.matrix).toEqual({
    features: ['a', 'b'],
    rows: 3,
    columns: [Float32Array.of(0, 4, 7), Float32Array.of(-0, Number.NaN, -7)],
  });
});
