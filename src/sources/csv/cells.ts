import { dateReader, timeReader } from './date-cells.ts';
import type { Decimal } from './format.ts';
import type { MissingValues, NumberUnit } from './number-unit.ts';
import { isMissing, readBoolean, readWrittenNumber } from './values.ts';

/** Reads a cell of a column: its value, null for a missing one, and undefined for a text that the column cannot hold. */
export type ReadCell<Value> = (text: string) => Value | null | undefined;

interface NumberCellOptions {
  readonly decimal: Decimal;
  readonly missing: MissingValues;
  /** The unit of the column's numbers; '' for amounts that must have no currency. @default as its first number has it */
  readonly unit?: NumberUnit | undefined;
  /** Is added to when a number decides the unit, so that it can be taken back. @default the number decides it for good */
  readonly decided?: NumberCells[] | undefined;
}

/**
 * Reads the cells of one column of numbers. Amounts in two currencies are not one column, and neither are 45% and 0.45: the
 * unit says which the column has. Where it is open, the first number decides it. 0 is the same in both.
 */
export class NumberCells {
  readonly #decimal: Decimal;
  readonly #missing: MissingValues;
  readonly #decided: NumberCells[] | undefined;
  #currency: string | undefined;
  #isPercent: boolean | undefined;
  #before: NumberUnit = {};

  constructor({ decimal, missing, unit, decided }: NumberCellOptions) {
    this.#decimal = decimal;
    this.#missing = missing;
    this.#decided = decided;
    this.settle(unit ?? {});
  }

  /** Decides what is open of the unit. */
  settle({ isPercent, currency }: NumberUnit): void {
    this.#isPercent ??= isPercent;
    this.#currency ??= currency;
    this.#before = this.unit;
  }

  read(text: string): number | null | undefined {
    if (isMissing(text, this.#missing.marks)) return null;
    const written = readWrittenNumber(text, { decimal: this.#decimal });
    if (!written) return undefined;
    const { value, currency, isPercent = false } = written;
    if (this.isSentinel(value)) return null;
    if (!this.#isOfUnit(value, isPercent)) return undefined;
    return currency === undefined || this.#isPercent === true || this.#isOfCurrency(currency)
      ? value
      : undefined;
  }

  /** Whether a number without a sign can be in the column: not among percentages. */
  takesPlain(value: number): boolean {
    return this.#isOfUnit(value, false);
  }

  /** Opens again what the numbers of a row have decided: the row was set aside. */
  takeBack(): void {
    const { isPercent, currency } = this.#before;
    this.#isPercent = isPercent;
    this.#currency = currency;
  }

  /** The unit of the numbers so far. */
  get unit(): NumberUnit {
    return { isPercent: this.#isPercent, currency: this.#currency };
  }

  #isOfUnit(value: number, isPercent: boolean): boolean {
    if (value === 0 || isPercent === this.#isPercent) return true;
    if (this.#isPercent !== undefined) return false;
    this.#isPercent = isPercent;
    this.#decided?.push(this);
    return true;
  }

  #isOfCurrency(currency: string): boolean {
    if (currency === this.#currency) return true;
    if (this.#currency !== undefined) return false;
    this.#currency = currency;
    this.#decided?.push(this);
    return true;
  }

  /** Whether a number means a missing value. */
  isSentinel(value: number): boolean {
    return this.#missing.numbers.size > 0 && this.#missing.numbers.has(value);
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
