import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileOwner, SourceFile, SourceFiles, SourceGap } from '../../../exchange/import/source.ts';
import { PlatformError } from '../../../kernel/errors.ts';

export interface LocalFolders {
  /** The folder that relative paths start at. */
  readonly base: string;
  /** The folder that the server names 'mlflow-artifacts:/'. */
  readonly served: string;
}

const served = /^(?:mlflow-artifacts:(?:\/\/[^/]*)?|https?:\/\/.*\/mlflow-artifacts\/artifacts)\/+(.*)$/;

/**
 * The files of a run or logged model on this machine's disk. Only a folder that MLflow creates is read: it ends with the id
 * and 'artifacts', so that a database from elsewhere cannot name other files of this machine.
 */
export async function localFiles(owner: FileOwner, folders: LocalFolders): Promise<SourceFiles> {
  const folder = folderOf(owner.uri, folders);
  if (folder === undefined) return { kind: 'unavailable', reason: `they stay in ${storeOf(owner.uri)}` };
  const [id, last] = folder.split('/').slice(-2);
  if (id !== owner.id || last !== 'artifacts')
    return { kind: 'unavailable', reason: 'their folder is not one that MLflow creates for it' };
  if (await isFolder(folder)) return { kind: 'available', files: filesBelow(folder) };
  return (await isFolder(resolve(folder, '../../..')))
    ? { kind: 'available', files: nothing() }
    : { kind: 'unavailable', reason: `the folder ${resolve(folder, '../..')} is not on this machine` };
}

/** All files below a folder. Links are reported and not followed. */
export async function* filesBelow(folder: string, inner = ''): AsyncGenerator<SourceFile | SourceGap> {
  const entries = await readdir(join(folder, inner), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(folder, path);
    else if (entry.isFile()) yield await fileAt(folder, path);
    else yield { path, reason: 'it is a link or a device' };
  }
}

/** The store of a URI, which many runs share: 's3://bucket'. */
export function storeOf(uri: string): string {
  return /^[a-z][a-z0-9+.-]+:(?:\/\/[^/]*)?/i.exec(uri)?.[0] ?? uri;
}

export async function isFolder(path: string): Promise<boolean> {
  const facts = await lstat(path).catch(() => undefined);
  return facts?.isDirectory() ?? false;
}

/** Absent for a URI that is not on a disk. */
function folderOf(uri: string, folders: LocalFolders): string | undefined {
  const [, path] = served.exec(uri) ?? [];
  if (path !== undefined) return resolve(folders.served, ...decoded(path).split('/'));
  if (/^file:/i.test(uri)) return fileFolder(uri);
  return /^[a-z][a-z0-9+.-]+:/i.test(uri) ? undefined : resolve(folders.base, uri);
}

function fileFolder(uri: string): string | undefined {
  try {
    return resolve(fileURLToPath(uri.replace(/^file:\/*/i, 'file:///')));
  } catch {
    return undefined;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function fileAt(folder: string, path: string): Promise<SourceFile | SourceGap> {
  const file = join(folder, path);
  const facts = await lstat(file).catch(() => undefined);
  if (!facts) return { path, reason: 'it was deleted during the import' };
  return { path, size: facts.size, open: () => contentOf(file) };
}

async function contentOf(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    return file.createReadStream({ highWaterMark: 1 << 18 });
  } catch (cause) {
    throw new PlatformError(
      'ARTIFACT_NOT_FOUND',
      { field: 'file', value: path, remedy: `It cannot be read: ${String(cause)}` },
      { cause },
    );
  }
}

async function* nothing(): AsyncGenerator<SourceFile> {}
