import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BlobStore } from '../data/blob-store.ts';
import type { DatasetFile } from '../data/dataset.ts';
import { PlatformError } from '../kernel/errors.ts';
import { fileBytes } from '../kernel/file-bytes.ts';
import { mapConcurrent } from '../kernel/map-concurrent.ts';
import { systemCode } from '../kernel/system-code.ts';

/** The file when it was read: its size in bytes, and the times of its last content and inode change in milliseconds. */
export type Seen = readonly [size: number, modified: number, changed: number];

interface LocalFile {
  /** Relative to the path of the source, with '/'. */
  readonly name: string;
  readonly path: string;
}

export interface LocalOptions {
  readonly blobs: BlobStore;
  /** A file of the last snapshot by name, with its stat at that time. */
  readonly lastSeen: (name: string) => { readonly file: DatasetFile; readonly seen: Seen } | undefined;
}

export interface LocalSnapshot {
  readonly files: readonly DatasetFile[];
  readonly seen: Readonly<Record<string, Seen>>;
}

const width = 8;

/**
 * Stores a file, or every file below a folder, in order of name. Skips names that begin with a dot. A file that has not
 * changed since the last snapshot is not read again.
 * @throws PlatformError SOURCE_UNREADABLE naming the path that is missing, empty or changing
 */
export async function keepLocal(path: string, options: LocalOptions): Promise<LocalSnapshot> {
  const found = await filesAt(path);
  const kept = await mapConcurrent(found, width, (file) => keepFile(file, options));
  return {
    files: kept.map(({ file }) => file),
    seen: Object.fromEntries(kept.map(({ file, seen }) => [file.name, seen])),
  };
}

async function filesAt(path: string): Promise<readonly LocalFile[]> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw unreadable(
      path,
      cause,
      'Name a file or folder that exists; a relative path starts at the folder of the project file.',
    );
  });
  if (entry.isFile()) return [{ name: basename(path), path }];
  const files = await filesBelow({ name: '', path }, new Set());
  if (files.length === 0)
    throw unreadable(path, 'no files', 'Put the raw files into the folder, or name another folder.');
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function filesBelow(folder: LocalFile, above: ReadonlySet<string>): Promise<readonly LocalFile[]> {
  const real = await realpath(folder.path);
  if (above.has(real)) return [];
  const files: LocalFile[] = [];
  for (const name of await readdir(folder.path)) {
    if (name.startsWith('.')) continue;
    const entry = {
      name: folder.name === '' ? name : `${folder.name}/${name}`,
      path: join(folder.path, name),
    };
    const what = await stat(entry.path).catch((cause: unknown) => {
      throw unreadable(entry.path, cause, 'Fix or remove this entry of the folder.');
    });
    if (what.isFile()) files.push(entry);
    if (what.isDirectory()) files.push(...(await filesBelow(entry, new Set([...above, real]))));
  }
  return files;
}

async function keepFile(
  local: LocalFile,
  { blobs, lastSeen }: LocalOptions,
): Promise<{ file: DatasetFile; seen: Seen }> {
  const seen = await look(local.path);
  const last = lastSeen(local.name);
  if (last && isSame(last.seen, seen) && (await blobs.has(last.file.digest)))
    return { file: last.file, seen };
  const blob = await blobs.putStream(fileBytes(local.path)).catch((cause: unknown) => {
    throw isDenied(cause) ? unreadable(local.path, cause, 'Let this user read the file.') : cause;
  });
  if (isSame(seen, await look(local.path)) && blob.size === seen[0])
    return { file: { name: local.name, digest: blob.digest, size: blob.size }, seen };
  throw unreadable(
    local.path,
    'changed while it was read',
    'Run again when the program that writes the file has finished.',
  );
}

async function look(path: string): Promise<Seen> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  return [size, mtimeMs, ctimeMs];
}

function isSame(one: Seen, other: Seen): boolean {
  return one.every((part, index) => part === other[index]);
}

function isDenied(cause: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(systemCode(cause) ?? '');
}

function unreadable(path: string, cause: unknown, remedy: string): PlatformError {
  const value = systemCode(cause) ?? cause;
  return new PlatformError('SOURCE_UNREADABLE', { field: path, value, remedy }, { cause });
}
