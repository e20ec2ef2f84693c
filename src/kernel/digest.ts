import { createHash } from 'node:crypto';
import { canonicalJson } from './json.ts';

/** A SHA-256 in lower-case hex. */
export type Digest = string & { readonly __brand: 'Digest' };

export function digestOf(content: string | Uint8Array): Digest {
  return createHash('sha256').update(content).digest('hex') as Digest;
}

/** The digest of a value's canonical JSON: the order in which members were written does not matter. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}

export function isDigest(text: string): text is Digest {
  return /^[0-9a-f]{64}$/.test(text);
}
