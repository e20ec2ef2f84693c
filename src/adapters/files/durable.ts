import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free space and run again. Nothing half-written was kept.',
  EDQUOT: 'The quota is used up: free space and run again. Nothing half-written was kept.',
  EROFS: 'The disk is read-only: choose another folder with --state.',
  EACCES: 'Give this user the right to write there, or choose another folder with --state.',
  EPERM: 'Give this user the right to write there, or choose another folder with --state.',
  ENOTDIR: 'A file stands where a folder must be: move it away, or choose another folder with --state.',
  EEXIST: 'A file stands where a folder must be: move it away, or choose another folder with --state.',
  EIO: 'The disk failed: see the system log.',
};

/** What the system says of an error: 'ENOSPC'. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Does what writes under `path`. @throws PlatformError STATE_UNWRITABLE naming `path` where the disk refuses */
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

/** State is for its owner alone, also in a folder that others can read. */
export const privateFile = 0o600;
export const privateFolder = 0o700;

/** Makes a folder and those above it, with their names on disk. */
export async function ensureFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: privateFolder });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Puts on disk which names a folder holds. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

export interface Replacement {
  /** A folder on the same disk for the unfinished file. */
  readonly temporaryFolder: string;
  readonly content: string | Uint8Array;
}

/** Puts a whole file at `path`, over what was there: a reader sees the old one or the new one. On disk when it returns. */
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

/** Writes a new file whose bytes are on disk when it returns; its name is not, before `syncFolder`. */
export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, 'w', privateFile);
  await file.writeFile(content);
  await file.sync();
}

/** Makes an empty file where there is none; one that others could read is closed to them. Never opens what is there. */
export async function createPrivateFile(path: string): Promise<void> {
  try {
    await using _file = await open(path, 'wx', privateFile);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    await chmod(path, privateFile);
  }
}
