import { open } from 'node:fs/promises';
import { contentHead } from './content-kind.ts';

/** The first bytes of a file of this machine, those that `contentKind` reads; fewer if it has fewer. */
export async function readContentHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(contentHead), 0, contentHead, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
