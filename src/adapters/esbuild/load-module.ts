import type { BlobStore } from '../../data/blob-store.ts';
import type { Digest } from '../../kernel/digest.ts';
import { importText, type ImportOptions } from './import-text.ts';

/** The export `fn` of a stored bundle. @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED; errors of the module */
export async function loadModule<Value>(
  bundle: Digest,
  { blobs, ...options }: ImportOptions & { readonly blobs: BlobStore },
): Promise<Value> {
  const text = new TextDecoder().decode(await blobs.read(bundle));
  return (await importText(text, options))['fn'] as Value;
}
