import type { Prediction } from './prediction.ts';
import type { Matrix } from './trainer.ts';

/** Baseline plus contributions is what the model predicts. */
export interface Contributions {
  readonly baseline: number;
  /** In the order of the predictor's features. */
  readonly contributions: Float64Array;
}

/** How far each feature moved a predicted number from the baseline. */
export interface NumberExplanation extends Contributions {
  /** @default 'target': the unit of what was learned */
  readonly scale?: 'target';
}

/** How far each feature moved the classes. */
export interface ClassExplanation {
  /** Log-odds become probabilities by the logistic function, or by softmax if there are several classes. */
  readonly scale: 'log-odds' | 'probability';
  /** Of yes alone, or of each class in the target's order. */
  readonly classes: readonly Contributions[];
}

/** How far each feature moved a prediction. */
export type Explanation = NumberExplanation | ClassExplanation;

/** A fitted model in memory. */
export interface Predictor {
  readonly features: readonly string[];
  /** One prediction for each row, in order. @throws PlatformError INPUT_INVALID for a feature without a column */
  predict(rows: Matrix): Promise<readonly Prediction[]>;
  /** Ends what the model runs beside this process, after the predictions that it makes. @default it runs nothing */
  close?(): Promise<void>;
  /** Explains predictions; absent if the trainer cannot. It costs far more than a prediction. */
  readonly explain?: (rows: Matrix) => Promise<readonly Explanation[]>;
}
