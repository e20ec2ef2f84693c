import { mkdtemp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BlobStore } from '../data/blob-store.ts';
import type { DatasetFile } from '../data/dataset.ts';
import { formatCause, PlatformError } from '../kernel/errors.ts';
import { fileBytes } from '../kernel/file-bytes.ts';
import type { RawFile } from '../project/tables/source.ts';
import type { expandTar as ExpandTar } from './archive-tar.ts';
import { decompressed } from './compression.ts';
import { readContentHead } from './content-head.ts';
import { unwritable } from './disk-fault.ts';
import { canBePacked, type Packing, packingOf, unpackedName } from './packing.ts';
import { type ArchiveLimits, archiveLimits, type Spool, spooled } from './spool.ts';

export interface OpenOptions {
  readonly blobs: Pick<BlobStore, 'read' | 'localPath'>;
  /** A folder for the extracted members. The returned files can be read as long as it exists. */
  readonly scratch: string;
  /** @default archiveLimits */
  readonly limits?: ArchiveLimits;
}

/**
 * The raw files of a snapshot, in order of name: a plain file as itself, an archive (.zip, .tar, .tar.gz, .tgz and so on) or
 * a compressed file (.gz, .xz, .bz2, .zst) as its members, named 'archive.zip/member.json'; so is a file that is named as
 * text but is compressed. An archive inside an archive is a file like any other.
 * @throws PlatformError SOURCE_UNREADABLE naming an archive that is damaged, unsafe or expands beyond the limits
 */
export async function openSnapshot(
  files: readonly DatasetFile[],
  options: OpenOptions,
): Promise<readonly RawFile[]> {
  const raw: RawFile[] = [];
  for (const file of files) {
    const packing =
      canBePacked(file.name) &&
      packingOf(file.name, await readContentHead(await options.blobs.localPath(file.digest)));
    if (packing) raw.push(...(await expanded(file, expandOf(packing), options)));
    else raw.push({ name: file.name, digest: file.digest, bytes: () => options.blobs.read(file.digest) });
  }
  return raw.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

type Expand = (archive: string, path: string, spool: Spool) => Promise<void>;

// Archive readers are loaded with the first archive, so that a server starts without them.
const expandZip: Expand = async (...args) => (await import('./archive-zip.ts')).expandZip(...args);
const expandTar: typeof ExpandTar = async (...args) => (await import('./archive-tar.ts')).expandTar(...args);

function expandOf({ container, compression }: Packing): Expand {
  if (container === 'zip') return expandZip;
  return async (archive, path, spool) => {
    const content = compression ? decompressed(archive, path, compression) : fileBytes(path);
    if (container === 'tar') await expandTar(archive, content, spool);
    else await spool.add(unpackedName(basename(archive)), content);
  };
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
