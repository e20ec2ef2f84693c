import type { TableDataset } from '../data/dataset.ts';
import { readColumns } from '../data/table-reader.ts';
import { openTableWriter } from '../data/table-writer.ts';
import type { BlobStore } from '../data/blob-store.ts';
import type { OperationContext } from '../pipeline/operation.ts';
import type { Column } from '../project/table.ts';
import { subsets } from '../training/split.ts';

/** For each row its subset, the number of its group and its order in time. */
export interface SubsetColumns {
  readonly subset: ArrayLike<number>;
  readonly group: ArrayLike<number>;
  readonly order: ArrayLike<number>;
}

export async function writeSubsets(
  { subset, group, order }: SubsetColumns,
  { blobs, scratch }: Pick<OperationContext, 'blobs' | 'scratch'>,
): Promise<TableDataset> {
  await using writer = await openTableWriter<{ subset: number; group: number; order: number }>({
    name: 'subsets',
    schema: {
      columns: [
        whole('subset', subsets.none),
        whole('group'),
        { name: 'order', type: 'number', nullable: false },
      ],
    },
    scratchPath: scratch,
  });
  for (let row = 0; row < subset.length; row++)
    writer.add({ subset: subset[row] ?? 0, group: group[row] ?? 0, order: order[row] ?? 0 });
  return writer.finish(blobs);
}

export async function readSubsetColumns(table: TableDataset, blobs: BlobStore): Promise<SubsetColumns> {
  const { subset, group, order } = await readColumns(table, blobs, ['subset', 'group', 'order']);
  return {
    subset: subset as Float64Array,
    group: group as Float64Array,
    order: order as Float64Array,
  };
}

function whole(name: string, maximum?: number): Column {
  return { name, type: 'integer', nullable: false, minimum: 0, ...(maximum !== undefined && { maximum }) };
}
