import type { Sizes } from './rows.ts';

/** The task of one side, as JSON in its first argument. */
export interface FitTask extends Sizes {
  /** Where the rows are. */
  readonly folder: string;
  readonly trees: number;
  readonly depth: number;
  readonly learningRate: number;
}

/** The result of one side, as a line of JSON. Times are from columns in memory to the fitted model. */
export interface FitResult {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly trees: number;
  /** On the held-out rows. */
  readonly rmse: number;
}
