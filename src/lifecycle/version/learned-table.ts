import { z } from 'zod';
import { readBatches, readColumns } from '../../data/table-reader.ts';
import { openTableWriter } from '../../data/table-writer.ts';
import type { DatasetFile, TableDataset } from '../../data/dataset.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import { ColumnBatch } from '../../project/tables/column-batch.ts';
import type { TableSchema } from '../../project/tables/table.ts';
import {
  contentText,
  hashContent,
  hashGroup,
  type LearnedFrom,
  type LearnedHashes,
} from '../../training/learned.ts';
import type { ColumnValue, ColumnValues } from '../../training/row-numbers.ts';
import { subsets } from '../../training/split.ts';

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
  /** One hash of these columns for each row. @default they are read */
  readonly contents?: Float64Array | undefined;
}

/** Stores a hash of each row that is learned from, in an order independent of the rows'. */
export async function writeLearned(
  { rows, subsets: subsetOfRow, group, columns, contents: given }: SplitTable,
  { blobs, scratch }: Pick<OperationContext, 'blobs' | 'scratch'>,
): Promise<TableDataset> {
  const isLearned = Uint8Array.from(subsetOfRow, (subset) =>
    Number(subset === subsets.train || subset === subsets.validation),
  );
  const contents = (given ?? (await contentHashes({ rows, columns, isRead: isLearned }, blobs))).filter(
    (_, row) => isLearned[row] === 1,
  );
  const groups = group ? groupHashes(group, isLearned) : new Float64Array(contents.length).fill(Number.NaN);
  const batch = group ? byGroup(groups, contents) : { group: groups, content: contents.sort() };
  await using writer = await openTableWriter<{ group: number | null; content: number }>({
    name: 'learned',
    schema,
    scratchPath: scratch,
    profiled: false,
  });
  await writer.write([new ColumnBatch(contents.length, batch)]);
  return writer.finish(blobs);
}

function groupHashes(group: ColumnValues, isLearned: Uint8Array): Float64Array {
  const hashed = new Map<ColumnValue, number>();
  const hashes = new Float64Array(group.length);
  for (let row = 0; row < group.length; row++) {
    const value = group[row] ?? null;
    const hash = hashed.get(value) ?? hashGroup(value);
    hashed.set(value, hash);
    hashes[row] = hash;
  }
  return hashes.filter((_, row) => isLearned[row] === 1);
}

/** Both columns in the order of the groups, and of the contents within each. */
function byGroup(
  groups: Float64Array,
  contents: Float64Array,
): Readonly<Record<'group' | 'content', Float64Array>> {
  const order = Int32Array.from(contents.keys()).sort(
    (a, b) =>
      (groups[a] as number) - (groups[b] as number) || (contents[a] as number) - (contents[b] as number),
  );
  const ordered = (values: Float64Array): Float64Array =>
    Float64Array.from(order, (row) => values[row] as number);
  return { group: ordered(groups), content: ordered(contents) };
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

export interface HashedRows {
  readonly rows: TableDataset;
  readonly columns: readonly string[];
  /** 1 for each row that needs a hash; the others get 0. @default every row */
  readonly isRead?: Uint8Array;
}

/** One hash of these columns for each row. */
export async function contentHashes(
  { rows, columns, isRead }: HashedRows,
  blobs: BlobStore,
): Promise<Float64Array> {
  const hashes = new Float64Array(rows.rows);
  const texts = columns.map(() => contentText());
  let at = 0;
  const names = columns.filter((name) => rows.schema.columns.some((column) => column.name === name));
  for await (const batch of readBatches(rows, blobs, names)) {
    const values = columns.map((name) =>
      Object.hasOwn(batch.columns, name) ? batch.columns[name] : undefined,
    );
    for (let row = 0; row < batch.rows; row++, at++)
      if (isRead?.[at] !== 0)
        hashes[at] = hashContent(texts.map((textOf, column) => textOf(values[column]?.[row])));
  }
  return hashes;
}
