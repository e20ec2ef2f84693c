import { createReadStream } from 'node:fs';
import { mkdtemp, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import type { BlobStore } from '../data/blob-store.ts';
import type { DatasetFile } from '../data/dataset.ts';
import { formatCause, PlatformError } from '../kernel/errors.ts';
import type { RawFile } from '../project/tables/source.ts';
import type { expandTar as ExpandTar } from './archive-tar.ts';
import { contentHead, type ContentKind, contentKind } from './content-kind.ts';
import { unwritable } from './disk-fault.ts';
import { type ArchiveLimits, archiveLimits, type Spool, spooled } from './spool.ts';

export interface OpenOptions {
  readonly blobs: Pick<BlobStore, 'read' | 'localPath'>;
  /** A folder for the extracted members. The returned files can be read as long as it exists. */
  readonly scratch: string;
  /** @default archiveLimits */
  readonly limits?: ArchiveLimits;
}

/**
 * The raw files of a snapshot, in order of name: a plain file as itself, an archive (.zip, .tar, .tar.gz, .tgz, .tar.xz,
 * .txz, .gz, .xz) as its members, named 'archive.zip/member.json'; so is a file that is named
 * as text but is compressed. An archive inside an archive is a file like any other.
 * @throws PlatformError SOURCE_UNREADABLE naming an archive that is damaged, unsafe or expands beyond the limits
 */
export async function openSnapshot(
  files: readonly DatasetFile[],
  options: OpenOptions,
): Promise<readonly RawFile[]> {
  const raw: RawFile[] = [];
  for (const file of files) {
    const expand = expandOf(file.name) ?? (await disguised(file, options));
    if (expand) raw.push(...(await expanded(file, expand, options)));
    else raw.push({ name: file.name, digest: file.digest, bytes: () => options.blobs.read(file.digest) });
  }
  return raw.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

type Expand = (archive: string, path: string, spool: Spool) => Promise<void>;

// Archive readers are loaded with the first archive, so that a server starts without them.
const expandZip: Expand = async (...args) => (await import('./archive-zip.ts')).expandZip(...args);
const expandTar: typeof ExpandTar = async (...args) => (await import('./archive-tar.ts')).expandTar(...args);

const expandGzip: Expand = (archive, path, spool) =>
  spool.add(basename(archive).replace(/\.gz$/i, ''), gunzipped(path));
const expandXz: Expand = async (archive, path, spool) =>
  spool.add(basename(archive).replace(/\.xz$/i, ''), await unxzed(path));

const archiveKinds: readonly { readonly ending: string; readonly expand: Expand }[] = [
  { ending: '.zip', expand: expandZip },
  { ending: '.tar', expand: (archive, path, spool) => expandTar(archive, createReadStream(path), spool) },
  ...['.tar.gz', '.tgz'].map((ending) => ({
    ending,
    expand: (archive: string, path: string, spool: Spool) => expandTar(archive, gunzipped(path), spool),
  })),
  ...['.tar.xz', '.txz'].map((ending) => ({
    ending,
    expand: async (archive: string, path: string, spool: Spool) =>
      expandTar(archive, await unxzed(path), spool),
  })),
  { ending: '.gz', expand: expandGzip },
  { ending: '.xz', expand: expandXz },
];

function expandOf(name: string): Expand | undefined {
  return archiveKinds.find(({ ending }) => name.toLowerCase().endsWith(ending))?.expand;
}

const textName = /(?:\.(?:csv|tsv|txt)|(?:^|\/)[^./]+)$/i;
const disguises: Readonly<Partial<Record<ContentKind, Expand>>> = {
  gzip: expandGzip,
  xz: expandXz,
  zip: expandZip,
};

/**
 * How to expand a file that is named as text, by its first bytes. Files with other endings, such as workbooks, are for readers
 * of their own.
 */
async function disguised({ name, digest }: DatasetFile, { blobs }: OpenOptions): Promise<Expand | undefined> {
  if (!textName.test(name)) return undefined;
  const file = await open(await blobs.localPath(digest));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(contentHead), 0, contentHead, 0);
    const kind = contentKind(buffer.subarray(0, bytesRead));
    return kind && disguises[kind];
  } finally {
    await file.close();
  }
}

async function expanded(
  file: DatasetFile,
  expand: Expand,
  options: OpenOptions,
): Promise<readonly RawFile[]> {
  const path = await options.blobs.localPath(file.digest);
  const folder = await mkdtemp(join(options.scratch, 'members-'));
  const limits = options.limits ?? archiveLimits;
  try {
    return await spooled(join(folder, 'members'), { archive: file.name, size: file.size, limits }, (spool) =>
      expand(file.name, path, spool),
    );
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw unwritable(cause, file.name) ?? damaged(file, cause);
  }
}

function damaged(file: DatasetFile, cause: unknown): PlatformError {
  const value = formatCause(cause);
  const remedy = 'The archive is damaged or incomplete: fetch it again, and check that it opens elsewhere.';
  return new PlatformError('SOURCE_UNREADABLE', { field: file.name, value, remedy }, { cause });
}

function gunzipped(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on('error', (cause) => gunzip.destroy(cause));
  gunzip.on('close', () => file.destroy());
  return file.pipe(gunzip);
}

async function unxzed(path: string): Promise<AsyncIterable<Uint8Array>> {
  const { default: xz } = await import('xz-decompress');
  const file = createReadStream(path);
  const compressed: ReadableStream<Uint8Array> = Readable.toWeb(file);
  const expanding = new xz.XzReadableStream(compressed as globalThis.ReadableStream<Uint8Array>);
  const content = Readable.fromWeb(expanding as ReadableStream<Uint8Array>);
  content.on('close', () => file.destroy());
  return content;
}
