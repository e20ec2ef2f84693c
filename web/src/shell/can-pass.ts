import type { PlatformError } from '../../../src/client/index.ts';

/** Whether the same request can succeed later: the server is busy, in conflict or at fault. */
export function canPass({ status }: PlatformError): boolean {
  return status >= 500 || status === 429 || status === 409;
}
