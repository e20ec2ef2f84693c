import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode } from '../kernel/system-code.ts';

/**
 * Creates a folder and those above it. Node's own `recursive` never returns where the system has no such folder, as in
 * /proc.
 * @returns the first folder that was missing; undefined if none was. @throws the error of the system
 */
export async function createFolders(path: string, mode?: number): Promise<string | undefined> {
  const folder = resolve(path);
  try {
    return await createOne(folder, mode);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
  }
  const above = await createFolders(dirname(folder), mode);
  const created = await createOne(folder, mode);
  return above ?? created;
}

async function createOne(folder: string, mode: number | undefined): Promise<string | undefined> {
  try {
    await mkdir(folder, { mode });
    return folder;
  } catch (error) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return undefined;
    throw error;
  }
}
