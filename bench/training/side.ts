import type { Sizes } from './rows.ts';

/** The task of one side, as JSON in its first argument. */
export interface FitTask extends Sizes {
  /** Where the rows are. */
  readonly folder: string;
  readonly kind: 'number' | 'boolean';
  /** Features that are codes of categories. */
  readonly categories: readonly number[];
  readonly trees: number;
  readonly depth: number;
  readonly learningRate: number;
  readonly threads: number;
  /** Also measures scoring: this many times. */
  readonly scorings: number;
}

/** The result of one side, as a line of JSON. Times are from columns in memory to the fitted model. */
export interface FitResult {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most memory that the process had. */
  readonly megabytes: number;
  readonly trees: number;
  /** On the held-out rows: RMSE, or log loss of yes or no. */
  readonly error: number;
  /** Medians: 1,000 rows in milliseconds, one row in microseconds. */
  readonly scoring?: { readonly rows: number; readonly row: number };
}
