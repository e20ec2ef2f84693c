import type { Sizes } from './rows.ts';

/** What one side is told, as JSON in its first argument. */
export interface FitTask extends Sizes {
  /** Where the rows are. */
  readonly folder: string;
  readonly trees: number;
  readonly depth: number;
  readonly learningRate: number;
}

/** What one side answers, a line of JSON. Times are from columns in memory to the fitted model. */
export interface FitAnswer {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly trees: number;
  /** Of the held-out rows. */
  readonly rmse: number;
}
