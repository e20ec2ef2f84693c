const isTotalWord =
  /^(?:(?:grand |sub[- ]?)?totals?|sums?|averages?|mean|summe|gesamt(?:summe)?|insgesamt|mittelwert|durchschnitt|somme|totale|suma|media|moyenne)\s*:?$/i;

/** The word of a line that says that the line is a total of others: its first filled cell. */
export function totalWord(fields: readonly string[]): string | undefined {
  const first = (fields.find((field) => field.trim() !== '') ?? '').trim();
  return isTotalWord.test(first) ? first.toLowerCase() : undefined;
}

/** Whether the first filled cell of a line says that the line is a total. */
export function saysTotal(fields: readonly string[]): boolean {
  return totalWord(fields) !== undefined;
}

/** The reason of a line that says that it is a total. */
export const totalLine = 'It says that it is a total of other lines, so it is no row.';

/** Whether a line without a word for it may have totals: its first cell and half of all are blank, and the others are numbers. */
export function looksLikeSums(fields: readonly string[]): boolean {
  const filled = fields.filter((field) => field.trim() !== '');
  return (
    fields.length > 1 &&
    (fields[0] ?? '').trim() === '' &&
    filled.length > 0 &&
    filled.length * 2 <= fields.length &&
    filled.every((field) => /^[^\p{L}]*\d[^\p{L}]*$/u.test(field))
  );
}

/** Knows the totals among lines that cannot be read: the first with each word. A word that repeats is a category. */
export class TotalLines {
  readonly #seen = new Set<string>();

  isTotal(fields: readonly string[]): boolean {
    const word = totalWord(fields);
    if (word === undefined || this.#seen.has(word)) return false;
    this.#seen.add(word);
    return true;
  }
}
