import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';

/** @param remedy @default run the project again */
export function blobNotFound(
  digest: Digest,
  remedy = 'Run `modelyard run`: it creates the lost files again.',
): PlatformError {
  return new PlatformError('BLOB_NOT_FOUND', { field: 'digest', value: digest, remedy });
}
