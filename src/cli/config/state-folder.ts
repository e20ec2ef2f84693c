import { systemCode } from '../../kernel/system-code.ts';
import { openStateLock } from '../../adapters/files/state-lock.ts';
import { makePrivateFolder } from '../../data/private-folder.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** Errors of the system that another folder does not have. A full disk is not one of them. */
const folderFaults: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EEXIST',
  'ELOOP',
  'ENAMETOOLONG',
]);

/**
 * Creates the state folder and locks it for this process until disposed of.
 * @throws PlatformError CONFIG_INVALID for a folder that cannot be created or written, STATE_LOCKED, STATE_UNWRITABLE
 */
export async function openStateFolder(path: string, holder: string): Promise<AsyncDisposable> {
  try {
    await makePrivateFolder(path, 'state folder');
    return await openStateLock(path, { holder });
  } catch (error) {
    const codes = [systemCode(error), error instanceof Error ? systemCode(error.cause) : undefined];
    const code = codes.find((each) => each !== undefined && folderFaults.has(each));
    if (code === undefined) throw error;
    const remedy = `is not a folder that can be created or written (${code}); choose another with --state or MODELYARD_STATE`;
    throw new PlatformError(
      'CONFIG_INVALID',
      { field: 'state folder', value: path, remedy },
      { cause: error },
    );
  }
}
