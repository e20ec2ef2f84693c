import { PlatformError } from '../../kernel/errors.ts';

/**
 * @throws PlatformError INPUT_INVALID for a text with U+0000, where SQLite would cut it and which PostgreSQL refuses, or
 * with half a surrogate pair: UTF-8 cannot encode it, so a database would store U+FFFD instead
 */
export function textValue(text: string): string {
  if (text.includes('\0')) throw refused(text, 'U+0000');
  if (/\p{Surrogate}/u.test(text)) throw refused(text, 'U+D800 to U+DFFF without its other half');
  return text;
}

function refused(value: string, character: string): PlatformError {
  const remedy = `Remove the character ${character}: databases cannot store it in a text.`;
  return new PlatformError('INPUT_INVALID', { field: 'text', value, remedy });
}
