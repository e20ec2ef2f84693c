import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { PlatformError } from '../kernel/errors.ts';
import type { Spool } from './spool.ts';

/** Copies a tar's files into the spool, in their order. Skips folders; refuses links and devices. */
export async function expandTar(
  archive: string,
  content: AsyncIterable<Uint8Array>,
  spool: Spool,
): Promise<void> {
  const members = extract();
  const fed = pipeline(Readable.from(toTheEnd(content)), members).then(
    () => undefined,
    (cause: unknown) => ({ cause }),
  );
  for await (const entry of members) {
    if (isFile(entry.header, archive)) await spool.add(entry.header.name, entry as AsyncIterable<Uint8Array>);
    else entry.resume();
  }
  const fault = await fed;
  if (fault) throw fault.cause;
}

function isFile({ name, type }: Header, archive: string): boolean {
  if (type === 'directory') return false;
  if (type === 'file' || type === 'contiguous-file') return true;
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: `member ${name} of ${archive}`,
    value: type,
    remedy: 'Create the archive again with plain files only: tar --dereference --hard-dereference.',
  });
}

const blockLength = 512;

/** A tar ends with blocks of zeros. Without this check, a tar that is cut between two members looks complete. */
async function* toTheEnd(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last: Uint8Array = new Uint8Array(0);
  for await (const chunk of content) {
    const whole = chunk.byteLength >= blockLength;
    last = whole ? chunk.slice(-blockLength) : Buffer.concat([last, chunk]).subarray(-blockLength);
    yield chunk;
  }
  if (last.byteLength < blockLength || last.some((byte) => byte !== 0))
    throw new Error('The archive is cut short.');
}
