import type { ClassPrediction } from './prediction.ts';

/** Whether a probability predicts yes: above one half, as in scikit-learn and XGBoost. */
export function isYes(probability: number): boolean {
  return probability > 0.5;
}

/** Predicts yes if it is more probable than no. */
export function booleanPrediction(probabilityOfTrue: number): ClassPrediction {
  const value = isYes(probabilityOfTrue);
  return {
    kind: 'class',
    value,
    probability: value ? probabilityOfTrue : 1 - probabilityOfTrue,
    probabilities: { false: 1 - probabilityOfTrue, true: probabilityOfTrue },
  };
}

/**
 * Predicts the most probable class, the first among equals.
 * @param probabilities one for each class, in the order of `classes`; they sum to 1
 */
export function classPrediction(
  classes: readonly string[],
  probabilities: ArrayLike<number>,
): ClassPrediction {
  let best = 0;
  for (let index = 1; index < classes.length; index++)
    if ((probabilities[index] ?? 0) > (probabilities[best] ?? 0)) best = index;
  return {
    kind: 'class',
    value: classes[best] ?? '',
    probability: probabilities[best] ?? Number.NaN,
    probabilities: Object.fromEntries(
      classes.map((name, index) => [name, probabilities[index] ?? Number.NaN]),
    ),
  };
}
