import type { Digest } from '../kernel/digest.ts';

export interface Blob {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Bytes under their SHA-256. A blob is written once, whole or not at all, and is on disk when `put` returns.
 * Readers never see bytes that do not match the digest: they get STATE_DAMAGED.
 */
export interface BlobStore extends AsyncDisposable {
  put(content: Uint8Array | string): Promise<Blob>;
  /** Takes the bytes as they come; memory does not grow with them. */
  putStream(content: AsyncIterable<Uint8Array>): Promise<Blob>;
  /** Takes over a finished file on this machine; it is gone from `path` afterwards. */
  putFile(path: string): Promise<Blob>;
  has(digest: Digest): Promise<boolean>;
  /** @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED */
  read(digest: Digest): Promise<Uint8Array>;
  /** A file on this machine with the blob's bytes, verified; not to be changed. @throws as `read` */
  localPath(digest: Digest): Promise<string>;
  /** Rejects while the store does not respond or cannot be used. */
  check(): Promise<void>;
  /** An empty folder for unfinished files, on the same disk as the store; gone when disposed of. */
  scratch(): Promise<{ readonly path: string } & AsyncDisposable>;
}
