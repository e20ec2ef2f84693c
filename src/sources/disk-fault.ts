import { PlatformError } from '../kernel/errors.ts';

const diskCodes: ReadonlySet<unknown> = new Set([
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

/** The error for a file of ours that could not be written; undefined when something else failed. */
export function unwritable(cause: unknown, field: string): PlatformError | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (!diskCodes.has(code)) return undefined;
  const remedy = 'Make room on the disk that holds the state, and see that this user may write there.';
  return new PlatformError('STATE_UNWRITABLE', { field, value: code, remedy }, { cause });
}
