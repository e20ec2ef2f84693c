import { booleanPrediction, classPrediction } from '../../project/models/class-prediction.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Contributions, Explanation, Predictor } from '../../project/models/predictor.ts';
import { columnsByName } from '../columns-by-name.ts';
import { softmax } from '../softmax.ts';
import type { LinearModel } from './model.ts';
import { scaled } from './scaling.ts';
import { addScaled } from './vectors.ts';

/** Predicts numbers, the probability of yes or that of each class. */
export function linearPredictor(model: LinearModel): Predictor {
  const { features, target, outputs } = model;
  return {
    features,
    async predict(rows) {
      const columns = scaled(columnsByName(rows, features), model);
      const scores = outputs.map(({ intercept, weights }) => {
        const sums = new Float64Array(rows.rows).fill(intercept);
        for (const [index, column] of columns.entries()) addScaled(sums, column, weights[index] as number);
        return sums;
      });
      return Array.from({ length: rows.rows }, (_, row) =>
        predictionOf(
          target,
          Float64Array.from(scores, (sums) => sums[row] as number),
        ),
      );
    },
    async explain(rows) {
      const columns = scaled(columnsByName(rows, features), model);
      return Array.from({ length: rows.rows }, (_, row) => explanationOf(model, columns, row));
    },
  };
}

function predictionOf(target: LinearModel['target'], scores: Float64Array): Prediction {
  switch (target.kind) {
    case 'number':
      return { kind: 'number', value: scores[0] as number };
    case 'boolean':
      return booleanPrediction(1 / (1 + Math.exp(-(scores[0] as number))));
    case 'class':
      return classPrediction(target.classes, softmax(scores));
  }
}

/** Exact: each feature moves a score from its value at the means by weight × distance. */
function explanationOf(
  { target, outputs }: LinearModel,
  columns: readonly Float64Array[],
  row: number,
): Explanation {
  const classes = outputs.map(({ intercept, weights }): Contributions => ({
    baseline: intercept,
    contributions: Float64Array.from(weights, (weight, index) => weight * (columns[index]?.[row] as number)),
  }));
  return target.kind === 'number' ? (classes[0] as Contributions) : { scale: 'log-odds', classes };
}
