import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { BlobStore } from './blob-store.ts';
import { type Dataset, readDataset } from './dataset.ts';

/** Whether a dataset's manifest and all its bytes are in the store, so that a result with it can be reused. */
export async function hasDataset(digest: Digest, blobs: BlobStore): Promise<boolean> {
  const dataset = await readIfWhole(digest, blobs);
  if (!dataset) return false;
  const found = await Promise.all(filesOf(dataset).map((file) => blobs.has(file.digest)));
  return found.every(Boolean);
}

function filesOf(dataset: Dataset): readonly { readonly digest: Digest }[] {
  if (dataset.kind === 'value') return [];
  return dataset.kind === 'table' ? [dataset.file] : dataset.files;
}

async function readIfWhole(digest: Digest, blobs: BlobStore): Promise<Dataset | undefined> {
  try {
    return await readDataset(digest, blobs);
  } catch (error) {
    const isGone =
      error instanceof PlatformError && (error.code === 'BLOB_NOT_FOUND' || error.code === 'STATE_DAMAGED');
    if (isGone) return undefined;
    throw error;
  }
}
