import { PlatformError } from '../../kernel/errors.ts';

/** @throws PlatformError INPUT_INVALID for a text that holds U+0000, which SQLite would cut there and PostgreSQL refuse */
export function textValue(text: string): string {
  if (!text.includes('\0')) return text;
  const remedy = 'Leave the character U+0000 out: no database keeps it in a text.';
  throw new PlatformError('INPUT_INVALID', { field: 'text', value: text, remedy });
}
