import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileBlobStore } from '../adapters/files/blob-store.ts';
import type { BlobLocation } from '../data/blob-location.ts';
import type { BlobStore } from '../data/blob-store.ts';

/**
 * Opens the blobs of a location: the one place that knows every kind of store.
 * @param cacheFolder where this machine keeps copies of remote blobs. @default a folder for temporary files
 */
export async function openBlobs(
  location: BlobLocation,
  { cacheFolder = join(tmpdir(), 'modelyard-blobs') }: { readonly cacheFolder?: string } = {},
): Promise<BlobStore> {
  switch (location.kind) {
    case 'folder':
      return openFileBlobStore(location.path);
    case 's3': {
      const { kind: _kind, ...bucket } = location;
      const { openS3BlobStore } = await import('../adapters/s3/blob-store.ts');
      return openS3BlobStore({ ...bucket, cacheFolder });
    }
  }
}
