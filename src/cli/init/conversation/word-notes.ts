import { formatList } from '../../../kernel/format-list.ts';
import { type ColumnRole, oddReason } from '../choose/roles.ts';
import type { InferredColumn } from '../column.ts';
import { isMissingWord } from '../missing-texts.ts';
import { linesText } from '../set-aside/format-set-aside.ts';
import { flagText } from './flag-text.ts';

/** A hint for each word of text columns that often means a missing value: there it is a text like any other. */
export function missingWordHints(columns: readonly InferredColumn[]): readonly string[] {
  const found = new Map<string, string[]>();
  for (const { name, type, values } of columns) {
    if (type !== 'string') continue;
    for (const { text, count } of values) {
      const word = text.trim();
      if (word.length < 2 || !isMissingWord(word)) continue;
      const where = found.get(word) ?? [];
      found.set(word, [...where, `${name} (${linesText(count)})`]);
    }
  }
  return [...found].map(
    ([word, where]) =>
      `${JSON.stringify(word)} in ${shortList(where)} is read as a text like any other. If it means a missing value, ${flagText('--missing', [word])} reads it so.`,
  );
}

/** What to do about columns that are left out because a few of their cells are no numbers. */
export function oddColumnHints(roles: readonly ColumnRole[]): readonly string[] {
  return roles.flatMap(({ column: { name, oddField }, role, reason }) =>
    role === 'left out' && oddField && reason === oddReason(oddField)
      ? [
          `${name} is left out: ${reason}. ${flagText('--type', [`${name}=number`])} reads it as numbers and sets the other lines aside; ${flagText('--type', [`${name}=text`])} keeps it as text.`,
        ]
      : [],
  );
}

function shortList(items: readonly string[]): string {
  return formatList(items.length > 4 ? [...items.slice(0, 3), `${items.length - 3} more columns`] : items);
}
