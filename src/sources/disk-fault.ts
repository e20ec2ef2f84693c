import { PlatformError } from '../kernel/errors.ts';
import { systemCode } from '../kernel/system-code.ts';

const diskCodes: ReadonlySet<string | undefined> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOENT',
]);

/** A STATE_UNWRITABLE if a file could not be written because of the disk; undefined for any other cause. */
export function unwritable(cause: unknown, field: string): PlatformError | undefined {
  const code = systemCode(cause);
  if (!diskCodes.has(code)) return undefined;
  const remedy = 'Free space on the disk that holds the state, and check that this user may write there.';
  return new PlatformError('STATE_UNWRITABLE', { field, value: code, remedy }, { cause });
}
