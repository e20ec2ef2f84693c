import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
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
