import { conformalQuantiles } from './conformal.ts';

/** A prediction that is the same for every row. */
export interface ConstantPrediction {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The constant with the lowest mean absolute error on these targets, their median, with an interval that contains `level` of them.
 * @param targets not empty
 */
export function medianPrediction(targets: Float64Array, level: number): ConstantPrediction {
  const sorted = targets.toSorted();
  const middle = (sorted.length - 1) / 2;
  const value = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return withInterval(value, sorted, level);
}

/**
 * The constant with the lowest mean squared error on these targets, their mean, with an interval that contains `level` of them.
 * @param targets not empty
 */
export function meanPrediction(targets: Float64Array, level: number): ConstantPrediction {
  const value = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  return withInterval(value, targets.toSorted(), level);
}

function withInterval(value: number, sorted: Float64Array, level: number): ConstantPrediction {
  const { low, high } = conformalQuantiles(
    sorted.map((target) => target - value),
    level,
  );
  return { value, low: value + low, high: value + high };
}

/** The share of each class among these indexes, as many as `classes`. */
export function classShares(truth: ArrayLike<number>, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  for (let row = 0; row < truth.length; row++) {
    const index = truth[row] as number;
    shares[index] = (shares[index] ?? 0) + 1 / truth.length;
  }
  return shares;
}
