import type { ScoredRows } from '../metrics/metrics-of.ts';

/** Rows of a scatter plot: each what happened and what was predicted. */
export type Scatter = readonly (readonly [truth: number, predicted: number])[];

const mostPoints = 500;

/** Evenly spread rows, all of them if there are few. A row whose prediction is no finite number is left out. */
export function scatterOf({ truth, predicted }: ScoredRows & { readonly kind: 'number' }): Scatter {
  const count = Math.min(truth.length, mostPoints);
  return Array.from({ length: count }, (_, index) => Math.floor((index * truth.length) / count))
    .map((row) => [truth[row] as number, predicted[row] as number] as const)
    .filter(([happened, expected]) => Number.isFinite(happened) && Number.isFinite(expected));
}
