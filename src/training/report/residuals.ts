import type { ScoredRows } from '../metrics/metrics-of.ts';
import { finite } from './scored-part.ts';

/** How far predictions are off: truth − prediction. */
export interface Residuals {
  /** By share: '0.05' is the value that 5 % of the residuals are below. */
  readonly quantiles: Readonly<Record<string, number | null>>;
  readonly histogram: {
    readonly from: number;
    readonly to: number;
    readonly counts: readonly number[];
    /** Rows below and above the bins. @default none */
    readonly outside?: readonly [below: number, above: number] | undefined;
  };
}

const bins = 24;
const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

export function residualsOf({ truth, predicted }: ScoredRows & { readonly kind: 'number' }): Residuals {
  const sorted = Float64Array.from(truth, (value, row) => value - (predicted[row] as number))
    .filter(Number.isFinite)
    .toSorted();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  const [from, to] = binned(sorted, [at(0.05), at(0.95)]);
  const counts = Array.from({ length: bins }, () => 0);
  const outside: [number, number] = [0, 0];
  for (const value of sorted) {
    if (value < from) outside[0] += 1;
    else if (value > to) outside[1] += 1;
    else {
      const bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from || 1)) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  return {
    quantiles: Object.fromEntries(shares.map((share) => [String(share), finite(at(share))])),
    histogram: { from, to, counts, ...(outside.some((rows) => rows > 0) && { outside }) },
  };
}

/** The range of the bins: all residuals, or the middle 90 % with as much again at either side, so that extremes do not leave a single bar. */
function binned(
  sorted: Float64Array,
  [low, high]: readonly [number, number],
): readonly [from: number, to: number] {
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const width = high - low;
  return width > 0 ? [Math.max(least, low - width), Math.min(most, high + width)] : [least, most];
}
