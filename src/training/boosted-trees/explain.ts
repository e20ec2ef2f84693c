import type { Explanation } from '../../project/predictor.ts';
import { gaussLegendre } from './quadrature.ts';

/**
 * Turns the explanation of a logarithm into one of the number: along the straight line from the baseline to the margin, each
 * feature's share of the growth is the same (Sundararajan et al., ICML 2017, integrated gradients).
 */
export function explainPower({ baseline, contributions }: Explanation): Explanation {
  const moved = sumOf(contributions);
  const growth = Math.exp(baseline) * (moved === 0 ? 1 : Math.expm1(moved) / moved);
  return { baseline: Math.exp(baseline), contributions: contributions.map((one) => one * growth) };
}

/** The log-odds of yes, or of no. */
export function explainOdds({ baseline, contributions }: Explanation, isYes: boolean): Explanation {
  const sign = isYes ? 1 : -1;
  return {
    scale: 'log-odds',
    baseline: sign * baseline,
    contributions: contributions.map((one) => sign * one),
  };
}

const line = gaussLegendre(24);

/**
 * The log-odds of one class: its margin minus the logarithm of the sum of e^margin of the others. The margins' explanations
 * are combined by integrated gradients along the straight line from the baselines to the margins.
 */
export function explainClass(margins: readonly Explanation[], predicted: number): Explanation {
  const starts = margins.map(({ baseline }) => baseline);
  const moved = margins.map(({ contributions }) => sumOf(contributions));
  const weights = Float64Array.from(margins, (_, at) => (at === predicted ? 1 : 0));
  for (const [step, point] of line.points.entries()) {
    const shares = sharesOfOthers(
      starts.map((start, at) => start + point * (moved[at] as number)),
      predicted,
    );
    for (const [at, share] of shares.entries())
      weights[at] = (weights[at] as number) - (line.weights[step] as number) * share;
  }
  const contributions = new Float64Array(margins[0]?.contributions.length ?? 0);
  for (const [at, explanation] of margins.entries())
    for (const [feature, one] of explanation.contributions.entries())
      contributions[feature] = (contributions[feature] as number) + (weights[at] as number) * one;
  return { scale: 'log-odds', baseline: logOdds(starts, predicted), contributions };
}

function sharesOfOthers(margins: readonly number[], left: number): readonly number[] {
  const highest = Math.max(...margins.filter((_, at) => at !== left));
  const powers = margins.map((margin, at) => (at === left ? 0 : Math.exp(margin - highest)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function logOdds(margins: readonly number[], of: number): number {
  const others = margins.filter((_, at) => at !== of);
  const highest = Math.max(...others);
  const sum = others.reduce((total, margin) => total + Math.exp(margin - highest), 0);
  return (margins[of] as number) - highest - Math.log(sum);
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
