import { openFileBlobStore } from '../../adapters/files/blob-store.ts';
import type { BlobCacheOptions, BlobLocation } from '../../data/blob-location.ts';
import type { BlobStore } from '../../data/blob-store.ts';

export interface OpenBlobsOptions {
  /** For copies of remote blobs. */
  readonly cache: BlobCacheOptions;
  /** Whether this process holds the lock of the state, so that nobody else uses the cache yet. @default false */
  readonly ownsCache?: boolean;
  /** What to do about a blob that is not in a folder. @default run the project again */
  readonly missing?: string | undefined;
}

/** Opens the blobs of a location: the one place that knows every kind of store. */
export async function openBlobs(
  location: BlobLocation,
  { cache, ownsCache, missing }: OpenBlobsOptions,
): Promise<BlobStore> {
  switch (location.kind) {
    case 'folder':
      return openFileBlobStore(location.path, { missing });
    case 's3': {
      const { kind: _kind, ...bucket } = location;
      const { openS3BlobStore } = await import('../../adapters/s3/blob-store.ts');
      return openS3BlobStore({ ...bucket, cache: { ...cache, isOwner: ownsCache } });
    }
  }
}
