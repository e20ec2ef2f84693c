import type { BlobStore } from './blob-store.ts';
import type { TableDataset } from './dataset.ts';
import { readColumns } from './table-reader.ts';

/** The newest date or time in a column of texts; undefined without rows. */
export async function newestValue(
  dataset: TableDataset,
  column: string,
  blobs: BlobStore,
): Promise<string | undefined> {
  const values = (await readColumns(dataset, blobs, [column]))[column] ?? [];
  let newest: string | undefined;
  for (const value of values)
    if (typeof value === 'string' && (newest === undefined || value > newest)) newest = value;
  return newest;
}
