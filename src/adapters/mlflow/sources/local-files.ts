import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileOwner, SourceFile, SourceFiles, SourceGap } from '../../../exchange/import/source.ts';
import { PlatformError } from '../../../kernel/errors.ts';

export interface LocalPlaces {
  /** What a relative address is relative to. */
  readonly base: string;
  /** Where the server kept what it names 'mlflow-artifacts:/'. */
  readonly served: string;
}

const served = /^(?:mlflow-artifacts:(?:\/\/[^/]*)?|https?:\/\/.*\/mlflow-artifacts\/artifacts)\/+(.*)$/;

/**
 * The files of a run or a logged model, from this machine's disk. Only a folder that MLflow made for it is read: its name
 * ends with the id and 'artifacts', so that nobody's database can name other files of this machine.
 */
export async function localFiles(owner: FileOwner, places: LocalPlaces): Promise<SourceFiles> {
  const folder = folderOf(owner.uri, places);
  if (folder === undefined) return { kind: 'elsewhere', why: `they stay in ${storeOf(owner.uri)}` };
  const [id, last] = folder.split('/').slice(-2);
  if (id !== owner.id || last !== 'artifacts')
    return { kind: 'elsewhere', why: 'they are said to lie in a folder that MLflow did not make for it' };
  if (await isFolder(folder)) return { kind: 'here', files: filesBelow(folder) };
  return (await isFolder(resolve(folder, '../../..')))
    ? { kind: 'here', files: nothing() }
    : { kind: 'elsewhere', why: `there is no folder ${resolve(folder, '../..')} on this machine` };
}

/** What is below a folder, at any depth. Links are told and not followed. */
export async function* filesBelow(folder: string, inner = ''): AsyncGenerator<SourceFile | SourceGap> {
  const entries = await readdir(join(folder, inner), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(folder, path);
    else if (entry.isFile()) yield await fileAt(folder, path);
    else yield { path, why: 'it is a link or a device, and no file' };
  }
}

/** What many runs have in common of where they lie: 's3://bucket'. */
export function storeOf(uri: string): string {
  return /^[a-z][a-z0-9+.-]+:(?:\/\/[^/]*)?/i.exec(uri)?.[0] ?? uri;
}

export async function isFolder(path: string): Promise<boolean> {
  const facts = await lstat(path).catch(() => undefined);
  return facts?.isDirectory() ?? false;
}

/** Absent for what is not on a disk. */
function folderOf(uri: string, places: LocalPlaces): string | undefined {
  const [, path] = served.exec(uri) ?? [];
  if (path !== undefined) return resolve(places.served, ...decoded(path).split('/'));
  if (/^file:/i.test(uri)) return fileFolder(uri);
  return /^[a-z][a-z0-9+.-]+:/i.test(uri) ? undefined : resolve(places.base, uri);
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
  const place = join(folder, path);
  const facts = await lstat(place).catch(() => undefined);
  if (!facts) return { path, why: 'it went away while it was looked for' };
  return { path, size: facts.size, open: () => contentOf(place) };
}

async function contentOf(place: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const file = await open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    return file.createReadStream({ highWaterMark: 1 << 18 });
  } catch (cause) {
    throw new PlatformError(
      'ARTIFACT_NOT_FOUND',
      { field: 'file', value: place, remedy: `It cannot be read: ${String(cause)}` },
      { cause },
    );
  }
}

async function* nothing(): AsyncGenerator<SourceFile> {}
