import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Digest } from '../../kernel/digest.ts';
import { privateFile, writing } from './durable.ts';

/** Writes a new file and syncs its bytes. */
export async function writeHashed(
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ readonly size: number; readonly digest: Digest }> {
  await using file = await writing(path, () => open(path, 'wx', privateFile));
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of content) {
    hash.update(piece);
    size += piece.length;
    await writing(path, () => file.writeFile(piece));
  }
  await writing(path, () => file.sync());
  return { size, digest: hash.digest('hex') as Digest };
}
