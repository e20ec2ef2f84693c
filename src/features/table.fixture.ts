import type { BlobStore } from '../data/blob-store.ts';
import type { TableDataset } from '../data/dataset.ts';
import { openTableWriter } from '../data/table-writer.ts';
import type { TableDeclaration } from '../project/tables/table.ts';

/** Writes rows as a table. */
export async function writeTable<Row extends object>(
  { schema }: TableDeclaration<Row>,
  rows: Iterable<Row>,
  blobs: BlobStore,
): Promise<TableDataset> {
  await using scratch = await blobs.scratch();
  await using writer = await openTableWriter<Row>({ schema, scratchPath: scratch.path });
  await writer.write(rows);
  return writer.finish(blobs);
}
