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

/** Knows the totals among lines that cannot be read: the first with each word. A word that repeats is a category. */
export class TotalLines {
  readonly #words = new Set<string>();

  isTotal(fields: readonly string[]): boolean {
    const word = totalWord(fields);
    if (word === undefined || this.#words.has(word)) return false;
    this.#words.add(word);
    return true;
  }
}
