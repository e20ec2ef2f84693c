import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { PlatformError } from '../../kernel/errors.ts';
import { systemCode } from '../../kernel/system-code.ts';

/**
 * The key that seals webhook secrets, from a file that only this user can read; created if it is missing.
 * @returns 32 bytes. @throws PlatformError STATE_UNWRITABLE
 */
export async function openKeyFile(path: string): Promise<Uint8Array> {
  try {
    await writeFile(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw unwritable(path, cause);
  }
  return readFile(path);
}

function unwritable(path: string, cause: unknown): PlatformError {
  const remedy =
    'Create its folder and let this user write to it, or choose another state folder with --state.';
  return new PlatformError('STATE_UNWRITABLE', { field: 'key file', value: path, remedy }, { cause });
}
