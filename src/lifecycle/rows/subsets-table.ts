import type { TableDataset } from '../../data/dataset.ts';
import { readColumns } from '../../data/table-reader.ts';
import { openTableWriter } from '../../data/table-writer.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import { ColumnBatch } from '../../project/tables/column-batch.ts';
import type { Column } from '../../project/tables/table.ts';
import { subsets } from '../../training/subsets.ts';
import type { PeriodColumns } from '../../training/walk-forward.ts';

/** For each row its subset in the last fit, the number of its group, its order in time, and which fits it tests and trains. */
export interface SubsetColumns extends PeriodColumns {
  readonly subset: ArrayLike<number>;
}

const names = ['subset', 'group', 'order', 'period', 'trainsFrom'] as const;

export async function writeSubsets(
  columns: SubsetColumns,
  { blobs, scratch }: Pick<OperationContext, 'blobs' | 'scratch'>,
): Promise<TableDataset> {
  await using writer = await openTableWriter<Record<(typeof names)[number], number>>({
    name: 'subsets',
    schema: {
      columns: [
        whole('subset', subsets.none),
        whole('group'),
        { name: 'order', type: 'number', nullable: false },
        whole('period'),
        whole('trainsFrom'),
      ],
    },
    scratchPath: scratch,
    profiled: false,
  });
  const rows = columns.subset.length;
  const batch = names.map((name) => [name, Float64Array.from(columns[name])] as const);
  await writer.write([new ColumnBatch(rows, Object.fromEntries(batch))]);
  return writer.finish(blobs);
}

export async function readSubsetColumns(table: TableDataset, blobs: BlobStore): Promise<SubsetColumns> {
  const read = (await readColumns(table, blobs, names)) as Readonly<Record<string, Float64Array>>;
  const column = (name: (typeof names)[number]): Float64Array => read[name] ?? new Float64Array(0);
  return {
    subset: column('subset'),
    group: column('group'),
    order: column('order'),
    period: column('period'),
    trainsFrom: column('trainsFrom'),
  };
}

function whole(name: string, maximum?: number): Column {
  return { name, type: 'integer', nullable: false, minimum: 0, ...(maximum !== undefined && { maximum }) };
}
