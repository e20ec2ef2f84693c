import { open } from 'node:fs/promises';
import { hashWhile } from '../../data/blob-files.ts';
import type { Blob } from '../../data/blob-store.ts';
import { privateFile, writing } from './durable.ts';

/** Writes a new file and syncs its bytes. */
export async function writeHashed(path: string, content: AsyncIterable<Uint8Array>): Promise<Blob> {
  await using file = await writing(path, () => open(path, 'wx', privateFile));
  const blob = await hashWhile(content, (piece) => writing(path, () => file.writeFile(piece)));
  await writing(path, () => file.sync());
  return blob;
}
