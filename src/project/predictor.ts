import type { Matrix } from './trainer.ts';

/** An answer for one row, all of it in the target's unit. */
export interface Answer {
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number; readonly level: number };
}

/** How far each feature moved an answer from the baseline; baseline and contributions sum to the value. */
export interface Explanation {
  readonly baseline: number;
  readonly contributions: Float64Array;
}

/** A model that is ready to answer. */
export interface Predictor {
  readonly features: readonly string[];
  /** @param values in the order of `features` */
  answer(values: Float32Array): Answer;
  /** Exact Shapley values of the trees' path-dependent expectation (TreeSHAP). */
  explain(values: Float32Array): Explanation;
  /** The values alone, one a row. */
  predict(matrix: Matrix): Float32Array;
}
