import type { Prediction } from './prediction.ts';
import type { Matrix } from './trainer.ts';

/** How far each feature moved a prediction from the baseline; baseline plus contributions is the predicted value. */
export interface Explanation {
  readonly baseline: number;
  /** Of a class, contributions add up to the log-odds of the predicted class. @default 'target': its own unit */
  readonly scale?: 'target' | 'log-odds';
  /** In the order of the predictor's features. */
  readonly contributions: Float64Array;
}

/** A fitted model in memory. */
export interface Predictor {
  readonly features: readonly string[];
  /** One prediction for each row, in order. @throws PlatformError INPUT_INVALID for a feature without a column */
  predict(rows: Matrix): Promise<readonly Prediction[]>;
  /** Explains predictions; absent if the trainer cannot. It costs far more than a prediction. */
  readonly explain?: (rows: Matrix) => Promise<readonly Explanation[]>;
}
