import type { CsvFormat } from '../../sources/csv/format.ts';

/** How the file of a batch is written; found when it is stored, and the same for every attempt. */
export interface BatchFormat extends CsvFormat {
  /** Whether the file begins with a byte order mark. */
  readonly mark: boolean;
  /** Words of a missing value. */
  readonly missing: readonly string[];
  /** More of them, in columns of numbers, dates and booleans: the first rows have them there. @default none */
  readonly missingBesides?: readonly string[];
  /** The form of dates by column, where it is not plain. */
  readonly dates: Readonly<Record<string, string>>;
  /** The currency of amounts by column, or `percent`, or '' for plain numbers. @default that of each column's first number */
  readonly currencies?: Readonly<Record<string, string>>;
  /** How it is read, for people: see `formatReading`. @default nothing is said */
  readonly reading?: readonly string[];
}

/** Stands for the currency in a column of percentages. */
export const percent = '%';
