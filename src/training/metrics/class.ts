import type { ClassMetric } from '../../project/models/metric.ts';
import { checkLength, checkProbabilities, f1Of, meanOver, surprise, type Values } from './rows.ts';

/** The true class of each row, and the probability of each class that was predicted. */
export interface ScoredClasses {
  /** The index of the class. */
  readonly truth: Values;
  /** By class, a number for each row. */
  readonly probabilities: readonly Values[];
}

/** The class with the highest probability, the first among equals; NaN if a probability is NaN. */
export function likeliest(probabilities: readonly number[]): number {
  if (probabilities.some(Number.isNaN)) return Number.NaN;
  return probabilities.indexOf(Math.max(...probabilities));
}

/**
 * Every metric of a model that predicts one of several classes. All are NaN for no rows and if a probability is NaN.
 * - `logLoss`: mean of −ln p of the true class, with p kept 2⁻⁵² away from 0 and 1
 * - `brier`: mean of Σ over classes of (p − y)², from 0 to 2
 * - `macroF1`: mean of F1 over the classes that are true or predicted in some row, as in scikit-learn
 * @throws PlatformError INPUT_INVALID for unequal lengths and for a probability outside 0 to 1
 */
export function classMetrics({ truth, probabilities }: ScoredClasses): Readonly<Record<ClassMetric, number>> {
  for (const ofClass of probabilities) {
    checkLength('probability', truth, ofClass);
    checkProbabilities('probability', ofClass);
  }
  const rows = truth.length;
  const at = (row: number): readonly number[] => probabilities.map((ofClass) => ofClass[row] as number);
  const predicted = Array.from(truth, (_, row) => likeliest(at(row)));
  return {
    accuracy: meanOver(rows, (row) =>
      Number.isNaN(predicted[row]) ? Number.NaN : Number(predicted[row] === truth[row]),
    ),
    logLoss: meanOver(rows, (row) => surprise(at(row)[truth[row] as number] ?? Number.NaN)),
    brier: meanOver(rows, (row) =>
      at(row).reduce((sum, value, index) => sum + (value - Number(truth[row] === index)) ** 2, 0),
    ),
    macroF1: macroF1(truth, predicted, probabilities.length),
  };
}

function macroF1(truth: Values, predicted: readonly number[], classes: number): number {
  if (predicted.some(Number.isNaN)) return Number.NaN;
  const [hits, guesses, actual] = [0, 1, 2].map(() => new Float64Array(classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const [row, guess] of predicted.entries()) {
    const real = truth[row] as number;
    guesses[guess] = (guesses[guess] ?? 0) + 1;
    actual[real] = (actual[real] ?? 0) + 1;
    if (guess === real) hits[guess] = (hits[guess] ?? 0) + 1;
  }
  const scores = Array.from(hits, (count, index) =>
    f1Of(count, guesses[index] as number, actual[index] as number),
  ).filter((score) => !Number.isNaN(score));
  return meanOver(scores.length, (index) => scores[index] as number);
}
