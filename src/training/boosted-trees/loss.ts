import { logistic, poisson, softmax } from './likelihoods.ts';
import type { Objective } from './objective.ts';
import { weightedSums } from './weighted-sums.ts';

/** The truth of rows, and how much each counts. */
export interface LabelledRows {
  readonly target: Float64Array;
  /** @default each row counts 1 */
  readonly weight?: Float64Array | undefined;
}

/** What boosting lowers, as plain data. */
export type LossSpec =
  | { readonly kind: 'squared' | 'poisson' | 'logistic' }
  | { readonly kind: 'quantile'; readonly level: number }
  | { readonly kind: 'huber'; readonly slope: number }
  | { readonly kind: 'softmax'; readonly classes: number };

/** Margins are in one array for each output. */
export interface Loss {
  readonly objective: Objective;
  readonly outputs: number;
  /** Whether the second derivative of a row of weight 1 is 1. */
  readonly countsRows: boolean;
  /** The best margins that are the same for every row. */
  start(rows: LabelledRows): readonly number[];
  /**
   * Writes the first and second derivative of the loss of the rows from `from` to `to`, in pairs, one array for each output.
   * Weights are not in it.
   */
  derive(
    margins: readonly Float32Array[],
    pairs: readonly Float32Array[],
    range: { readonly target: Float64Array; readonly from: number; readonly to: number },
  ): void;
  /** The loss of a row. */
  of(margins: readonly Float32Array[], row: number, truth: number): number;
  /** The level of the quantile that leaves predict; others predict the mean that the derivatives give. */
  readonly leafQuantile?: number;
}

export function lossOf(spec: LossSpec): Loss {
  switch (spec.kind) {
    case 'squared':
      return squared;
    case 'quantile':
      return quantile(spec.level);
    case 'huber':
      return huber(spec.slope);
    case 'poisson':
      return poisson;
    case 'logistic':
      return logistic;
    case 'softmax':
      return softmax(spec.classes);
  }
}

/** ½(margin − target)². */
const squared: Loss = {
  objective: 'reg:squarederror',
  outputs: 1,
  countsRows: true,
  start: (rows) => [meanOver(rows, (truth) => truth)],
  derive([margins], [pairs], { target, from, to }) {
    if (!margins || !pairs) return;
    for (let row = from; row < to; row++) {
      pairs[2 * row] = (margins[row] as number) - (target[row] as number);
      pairs[2 * row + 1] = 1;
    }
  },
  of: ([margins], row, truth) => ((margins?.[row] as number) - truth) ** 2 / 2,
};

/** The pinball loss (Koenker and Bassett, Econometrica 46, 1978). */
function quantile(level: number): Loss {
  return {
    objective: 'reg:quantileerror',
    outputs: 1,
    countsRows: true,
    leafQuantile: level,
    start: (rows) => [weightedQuantile(rows.target, level, rows.weight)],
    derive([margins], [pairs], { target, from, to }) {
      if (!margins || !pairs) return;
      for (let row = from; row < to; row++) {
        pairs[2 * row] = (margins[row] as number) >= (target[row] as number) ? 1 - level : -level;
        pairs[2 * row + 1] = 1;
      }
    },
    of([margins], row, truth) {
      const error = truth - (margins?.[row] as number);
      return error >= 0 ? level * error : (level - 1) * error;
    },
  };
}

/** ½e² up to the slope, and a line from there (Huber, Annals of Mathematical Statistics 35, 1964). */
function huber(slope: number): Loss {
  return {
    objective: 'reg:pseudohubererror',
    outputs: 1,
    countsRows: true,
    start: (rows) => [weightedQuantile(rows.target, 0.5, rows.weight)],
    derive([margins], [pairs], { target, from, to }) {
      if (!margins || !pairs) return;
      for (let row = from; row < to; row++) {
        const error = (margins[row] as number) - (target[row] as number);
        pairs[2 * row] = Math.max(-slope, Math.min(slope, error));
        pairs[2 * row + 1] = 1;
      }
    },
    of([margins], row, truth) {
      const size = Math.abs((margins?.[row] as number) - truth);
      return size <= slope ? (size * size) / 2 : slope * (size - slope / 2);
    },
  };
}

/** The 0.9 quantile of the distances from the median (Friedman, Annals of Statistics 29, 2001); 1 if most are 0. */
export function huberSlope({ target, weight }: LabelledRows): number {
  const median = weightedQuantile(target, 0.5, weight);
  const slope = weightedQuantile(
    target.map((truth) => Math.abs(truth - median)),
    0.9,
    weight,
  );
  return slope > 0 ? slope : 1;
}

/** The lowest value up to which a share `level` of the weight is. */
export function weightedQuantile(values: Float64Array, level: number, weight?: Float64Array): number {
  if (!weight) {
    const sorted = values.toSorted();
    return sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? Number.NaN;
  }
  const order = Array.from(values.keys()).toSorted((a, b) => (values[a] as number) - (values[b] as number));
  const total = weight.reduce((sum, one) => sum + one, 0);
  let passed = 0;
  for (const at of order) {
    passed += weight[at] as number;
    if (passed >= level * total) return values[at] as number;
  }
  return values[order.at(-1) ?? 0] ?? Number.NaN;
}

export function meanLoss(loss: Loss, margins: readonly Float32Array[], rows: LabelledRows): number {
  return meanOver(rows, (truth, row) => loss.of(margins, row, truth));
}

function meanOver(rows: LabelledRows, of: (truth: number, row: number) => number): number {
  const { sum, total } = weightedSums(rows, of);
  return sum / total;
}
