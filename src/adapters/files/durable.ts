import { randomUUID } from 'node:crypto';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createFolders } from '../../data/create-folders.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { systemCode } from '../../kernel/system-code.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free space and run again. No partial file was left.',
  EDQUOT: 'The quota is used up: free space and run again. No partial file was left.',
  EROFS: 'The disk is read-only: choose another folder with --state.',
  EACCES: 'Give this user the right to write there, or choose another folder with --state.',
  EPERM: 'Give this user the right to write there, or choose another folder with --state.',
  ENOTDIR: 'A file is in the way of a folder: move it, or choose another folder with --state.',
  EEXIST: 'A file is in the way of a folder: move it, or choose another folder with --state.',
  EIO: 'The disk failed: see the system log.',
};

/** Runs a write under `path`. @throws PlatformError STATE_UNWRITABLE naming `path` if the disk refuses it */
export async function writing<Value>(path: string, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    const code = systemCode(error) ?? '';
    const remedy = remedies[code];
    if (remedy === undefined) throw error;
    throw new PlatformError('STATE_UNWRITABLE', { field: path, value: code, remedy }, { cause: error });
  }
}

/** State is for its owner only, even in a folder that others can read. */
export const privateFile = 0o600;
export const privateFolder = 0o700;

/** Creates a folder and its parents, and syncs their names. */
export async function ensureFolder(path: string): Promise<void> {
  const first = await createFolders(path, privateFolder);
  if (first === undefined) return;
  for (let created = resolve(path); created.length >= first.length; created = dirname(created))
    await syncFolder(dirname(created));
}

/** Syncs the names in a folder to disk. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

export interface Replacement {
  /** A folder on the same disk for the unfinished file. */
  readonly temporaryFolder: string;
  readonly content: string | Uint8Array;
}

/** Replaces the file at `path` in one step: a reader sees the old one or the new one. On disk when it returns. */
export async function replaceFile(path: string, { temporaryFolder, content }: Replacement): Promise<void> {
  await writing(path, async () => {
    await Promise.all([ensureFolder(temporaryFolder), ensureFolder(dirname(path))]);
    const temporary = join(temporaryFolder, randomUUID());
    try {
      await writeSynced(temporary, content);
      await rename(temporary, path);
      await syncFolder(dirname(path));
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** Writes a new file and syncs its bytes. Its name is on disk only after `syncFolder`. */
export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, 'w', privateFile);
  await file.writeFile(content);
  await file.sync();
}

/** Creates an empty file if it is missing, and takes away other users' access to an existing one. Never opens it. */
export async function createPrivateFile(path: string): Promise<void> {
  try {
    await using _file = await open(path, 'wx', privateFile);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    await chmod(path, privateFile);
  }
}
