import type { Contributions } from '../../project/models/predictor.ts';

/**
 * Turns the explanation of a logarithm into one of the number: along the straight line from the baseline to the margin, each
 * feature's share of the growth is the same (Sundararajan et al., ICML 2017, integrated gradients).
 */
export function explainPower({ baseline, contributions }: Contributions): Contributions {
  const moved = contributions.reduce((sum, one) => sum + one, 0);
  const growth = Math.exp(baseline) * (moved === 0 ? 1 : Math.expm1(moved) / moved);
  return { baseline: Math.exp(baseline), contributions: contributions.map((one) => one * growth) };
}
