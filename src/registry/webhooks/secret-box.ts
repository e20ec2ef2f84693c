import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PlatformError } from '../../kernel/errors.ts';

/** Encrypts texts that are stored in the database: AES-256-GCM. */
export interface SecretBox {
  seal(text: string): string;
  /** @throws PlatformError CONFIG_INVALID if it was sealed with another key, or changed */
  unseal(sealed: string): string;
}

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/** @param key 32 bytes, stored outside the database. @throws PlatformError CONFIG_INVALID for another length */
export function secretBox(key: Uint8Array): SecretBox {
  if (key.length !== 32)
    throw wrongKey(`${key.length} bytes`, 'must be 32 bytes; create one with openssl rand 32');
  return {
    seal(text) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    unseal(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), {
          authTagLength: tagLength,
        });
        decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
        const text = [decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()];
        return Buffer.concat(text).toString('utf8');
      } catch (cause) {
        const remedy =
          'This key does not open the secret: use the key that sealed it, or set the secret again.';
        throw wrongKey('another key', remedy, { cause });
      }
    },
  };
}

function wrongKey(value: string, remedy: string, options?: ErrorOptions): PlatformError {
  return new PlatformError('CONFIG_INVALID', { field: 'key of webhook secrets', value, remedy }, options);
}
