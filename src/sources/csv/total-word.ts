const sums =
  '(?:grand |sub[- ]?)?totals?|sums?|summe|gesamt(?:summe)?|insgesamt|zwischensumme|somme|sous[- ]total|totale|suma';
const means = 'averages?|mean|mittelwert|durchschnitt|media|moyenne';

const isSumWord = new RegExp(String.raw`^(?:${sums})\s*:?$`, 'i');
const isTotalWord = new RegExp(String.raw`^(?:${sums}|${means})\s*:?$`, 'i');

/** Without words that names begin with too, such as Media. */
const beginsTotal = new RegExp(
  String.raw`^(?:${sums}|averages?|mittelwert|durchschnitt|moyenne)(?![\p{L}\p{N}])`,
  'iu',
);

/** Whether a text begins as that of a total: 'Total 2021-01', 'Subtotal Berlin'. */
export function beginsAsTotal(text: string): boolean {
  return beginsTotal.test(text.trim());
}

/**
 * Whether a line is a total by its form, so that its word may repeat: its first filled cell begins as that of a total, and
 * the others are numbers, in at most half of the cells.
 */
export function isBlankTotal(fields: readonly string[]): boolean {
  if (fields.length < 3 || !beginsAsTotal(firstFilled(fields))) return false;
  const [, ...others] = fields.filter((field) => field.trim() !== '');
  return others.length > 0 && others.length * 2 <= fields.length && others.every(isNumberLike);
}

function isNumberLike(field: string): boolean {
  return /^[^\p{L}]*\d[^\p{L}]*$/u.test(field);
}

function firstFilled(fields: readonly string[]): string {
  return (fields.find((field) => field.trim() !== '') ?? '').trim();
}

/** The word of a line that says that the line is a total of others: its first filled cell. */
export function totalWord(fields: readonly string[]): string | undefined {
  const first = firstFilled(fields);
  return isTotalWord.test(first) ? first.toLowerCase() : undefined;
}

/** Whether the first filled cell of a line says that the line is a total. */
export function saysTotal(fields: readonly string[]): boolean {
  return totalWord(fields) !== undefined;
}

/** Whether the first filled cell of a line says that the line is a sum, so no average. */
export function saysSum(fields: readonly string[]): boolean {
  return isSumWord.test(firstFilled(fields));
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
    filled.every(isNumberLike)
  );
}

/**
 * Knows the totals among the lines of a file that cannot be read: the first with each word, if no line that can be read has
 * the word. A word that repeats is a category.
 */
export class TotalLines<Line> {
  readonly #held = new Map<string, Line>();
  readonly #categories = new Set<string>();

  /** Notes a line that can be read. @param fields up to the first that is filled, or all */
  addReadable(fields: readonly string[]): void {
    const word = totalWord(fields);
    if (word !== undefined) this.#categories.add(word);
  }

  /** Keeps a line that cannot be read, if it may be a total: all lines of the file say whether it is one. */
  hold(fields: readonly string[], line: Line): boolean {
    const word = totalWord(fields);
    if (word === undefined || this.#held.has(word) || this.#categories.has(word)) return false;
    this.#held.set(word, line);
    return true;
  }

  /** The lines that were kept. Known after the last line. */
  decided(): readonly { readonly line: Line; readonly isTotal: boolean }[] {
    return [...this.#held].map(([word, line]) => ({ line, isTotal: !this.#categories.has(word) }));
  }
}
