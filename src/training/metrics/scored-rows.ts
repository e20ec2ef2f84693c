import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/models/kind.ts';
import type { ClassPrediction, NumberPrediction, Prediction } from '../../project/models/prediction.ts';
import type { ScoredRows } from './metrics-of.ts';
import type { Values } from './rows.ts';

/**
 * Truth and predictions in columns, as metrics take them. A number without an interval has NaN bounds.
 * @param truth numbers; 1 for yes and 0 for no; the index of the class
 * @throws PlatformError MODEL_UNSUPPORTED for a prediction of another kind, and one without a class of the target
 */
export function scoredRows(target: Target, truth: Values, predictions: readonly Prediction[]): ScoredRows {
  switch (target.kind) {
    case 'number': {
      const numbers = predictions.map(asNumber);
      return {
        kind: 'number',
        truth,
        predicted: numbers.map(({ value }) => value),
        low: numbers.map(({ interval }) => interval?.low ?? Number.NaN),
        high: numbers.map(({ interval }) => interval?.high ?? Number.NaN),
      };
    }
    case 'boolean':
      return {
        kind: 'boolean',
        truth,
        probability: predictions.map((prediction) => probabilityOf(asClasses(prediction), 'true')),
      };
    case 'class': {
      const classes = predictions.map(asClasses);
      return {
        kind: 'class',
        truth,
        probabilities: target.classes.map((name) =>
          classes.map((prediction) => probabilityOf(prediction, name)),
        ),
      };
    }
  }
}

/** The rows with these indexes, in this order. */
export function selectScored(scored: ScoredRows, rows: ArrayLike<number>): ScoredRows {
  const pick = (values: Values): Float64Array =>
    Float64Array.from({ length: rows.length }, (_, at) => values[rows[at] as number] as number);
  const truth = pick(scored.truth);
  switch (scored.kind) {
    case 'number': {
      const { predicted, low, high } = scored;
      return { kind: 'number', truth, predicted: pick(predicted), low: pick(low), high: pick(high) };
    }
    case 'boolean':
      return { kind: 'boolean', truth, probability: pick(scored.probability) };
    case 'class':
      return { kind: 'class', truth, probabilities: scored.probabilities.map(pick) };
  }
}

function asNumber(prediction: Prediction): NumberPrediction {
  return prediction.kind === 'number' ? prediction : refuse(prediction, 'must be a number');
}

function asClasses(prediction: Prediction): ClassPrediction {
  return prediction.kind === 'class'
    ? prediction
    : refuse(prediction, 'must have a probability of each class');
}

function probabilityOf({ probabilities }: ClassPrediction, name: string): number {
  const probability = Object.hasOwn(probabilities, name) ? probabilities[name] : undefined;
  if (probability !== undefined) return probability;
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'classes of the prediction',
    value: Object.keys(probabilities),
    remedy: `must include ${JSON.stringify(name)}, a value of the target`,
  });
}

function refuse({ kind }: Prediction, remedy: string): never {
  throw new PlatformError('MODEL_UNSUPPORTED', { field: 'prediction of the trainer', value: kind, remedy });
}
