import { dateReader, timeReader } from './date-cells.ts';
import type { Decimal } from './format.ts';
import { isMissing, missingSet, readBoolean, readNumber, readWrittenNumber } from './values.ts';

/** What means a missing value in a file. */
export interface MissingValues {
  readonly marks: ReadonlySet<string>;
  /** The numbers among the marks: a column of numbers has -200 as '-200,0' too. */
  readonly numbers: ReadonlySet<number>;
}

export function missingValues(listed: readonly string[] | undefined, decimal: Decimal): MissingValues {
  const marks = missingSet(listed);
  return {
    marks,
    numbers: new Set([...marks].flatMap((mark) => readNumber(mark, { decimal }) ?? [])),
  };
}

/** Reads a cell of a column: its value, null for a missing one, and undefined for a text that the column cannot hold. */
export type ReadCell<Value> = (text: string) => Value | null | undefined;

interface NumberCellOptions {
  readonly decimal: Decimal;
  readonly missing: MissingValues;
  /** The currency of the column's amounts; '' for numbers without one. @default that of the first amount */
  readonly currency?: string | undefined;
  /** Whether the column's numbers have a percent sign. @default as its first number has one */
  readonly isPercent?: boolean | undefined;
}

/**
 * Reads the cells of one column of numbers. Amounts in two currencies are not one column, and neither are 45% and 0.45: the
 * first says which of the two the column has. 0 is the same in both.
 */
export class NumberCells {
  readonly #decimal: Decimal;
  readonly #missing: MissingValues;
  #currency: string | undefined;
  #isPercent: boolean | undefined;

  constructor({ decimal, missing, currency, isPercent }: NumberCellOptions) {
    this.#decimal = decimal;
    this.#missing = missing;
    this.#currency = currency;
    this.#isPercent = isPercent;
  }

  read(text: string): number | null | undefined {
    if (isMissing(text, this.#missing.marks)) return null;
    const written = readWrittenNumber(text, { decimal: this.#decimal });
    if (!written) return undefined;
    const { value, currency, isPercent = false } = written;
    if (this.isSentinel(value)) return null;
    if (!this.#isOfUnit(value, isPercent)) return undefined;
    if (currency !== undefined && currency !== (this.#currency ??= currency)) return undefined;
    return value;
  }

  /** Whether a number without a sign can be in the column: not among percentages. */
  takesPlain(value: number): boolean {
    return this.#isOfUnit(value, false);
  }

  /** Whether the numbers so far have a percent sign; undefined before the first. */
  get isPercent(): boolean | undefined {
    return this.#isPercent;
  }

  #isOfUnit(value: number, isPercent: boolean): boolean {
    return value === 0 || isPercent === (this.#isPercent ??= isPercent);
  }

  /** Whether a number means a missing value. */
  isSentinel(value: number): boolean {
    return this.#missing.numbers.size > 0 && this.#missing.numbers.has(value);
  }

  /** The currency of the amounts so far. */
  get currency(): string | undefined {
    return this.#currency;
  }
}

/** Reads true and false, also as yes and no. */
export function booleanCells({ marks }: MissingValues): ReadCell<boolean> {
  return (text) => (isMissing(text, marks) ? null : readBoolean(text));
}

/** Reads dates as 2024-01-31. @param form one that a column needs an option for; others are read too */
export function dateCells(form: string | undefined, { marks }: MissingValues): ReadCell<string> {
  const read = dateReader(form);
  return (text) => (isMissing(text, marks) ? null : read(text));
}

/** Reads times as 2024-01-31T12:00:00Z. */
export function timeCells(form: string | undefined, { marks }: MissingValues): ReadCell<string> {
  const read = timeReader(form);
  return (text) => (isMissing(text, marks) ? null : read(text));
}

/** Reads text as it is written. Where it must be given, a word such as NA is a text like any other, and only '' is missing. */
export function textCells(nullable: boolean, { marks }: MissingValues): ReadCell<string> {
  return (text) => ((nullable ? isMissing(text, marks) : text === '') ? null : text);
}
