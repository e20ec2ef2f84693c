import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import type { Blob } from '../../data/blob-store.ts';
import type { Digest } from '../../kernel/digest.ts';

/** Writes a file as its bytes come. */
export async function writeHashed(path: string, content: AsyncIterable<Uint8Array>): Promise<Blob> {
  await using file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of content) {
    hash.update(piece);
    size += piece.length;
    await file.writeFile(piece);
  }
  return { digest: hash.digest('hex') as Digest, size };
}

export async function hashFile(path: string): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = piece as Buffer;
    hash.update(bytes);
    size += bytes.length;
  }
  return { digest: hash.digest('hex') as Digest, size };
}

/** Also from another disk. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
