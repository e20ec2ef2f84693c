import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { PlatformError } from '../kernel/errors.ts';
import type { Spool } from './spool.ts';

const unixLink = 0o120000;
const unixKind = 0o170000;

/** The names of a zip's files, in the order of its directory. */
export async function zipNames(path: string): Promise<readonly string[]> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    const names: string[] = [];
    for await (const { fileName } of zip.eachEntry()) if (!fileName.endsWith('/')) names.push(fileName);
    return names;
  } finally {
    zip.close();
  }
}

/** Copies a zip's files into the spool, in the order of its directory, and checks each CRC-32. Refuses links. */
export async function expandZip(archive: string, path: string, spool: Spool): Promise<void> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      refuseUnreadable(entry, archive);
      await spool.add(entry.fileName, checked(zip, entry));
    }
  } finally {
    zip.close();
  }
}

/** Stored and Deflate. */
const plainMethods: ReadonlySet<number> = new Set([0, 8]);
const otherMethods: Readonly<Record<number, string>> = {
  9: 'compressed with Deflate64',
  12: 'compressed with bzip2',
  14: 'compressed with LZMA',
  93: 'compressed with Zstandard',
  95: 'compressed with xz',
};

function refuseUnreadable(entry: Entry, archive: string): void {
  const link = ((entry.externalFileAttributes >>> 16) & unixKind) === unixLink;
  const method = entry.compressionMethod;
  if (!link && !entry.isEncrypted() && plainMethods.has(method)) return;
  if (!link && !entry.isEncrypted())
    throw new PlatformError('SOURCE_UNREADABLE', {
      field: archive,
      value: `${entry.fileName} is ${otherMethods[method] ?? `compressed with method ${method}`}`,
      remedy: 'Only Deflate is read, no other method such as bzip2: unpack it, or pack it again with zip.',
    });
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: `member ${entry.fileName} of ${archive}`,
    value: link ? 'a link' : 'encrypted',
    remedy: 'Create the archive again with plain files, without a password.',
  });
}

async function* checked(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw new Error(`${entry.fileName} does not match its CRC-32.`);
}
