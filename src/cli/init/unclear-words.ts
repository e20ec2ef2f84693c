import type { CountedText, UnclearWords } from './column.ts';
import { isMissingWord } from './missing-words.ts';

/** Of different words: with more, the column is text. */
const mostWords = 3;

/** Counts the few different texts of a column that are not of a type. */
export class WordCount {
  readonly #words = new Map<string, number>();
  #isFull = false;

  add(text: string): void {
    const count = this.#words.get(text);
    if (count === undefined && this.#words.size === mostWords) this.#isFull = true;
    else this.#words.set(text, (count ?? 0) + 1);
  }

  /** The commonest first; undefined where they were too many to be words. */
  words(): readonly CountedText[] | undefined {
    if (this.#isFull) return undefined;
    return [...this.#words]
      .map(([text, count]) => ({ text, count }))
      .toSorted((one, other) => other.count - one.count);
  }
}

/** Of a column's cells that are of its type: a word that often means a missing value can be on many lines. */
const fewestBesideMissing = 0.2;
const fewestBesideWords = 0.8;
/** Of different values of a type beside words that do not mean a missing value: with fewer, they are categories. */
const fewestValues = 10;

interface Facts {
  /** Lines with a cell that is filled in. */
  readonly filled: number;
  /** Lines with a number, a date, or yes or no. */
  readonly fits: number;
  /** The different texts of the column that are not. Undefined where they were too many to count. */
  readonly words: readonly CountedText[] | undefined;
  /** Different texts of the column that are. */
  readonly values: number;
  readonly others: UnclearWords['others'];
}

/** The few words among cells of a type, if these are so many that the words are no categories. */
export function unclearWords({ filled, fits, words, values, others }: Facts): UnclearWords | undefined {
  if (!words || words.length === 0 || fits === 0) return undefined;
  const share = fits / filled;
  const isKnown = words.every(({ text }) => isMissingWord(text));
  if (isKnown) return share >= fewestBesideMissing && values > 1 ? { others, words } : undefined;
  const repeats = words.every(({ text, count }) => count > 1 || isMissingWord(text));
  return repeats && share >= fewestBesideWords && values >= fewestValues && others !== 'yes-no'
    ? { others, words }
    : undefined;
}
