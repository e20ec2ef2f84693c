import { createHash } from 'node:crypto';
import { copyFile, rename, rm } from 'node:fs/promises';
import type { Digest } from '../kernel/digest.ts';
import type { Blob } from './blob-store.ts';
import { fileBytes } from '../kernel/file-bytes.ts';
import { systemCode } from '../kernel/system-code.ts';

/** Passes bytes through. @returns their digest and size */
export async function hashWhile(
  content: AsyncIterable<Uint8Array>,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of content) {
    hash.update(piece);
    size += piece.length;
    await write(piece);
  }
  return { digest: hash.digest('hex') as Digest, size };
}

/** The digest and size of a file, read in chunks. */
export async function hashFile(path: string): Promise<Blob> {
  return hashWhile(fileBytes(path), async () => {});
}

/** Moves a file, also to another disk. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
