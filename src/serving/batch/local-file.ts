import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { formatCause, PlatformError } from '../../kernel/errors.ts';
import { systemCode } from '../../kernel/system-code.ts';
import { formatBytes } from '../../kernel/units.ts';

/** Most bytes of an expanded file. */
const largestExpanded = 4_000_000_000;

/**
 * Copies a file to a path of this machine, expanded if it is gzip.
 * @param file its name, for errors
 * @throws PlatformError INPUT_INVALID for a damaged archive, BODY_TOO_LARGE, STATE_UNWRITABLE
 */
export async function copyExpanded(
  content: AsyncIterable<Uint8Array>,
  path: string,
  { file, largest = largestExpanded }: { readonly file: string; readonly largest?: number },
): Promise<void> {
  await using target = await open(path, 'wx', 0o600);
  const pieces = content[Symbol.asyncIterator]();
  const first = await pieces.next();
  const whole = prepended(first, pieces);
  const isGzip = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  let size = 0;
  try {
    for await (const piece of isGzip ? expanded(whole, file) : whole) {
      size += piece.length;
      if (size > largest) throw tooLarge(file, largest);
      for (let at = 0; at < piece.length;) at += (await target.write(piece, at)).bytesWritten;
    }
  } catch (error) {
    throw diskFault(error, path) ?? error;
  }
}

async function* prepended(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}

async function* expanded(content: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const source = Readable.from(content);
  const gunzip = createGunzip();
  source.on('error', (cause) => gunzip.destroy(cause));
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (!systemCode(cause)?.startsWith('Z_')) throw cause;
    throw new PlatformError(
      'INPUT_INVALID',
      {
        field: file,
        value: formatCause(cause),
        remedy: 'The gzip file is damaged or incomplete: compress it again.',
      },
      { cause },
    );
  } finally {
    source.destroy();
  }
}

function tooLarge(file: string, largest: number): PlatformError {
  return new PlatformError('BODY_TOO_LARGE', {
    field: file,
    value: 'more',
    remedy: `must have at most ${formatBytes(largest)} without compression: split it, and repeat the header in each part`,
  });
}

function diskFault(error: unknown, path: string): PlatformError | undefined {
  const code = systemCode(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return undefined;
  const remedy = 'The disk is full: free space and start the batch again. It continues after its last row.';
  return new PlatformError('STATE_UNWRITABLE', { field: path, value: code, remedy }, { cause: error });
}

const pieceBytes = 1 << 18;

/** The bytes of a local file in pieces, from the start each time. Each piece is read in a fraction of a millisecond. */
export function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const piece = new Uint8Array(pieceBytes);
      const length = readSync(file, piece, 0, pieceBytes, null);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
