import { PlatformError } from '../../kernel/errors.ts';

/** A number for each row. */
export type Values = Float64Array | Float32Array | readonly number[];

/** The mean over rows; NaN for no rows, and if one is NaN. */
export function meanOver(rows: number, of: (row: number) => number): number {
  let total = 0;
  for (let row = 0; row < rows; row++) total += of(row);
  return total / rows;
}

/** @throws PlatformError INPUT_INVALID for unequal lengths */
export function checkLength(field: string, expected: Values, given: Values): void {
  if (expected.length === given.length) return;
  const remedy = `must be ${expected.length}, one for each row`;
  throw new PlatformError('INPUT_INVALID', {
    field: `number of ${field} entries`,
    value: given.length,
    remedy,
  });
}

/** NaN passes: it makes every metric NaN. @throws PlatformError INPUT_INVALID for a number outside 0 to 1 */
export function checkProbabilities(field: string, probabilities: Values): void {
  for (const value of probabilities) {
    if (value < 0 || value > 1)
      throw new PlatformError('INPUT_INVALID', { field, value, remedy: 'must be from 0 to 1' });
  }
}

/** scikit-learn's: probabilities are kept this far from 0 and 1, so that one sure mistake does not cost infinity. */
const closest = Number.EPSILON;

/** −ln p of the true class. */
export function surprise(probability: number): number {
  return -Math.log(Math.min(1 - closest, Math.max(closest, probability)));
}

/** 2·TP / (2·TP + FP + FN), where `predicted` is TP + FP and `actual` is TP + FN. NaN if both are 0. */
export function f1Of(hits: number, predicted: number, actual: number): number {
  return (2 * hits) / (predicted + actual);
}
