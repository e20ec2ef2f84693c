/** An interval around a prediction, in units of its scale: value + low × scale to value + high × scale. */
export interface ConformalQuantiles {
  readonly low: number;
  readonly high: number;
}

/**
 * The quantiles between which `level` of the ratios are, with the ranks that make this hold for one more draw from the same
 * source: ⌊(n + 1)(1 − level) / 2⌋ and ⌈(n + 1)(1 + level) / 2⌉, clamped to 1 and n (Lei et al., JASA 113, 2018, with
 * signs, so that asymmetric errors give an asymmetric interval). The interval always contains 0.
 * @param ratios out-of-fold (truth − prediction) / scale; not empty
 * @param level from 0 to 1
 */
export function conformalQuantiles(ratios: Float64Array, level: number): ConformalQuantiles {
  const sorted = ratios.toSorted();
  const at = (rank: number): number => sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] as number;
  const [lowRank, highRank] = [(1 - level) / 2, (1 + level) / 2].map(
    (share) => share * (sorted.length + 1),
  ) as [number, number];
  // Rounding can move a product such as 0.1 × 100 off its whole number.
  const rounding = 1e-9;
  return {
    low: Math.min(0, at(Math.floor(lowRank + rounding))),
    high: Math.max(0, at(Math.ceil(highRank - rounding))),
  };
}
