import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import { formatBytes, formatCount } from '../kernel/units.ts';
import type { RawFile } from '../project/tables/source.ts';
import { memberName } from './member-name.ts';

/** Limits on an archive's expanded size. */
export interface ArchiveLimits {
  readonly members: number;
  readonly bytes: number;
  /** Most expanded bytes for one byte of the archive, checked after `ratioFrom` bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

export const archiveLimits: ArchiveLimits = { members: 1_000_000, bytes: 64e9, ratio: 250, ratioFrom: 1e9 };

/** Extracts an archive's members one after another into one file on disk. Memory holds one chunk. */
export interface Spool {
  /** @throws PlatformError SOURCE_UNREADABLE for an invalid or repeated name, and for an archive that exceeds the limits */
  add(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface SpoolOptions {
  /** For errors, and before each member's name. */
  readonly archive: string;
  /** Bytes of the archive itself. */
  readonly size: number;
  readonly limits: ArchiveLimits;
}

/** Fills a new file at `path` and returns its members. They can be read as long as the file exists. */
export async function spooled(
  path: string,
  options: SpoolOptions,
  fill: (spool: Spool) => Promise<void>,
): Promise<readonly RawFile[]> {
  const members = new Map<string, RawFile>();
  const file = await open(path, 'wx');
  let end = 0;
  try {
    await fill({
      async add(given, content) {
        const name = `${options.archive}/${memberName(given, options.archive)}`;
        if (members.has(name)) throw refused(options, given, 'Create the archive again with each name once.');
        if (members.size >= options.limits.members)
          throw tooLarge(options, `more than ${formatCount(members.size)} members`);
        const start = end;
        const hash = createHash('sha256');
        for await (const chunk of content) {
          hash.update(chunk);
          await writeAll(file, chunk);
          end += chunk.byteLength;
          checkGrowth(end, options);
        }
        const length = end - start;
        members.set(name, {
          name,
          digest: hash.digest('hex') as Digest,
          bytes: () => readRange(path, start, length),
        });
      },
    });
  } finally {
    await file.close();
  }
  return [...members.values()];
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.byteLength;)
    written += (await file.write(chunk, written, chunk.byteLength - written)).bytesWritten;
}

async function readRange(path: string, start: number, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    for (let read = 0; read < length;) {
      const { bytesRead } = await file.read(bytes, read, length - read, start + read);
      if (bytesRead === 0)
        throw new PlatformError('STATE_DAMAGED', {
          field: path,
          value: `${start + read} bytes`,
          remedy: 'This temporary file was cut short; run the project again.',
        });
      read += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function checkGrowth(expanded: number, options: SpoolOptions): void {
  const { limits, size } = options;
  const steep = expanded > limits.ratioFrom && expanded > size * limits.ratio;
  if (expanded > limits.bytes || steep)
    throw tooLarge(options, `${formatBytes(expanded)} out of ${formatBytes(size)}`);
}

function tooLarge(options: SpoolOptions, value: string): PlatformError {
  return refused(options, value, 'If it really is that large, unpack it and name the folder.');
}

function refused(options: SpoolOptions, value: string, remedy: string): PlatformError {
  return new PlatformError('SOURCE_UNREADABLE', { field: options.archive, value, remedy });
}
