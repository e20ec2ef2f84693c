import { z } from 'zod';
import { readBatches, readColumns } from '../data/table-reader.ts';
import { openTableWriter } from '../data/table-writer.ts';
import type { DatasetFile, TableDataset } from '../data/dataset.ts';
import type { BlobStore } from '../data/blob-store.ts';
import type { OperationContext } from '../pipeline/operation.ts';
import type { TableSchema } from '../project/tables/table.ts';
import { hashContent, hashGroup, type LearnedFrom, type LearnedHashes } from '../training/learned.ts';
import type { ColumnValues } from '../training/row-numbers.ts';
import { subsets } from '../training/split.ts';

export const orderValue: z.ZodType<string | number> = z.union([z.string(), z.number()]);

/** `LearnedFrom`, as stored in facts and in a version's manifest. */
export const learnedFrom: z.ZodType<LearnedFrom> = z.object({
  group: z.string().nullable(),
  by: z.object({ column: z.string(), to: orderValue, testsFrom: orderValue.exactOptional() }).nullable(),
  columns: z.array(z.string()),
});

const schema: TableSchema = {
  columns: [
    { name: 'group', type: 'integer', nullable: true },
    { name: 'content', type: 'integer', nullable: false },
  ],
};

interface SplitTable {
  readonly rows: TableDataset;
  readonly subsets: ArrayLike<number>;
  readonly group: ColumnValues | undefined;
  /** The columns that identify the content of a row. */
  readonly columns: readonly string[];
}

/** Stores a hash of each row that is learned from, in an order independent of the rows'. */
export async function writeLearned(
  { rows, subsets: subsetOfRow, group, columns }: SplitTable,
  { blobs, scratch }: Pick<OperationContext, 'blobs' | 'scratch'>,
): Promise<TableDataset> {
  const contents = await contentHashes(rows, columns, blobs);
  const hashes = Array.from(contents, (content, row) => ({
    group: group ? hashGroup(group[row] ?? null) : null,
    content,
  })).filter((_, row) => subsetOfRow[row] === subsets.train || subsetOfRow[row] === subsets.validation);
  await using writer = await openTableWriter<{ group: number | null; content: number }>({
    name: 'learned',
    schema,
    scratchPath: scratch,
  });
  await writer.write(hashes.toSorted((a, b) => (a.group ?? 0) - (b.group ?? 0) || a.content - b.content));
  return writer.finish(blobs);
}

export async function readLearned(table: TableDataset, blobs: BlobStore): Promise<LearnedHashes> {
  const { group, content } = await readColumns(table, blobs, ['group', 'content']);
  return {
    groups: Float64Array.from(group as Float64Array),
    contents: Float64Array.from(content as Float64Array),
  };
}

/** The table that a version's folder contains as a file. */
export function learnedTable(file: DatasetFile, rows: number): TableDataset {
  return { kind: 'table', schema, rows, file: { digest: file.digest, size: file.size }, profile: {} };
}

/** One hash of these columns for each row. */
export async function contentHashes(
  rows: TableDataset,
  columns: readonly string[],
  blobs: BlobStore,
): Promise<Float64Array> {
  const hashes = new Float64Array(rows.rows);
  let at = 0;
  const names = columns.filter((name) => rows.schema.columns.some((column) => column.name === name));
  for await (const batch of readBatches(rows, blobs, names)) {
    const values = columns.map((name) =>
      Object.hasOwn(batch.columns, name) ? batch.columns[name] : undefined,
    );
    // JSON of NaN, a missing number, is null.
    for (let row = 0; row < batch.rows; row++)
      hashes[at++] = hashContent(values.map((column) => column?.[row]));
  }
  return hashes;
}
