import type { Digest } from '../kernel/digest.ts';

export interface Blob {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Bytes by their SHA-256. A blob is written once, completely or not at all, and is on disk when `put` returns.
 * Readers never see bytes that do not match the digest: they get STATE_DAMAGED.
 */
export interface BlobStore extends AsyncDisposable {
  put(content: Uint8Array | string): Promise<Blob>;
  /** Stores a stream; memory does not grow with it. */
  putStream(content: AsyncIterable<Uint8Array>): Promise<Blob>;
  /** Moves a finished file of this machine into the store. */
  putFile(path: string): Promise<Blob>;
  has(digest: Digest): Promise<boolean>;
  /** @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED */
  read(digest: Digest): Promise<Uint8Array>;
  /** A verified file on this machine with the blob's bytes; do not change it. @throws as `read` */
  localPath(digest: Digest): Promise<string>;
  /** Rejects if the store does not respond or cannot be used. */
  check(): Promise<void>;
  /** An empty folder for temporary files, on the store's disk; removed when disposed of. */
  scratch(): Promise<{ readonly path: string } & AsyncDisposable>;
}
