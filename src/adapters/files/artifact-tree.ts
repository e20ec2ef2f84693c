import { constants, type Stats } from 'node:fs';
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import type { ArtifactPath } from '../../tracking/artifacts/path.ts';
import { systemCode } from './durable.ts';

/** Absent on Windows, where a link is found by its real path alone. */
const noFollow = constants.O_NOFOLLOW ?? 0;

/** Codes that mean: on the way there is no such file, or a file where a folder would be. */
const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** What lies at a path, without following links; absent where nothing does. */
export async function factsOf(place: string): Promise<Stats | undefined> {
  return lstat(place).catch((error: unknown) => {
    if (absent.has(systemCode(error) ?? '')) return undefined;
    throw error;
  });
}

/** Where a path lies on this machine, below a folder that has no links in its own name. */
export function placeOf(root: string, path: ArtifactPath): string {
  return path === '' ? root : join(root, ...path.split('/'));
}

/**
 * Whether a place is what its name says: nothing on the way is a link. A place that is not there counts by the folders
 * above it that are.
 */
export async function isContained(root: string, place: string): Promise<boolean> {
  for (let above = place; above.length > root.length; above = above.slice(0, above.lastIndexOf(sep))) {
    const real = await realpath(above).catch((error: unknown) => {
      if (absent.has(systemCode(error) ?? '')) return undefined;
      throw error;
    });
    if (real !== undefined) return real === above;
    if ((await factsOf(above)) !== undefined) return false;
  }
  return true;
}

/** Opens a file that lies below `root` itself: a link, or a file reached through one, counts as absent. */
export async function openContained(
  root: string,
  path: ArtifactPath,
): Promise<{ readonly file: FileHandle; readonly facts: Stats }> {
  const place = placeOf(root, path);
  const file = await open(place, constants.O_RDONLY | noFollow).catch((error: unknown) => {
    const code = systemCode(error) ?? '';
    throw absent.has(code) || code === 'ELOOP' || code === 'EISDIR' ? noArtifact(path) : error;
  });
  try {
    const [facts, there, contained] = await Promise.all([
      file.stat(),
      factsOf(place),
      isContained(root, place),
    ]);
    if (facts.isFile() && contained && there?.ino === facts.ino && there.dev === facts.dev)
      return { file, facts };
    throw noArtifact(path);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function noArtifact(path: string): PlatformError {
  return new PlatformError('ARTIFACT_NOT_FOUND', {
    field: 'path',
    value: path,
    remedy: 'No file lies there: list the folder to see what does.',
  });
}

export function wrongPlace(path: string, remedy: string): PlatformError {
  return new PlatformError('INPUT_INVALID', { field: 'path', value: path, remedy });
}
