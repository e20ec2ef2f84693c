import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFolders } from '../../data/create-folders.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** @throws PlatformError CONFIG_INVALID for a name that no project can have */
export function checkName(name: string): void {
  if (isName(name)) return;
  const like = nameLike(name);
  const rule =
    'Use lower-case letters, digits and hyphens, a letter first, 63 at most, and another word than modelyard';
  const remedy = isName(like) ? `${rule}: ${like}` : `${rule}.`;
  throw new PlatformError('CONFIG_INVALID', { field: 'name', value: name, remedy });
}

function isName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,62}$/.test(name) && name !== 'modelyard';
}

/** 'House_Prices 2024' as 'house-prices-2024' */
function nameLike(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
}

/** @throws PlatformError CONFIG_INVALID for a folder that has files */
export async function checkFree(folder: string, name: string): Promise<void> {
  const found = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw taken(name, cause.code === 'ENOTDIR' ? 'a file' : 'not readable');
  });
  if (found.length > 0) throw taken(name, 'not empty');
}

function taken(name: string, value: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: `folder ${name}`,
    value,
    remedy: 'Choose another name, or move what is there.',
  });
}

/** Writes beside the folder and renames, so that there is never half a project. @throws PlatformError STATE_UNWRITABLE */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const unfinished = `${folder}.${randomUUID()}`;
  try {
    for (const [path, content] of files) {
      await createFolders(dirname(join(unfinished, path)));
      await writeFile(join(unfinished, path), content);
    }
    // Some systems do not rename over a folder, not even over an empty one.
    await rmdir(folder).catch(ignoreAbsent);
    await rename(unfinished, folder);
  } catch (cause) {
    throw new PlatformError(
      'STATE_UNWRITABLE',
      {
        field: folder,
        value: (cause as NodeJS.ErrnoException).code,
        remedy: 'Change to a folder where you may write, with room for the data.',
      },
      { cause },
    );
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function ignoreAbsent(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
}
