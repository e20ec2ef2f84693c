import { booleanPrediction, classPrediction } from '../project/models/class-prediction.ts';
import type { Target } from '../project/models/kind.ts';
import type { Prediction } from '../project/models/prediction.ts';

/** Predictions of the numbers that a model returns, one row after another: the number, the probability of yes, or a probability for each class. */
export function predictionsOf(target: Target, numbers: Float32Array | Float64Array): readonly Prediction[] {
  switch (target.kind) {
    case 'number':
      return Array.from(numbers, (value): Prediction => ({ kind: 'number', value }));
    case 'boolean':
      return Array.from(numbers, (yes) => booleanPrediction(yes));
    case 'class': {
      const { classes } = target;
      return Array.from({ length: numbers.length / classes.length }, (_, row) =>
        classPrediction(classes, numbers.subarray(row * classes.length, (row + 1) * classes.length)),
      );
    }
  }
}

/** The numbers that `predictionsOf` makes predictions of. */
export function numbersOf(target: Target, predictions: readonly Prediction[]): Float64Array {
  return Float64Array.from(
    predictions.flatMap((prediction) => {
      if (prediction.kind === 'number') return prediction.value;
      if (prediction.kind !== 'class') return Number.NaN;
      const names = target.kind === 'class' ? target.classes : ['true'];
      return names.map((name) => prediction.probabilities[name] ?? Number.NaN);
    }),
  );
}
