import { PlatformError } from '../kernel/errors.ts';
import { createFolders } from './create-folders.ts';

/**
 * Makes a folder of the state, and those above it, for this user alone.
 * @param field what it is: 'state folder'
 * @throws PlatformError STATE_UNWRITABLE
 */
export async function makePrivateFolder(path: string, field: string): Promise<void> {
  try {
    await createFolders(path, 0o700);
  } catch (cause) {
    const remedy = 'Make the folder writable, or name another with --state or MODELYARD_STATE.';
    throw new PlatformError('STATE_UNWRITABLE', { field, value: path, remedy }, { cause });
  }
}
