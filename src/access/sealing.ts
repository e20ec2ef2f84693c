import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';

/** Seals text for a browser to store: only this server can read it, nobody can change it, and it expires. */
export interface Sealing<Value> {
  /** @param until epoch milliseconds */
  seal(value: Value, until: number): string;
  /** Undefined for a text that expired, was changed, or was sealed with another key or purpose. */
  unseal(sealed: string): Value | undefined;
}

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
const longest = 8192;

/**
 * AES-256-GCM with a key that HKDF-SHA256 derives from `key` and `purpose` (RFC 5869), as base64url.
 * @param purpose everything that a sealed value depends on: if it changes, older values can no longer be opened
 */
export function openSealing<Value>(options: {
  readonly key: Uint8Array;
  readonly purpose: string;
  readonly now: Clock;
}): Sealing<Value> {
  const key = Buffer.from(hkdfSync('sha256', options.key, '', options.purpose, 32));
  return {
    seal(value, until) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce);
      const sealed = [cipher.update(JSON.stringify({ value, until }), 'utf8'), cipher.final()];
      return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]).toString('base64url');
    },
    unseal(sealed) {
      const text = sealed.length <= longest ? opened(Buffer.from(sealed, 'base64url'), key) : undefined;
      if (text === undefined) return undefined;
      const { value, until } = JSON.parse(text) as { readonly value: Value; readonly until: number };
      return options.now() < until ? value : undefined;
    },
  };
}

function opened(bytes: Buffer, key: Buffer): string | undefined {
  if (bytes.length < nonceLength + tagLength) return undefined;
  const nonce = bytes.subarray(0, nonceLength);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength });
  decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
  try {
    const text = [decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    return undefined;
  }
}
