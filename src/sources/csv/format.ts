import type { decimals, delimiters, quotes } from '../../kernel/csv-marks.ts';

export type Delimiter = (typeof delimiters)[number];
export type Quote = (typeof quotes)[number];
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
