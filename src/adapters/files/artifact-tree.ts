import { constants, type Stats } from 'node:fs';
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import type { ArtifactPath } from '../../tracking/artifacts/path.ts';
import { systemCode } from '../../kernel/system-code.ts';

/** Absent on Windows, where only the real path shows a link. */
const noFollow = constants.O_NOFOLLOW ?? 0;

/** Error codes for a path that does not exist, or has a file for a folder. */
const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** The stat of a path, without following links; undefined if it does not exist. */
export async function factsOf(location: string): Promise<Stats | undefined> {
  return lstat(location).catch((error: unknown) => {
    if (absent.has(systemCode(error) ?? '')) return undefined;
    throw error;
  });
}

/** The path on this machine of an artifact below `root`. */
export function locate(root: string, path: ArtifactPath): string {
  return path === '' ? root : join(root, ...path.split('/'));
}

/** Whether no folder of the path is a link. For a path that does not exist, the folders above it count. */
export async function isContained(root: string, location: string): Promise<boolean> {
  for (let above = location; above.length > root.length; above = above.slice(0, above.lastIndexOf(sep))) {
    const real = await realpath(above).catch((error: unknown) => {
      if (absent.has(systemCode(error) ?? '')) return undefined;
      throw error;
    });
    if (real !== undefined) return real === above;
    if ((await factsOf(above)) !== undefined) return false;
  }
  return true;
}

/** Opens a file that is really below `root`: a link, or a file behind one, counts as absent. */
export async function openContained(
  root: string,
  path: ArtifactPath,
): Promise<{ readonly file: FileHandle; readonly facts: Stats }> {
  const location = locate(root, path);
  const file = await open(location, constants.O_RDONLY | noFollow).catch((error: unknown) => {
    const code = systemCode(error) ?? '';
    throw absent.has(code) || code === 'ELOOP' || code === 'EISDIR' ? noArtifact(path) : error;
  });
  try {
    const [facts, there, contained] = await Promise.all([
      file.stat(),
      factsOf(location),
      isContained(root, location),
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
    remedy: 'No such file: list the folder to see what it has.',
  });
}

export function wrongPath(path: string, remedy: string): PlatformError {
  return new PlatformError('INPUT_INVALID', { field: 'path', value: path, remedy });
}
