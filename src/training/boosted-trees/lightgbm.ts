import { softmax } from '../softmax.ts';
import { leafOf, rowMajor, type Trees } from './trees.ts';

/** From raw scores to predictions. */
export type LightgbmObjective = 'identity' | 'power' | 'sigmoid' | 'softmax';

/** A model that LightGBM trained. It sums leaves in float64, where XGBoost sums in float32. */
export interface LightgbmModel {
  /** Its splits, with leaves rounded to float32. */
  readonly trees: Trees;
  /** The values of leaves, by node. */
  readonly values: Float64Array;
  readonly objective: LightgbmObjective;
  /** The margin is multiplied by it before the sigmoid. */
  readonly slope: number;
}

/** @returns the raw scores of each row, one row after another: LightGBM's `predict(raw_score=True)` bit for bit */
export function lightgbmScores(
  { trees, values }: LightgbmModel,
  columns: readonly Float32Array[],
  rows: number,
): Float64Array {
  const outputs = trees.bases.length;
  const scores = new Float64Array(rows * outputs);
  const given = rowMajor(columns, 0, rows);
  for (let row = 0; row < rows; row++)
    for (const [tree, output] of trees.output.entries()) {
      const leaf = leafOf(trees, trees.starts[tree] as number, { values: given, at: row * columns.length });
      const at = row * outputs + output;
      scores[at] = (scores[at] as number) + (values[leaf] as number);
    }
  return scores;
}

/** Turns raw scores into predictions in place. */
export function lightgbmResponses(
  { trees, objective, slope }: LightgbmModel,
  scores: Float64Array,
): Float64Array {
  const outputs = trees.bases.length;
  switch (objective) {
    case 'identity':
      return scores;
    case 'power':
      return scores.map(Math.exp);
    case 'sigmoid':
      return scores.map((score) => 1 / (1 + Math.exp(-slope * score)));
    case 'softmax':
      for (let from = 0; from < scores.length; from += outputs)
        scores.set(softmax(scores.subarray(from, from + outputs)), from);
      return scores;
  }
}
