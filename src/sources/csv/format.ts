/** A blank stands for any number of blanks and tabs. */
export const delimiters = [',', ';', '\t', '|', ' '] as const;
export type Delimiter = (typeof delimiters)[number];

/** Quotes in quotes are doubled, or have a backslash before them. Without quotes, a quote is a character like any other. */
export const quotes = ['"', "'", '\\"', 'none'] as const;
export type Quote = (typeof quotes)[number];

export const decimals = ['.', ','] as const;
export type Decimal = (typeof decimals)[number];

/** How a CSV file is written. */
export interface CsvFormat {
  readonly delimiter: Delimiter;
  readonly quote: Quote;
  /** A label of the WHATWG encoding standard. */
  readonly encoding: string;
  readonly decimal: Decimal;
  /** Whether the first record has the names of the columns. */
  readonly header: boolean;
  /** Lines before the header, such as titles. */
  readonly skip: number;
  /** How a line begins that is a comment. */
  readonly comment?: string | undefined;
}
