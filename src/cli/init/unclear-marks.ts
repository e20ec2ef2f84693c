import type { CountedText, UnclearMarks } from './column.ts';
import { isMissingWord } from './missing-texts.ts';

/** Of different marks: with more, the column is text. */
const mostMarks = 3;

/** Counts the few different texts of a column that are not of a type. */
export class MarkCount {
  readonly #marks = new Map<string, number>();
  #isFull = false;

  add(text: string): void {
    const count = this.#marks.get(text);
    if (count === undefined && this.#marks.size === mostMarks) this.#isFull = true;
    else this.#marks.set(text, (count ?? 0) + 1);
  }

  /** The commonest first; undefined where they were too many to be marks. */
  marks(): readonly CountedText[] | undefined {
    if (this.#isFull) return undefined;
    return [...this.#marks]
      .map(([text, count]) => ({ text, count }))
      .toSorted((one, other) => other.count - one.count);
  }
}

/** Of a column's cells that are of its type: a word that often means a missing value can be on many lines. */
const fewestBesideMissing = 0.2;
const fewestBesideMarks = 0.8;
/** Of different values of a type beside marks that do not mean a missing value: with fewer, they are categories. */
const fewestValues = 10;

interface Facts {
  /** Lines with a cell that is filled in. */
  readonly filled: number;
  /** Lines with a number, a date, or yes or no. */
  readonly fits: number;
  /** The different texts of the column that are not. Undefined where they were too many to count. */
  readonly marks: readonly CountedText[] | undefined;
  /** Different texts of the column that are. */
  readonly values: number;
  readonly others: UnclearMarks['others'];
}

/** The few marks among cells of a type, if these are so many that the marks are no categories. */
export function unclearMarks({ filled, fits, marks, values, others }: Facts): UnclearMarks | undefined {
  if (!marks || marks.length === 0 || fits === 0) return undefined;
  const share = fits / filled;
  const isKnown = marks.every(({ text }) => isMissingWord(text));
  if (isKnown) return share >= fewestBesideMissing && values > 1 ? { others, marks } : undefined;
  const repeats = marks.every(({ text, count }) => count > 1 || isMissingWord(text));
  return repeats && share >= fewestBesideMarks && values >= fewestValues && others !== 'yes-no'
    ? { others, marks }
    : undefined;
}
