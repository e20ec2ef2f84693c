import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { PlatformError } from '../../kernel/errors.ts';

/**
 * The key that webhook secrets are sealed with, from a file that only this user reads; made where there is none.
 * @returns 32 bytes. @throws PlatformError STATE_UNWRITABLE
 */
export async function openKeyFile(path: string): Promise<Uint8Array> {
  try {
    await writeFile(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, cause);
  }
  return readFile(path);
}

function unwritable(path: string, cause: unknown): PlatformError {
  const remedy = 'Make its folder and let this user write to it, or name another state folder with --state.';
  return new PlatformError('STATE_UNWRITABLE', { field: 'key file', value: path, remedy }, { cause });
}
