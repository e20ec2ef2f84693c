import { closeSync, openSync, readSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { formatCause, PlatformError } from '../../kernel/errors.ts';
import { systemCode } from '../../kernel/system-code.ts';
import { formatBytes } from '../../kernel/units.ts';
import { readContentHead } from '../../sources/content-head.ts';
import { type ContentKind, contentKind } from '../../sources/content-kind.ts';
import { unpackers } from './unpack.ts';

/** Most bytes of an expanded file. */
const largestExpanded = 4_000_000_000;

interface CopyOptions {
  /** The file's name, for errors. */
  readonly file: string;
  /** @default 4 GB */
  readonly largest?: number;
  /** Ends the copying. */
  readonly signal?: AbortSignal;
}

/**
 * Copies a file to a path of this machine, unpacked if it is gzip, xz or a zip with one CSV file.
 * @throws PlatformError INPUT_INVALID for a damaged archive or another one, BODY_TOO_LARGE, STATE_UNWRITABLE; the reason of an abort
 */
export async function copyExpanded(
  content: AsyncIterable<Uint8Array>,
  path: string,
  options: CopyOptions,
): Promise<void> {
  await write(content, path, options);
  const kind = contentKind(await readContentHead(path));
  const unpack = kind && unpackers[kind];
  if (!unpack) return;
  const packed = `${path}.packed`;
  await rename(path, packed);
  try {
    await unpack(packed, options.file, (unpacked) => write(unpacked, path, options));
  } catch (error) {
    throw archiveFault(error, { kind, ...options });
  } finally {
    await rm(packed, { force: true });
  }
}

async function write(
  content: AsyncIterable<Uint8Array>,
  path: string,
  { file, largest = largestExpanded, signal }: CopyOptions,
): Promise<void> {
  await using target = await open(path, 'wx', 0o600);
  let size = 0;
  for await (const piece of content) {
    signal?.throwIfAborted();
    size += piece.length;
    if (size > largest) throw tooLarge(file, largest);
    try {
      for (let at = 0; at < piece.length;) at += (await target.write(piece, at)).bytesWritten;
    } catch (error) {
      throw diskFault(error, path) ?? error;
    }
  }
}

/** What went wrong with an archive is wrong input here. */
function archiveFault(
  cause: unknown,
  { kind, file, signal }: CopyOptions & { readonly kind: ContentKind },
): unknown {
  if (signal?.aborted || isOfMachine(cause)) return cause;
  if (cause instanceof PlatformError)
    return cause.code === 'SOURCE_UNREADABLE' || cause.code === 'DATA_INVALID'
      ? new PlatformError('INPUT_INVALID', cause.detail, { cause })
      : cause;
  const remedy = `The ${kind} file is damaged or incomplete: compress it again.`;
  return new PlatformError('INPUT_INVALID', { field: file, value: formatCause(cause), remedy }, { cause });
}

/** Errors of zlib have codes of their own. */
function isOfMachine(cause: unknown): boolean {
  return /^E[A-Z]+$/.test(systemCode(cause) ?? '');
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
