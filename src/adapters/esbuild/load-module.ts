import type { BlobStore } from '../../data/blob-store.ts';
import type { Digest } from '../../kernel/digest.ts';
import { importText, type ImportOptions, writeModule } from './import-text.ts';

/** The export `fn` of a stored bundle. @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED; errors of the module */
export async function loadModule<Value>(
  bundle: Digest,
  { blobs, ...options }: ImportOptions & { readonly blobs: BlobStore },
): Promise<Value> {
  return (await importText(await textOf(bundle, blobs), options))['fn'] as Value;
}

/** The address of a stored bundle's module, for a thread. @throws as `loadModule`, before the module runs */
export async function moduleAddress(
  bundle: Digest,
  { blobs, ...options }: ImportOptions & { readonly blobs: BlobStore },
): Promise<string> {
  return writeModule(await textOf(bundle, blobs), options);
}

async function textOf(bundle: Digest, blobs: BlobStore): Promise<string> {
  return new TextDecoder().decode(await blobs.read(bundle));
}
