import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { ArtifactPath } from './path.ts';

interface Digests {
  /** @default nothing was announced */
  readonly announced: Digest | undefined;
  readonly stored: Digest;
}

/** @throws PlatformError INPUT_INVALID if the bytes of an upload are not those that were announced */
export function checkDigest(path: ArtifactPath, { announced, stored }: Digests): void {
  if (announced === undefined || announced === stored) return;
  throw new PlatformError('INPUT_INVALID', {
    field: `digest of ${path}`,
    value: stored,
    remedy: `must be ${announced}, the digest that was announced; send the bytes again`,
  });
}
