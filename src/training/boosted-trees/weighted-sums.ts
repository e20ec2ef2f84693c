import type { LabelledRows } from './loss.ts';

/** The weighted sum of a number of each row, and the sum of the weights. */
export function weightedSums(
  { target, weight }: LabelledRows,
  of: (truth: number, row: number) => number,
): { readonly sum: number; readonly total: number } {
  let [sum, total] = [0, 0];
  for (let row = 0; row < target.length; row++) {
    const share = weight ? (weight[row] as number) : 1;
    sum += share * of(target[row] as number, row);
    total += share;
  }
  return { sum, total };
}
