import { PlatformError } from '../kernel/errors.ts';

/** The text of UTF-8 bytes, without a byte order mark. @throws PlatformError DATA_INVALID naming the file */
export function utf8Text(bytes: Uint8Array, file: string, remedy = 'Save the file as UTF-8.'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PlatformError('DATA_INVALID', { field: file, value: 'not UTF-8', remedy }, { cause });
  }
}
