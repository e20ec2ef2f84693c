import type { Contributions } from '../project/models/predictor.ts';
import { softmax } from './softmax.ts';

/** Steps of the path from the baseline to the prediction. */
const steps = 32;

/**
 * What each feature does to the probability of a class, from what it does to the classes' log-odds: its share of the change
 * along the straight path from the baseline to the prediction (integrated gradients, Sundararajan et al., ICML 2017). The
 * baseline and the contributions sum to the probability.
 * @param classes the log-odds of yes alone, or the scores of each class, whose softmax are the probabilities
 * @param index of the class; 0 for yes
 */
export function probabilityContributions(classes: readonly Contributions[], index: number): Contributions {
  const [first] = classes;
  const count = first?.contributions.length ?? 0;
  const totals = classes.map(({ contributions }) => sum(contributions));
  const scoresAt = (share: number): Float64Array =>
    Float64Array.from(classes, ({ baseline }, at) => baseline + share * (totals[at] ?? 0));
  const contributions = new Float64Array(count);
  for (let step = 0; step < steps; step++) {
    const slopes = slopesOf(probabilities(scoresAt((step + 0.5) / steps)), index);
    for (const [at, { contributions: moved }] of classes.entries()) {
      const weight = (slopes[at] ?? 0) / steps;
      for (let feature = 0; feature < count; feature++)
        contributions[feature] = (contributions[feature] ?? 0) + weight * (moved[feature] ?? 0);
    }
  }
  const predicted = probabilities(scoresAt(1))[index] ?? Number.NaN;
  return withTotal({ baseline: probabilities(scoresAt(0))[index] ?? Number.NaN, contributions }, predicted);
}

/**
 * The same contributions on the scale of a later step, such as calibration or the inverse of a transform: each keeps its
 * share of the change.
 * @param step is continuous
 */
export function throughStep(
  { baseline, contributions }: Contributions,
  step: (value: number) => number,
): Contributions {
  const moved = sum(contributions);
  const start = step(baseline);
  // Without a change to divide, each keeps its size by the slope at the baseline.
  const apart = Math.abs(moved) > 1e-9 * Math.max(1, Math.abs(baseline));
  const near = 1e-4 * Math.max(1, Math.abs(baseline));
  const factor = apart ? (step(baseline + moved) - start) / moved : (step(baseline + near) - start) / near;
  return { baseline: start, contributions: contributions.map((value) => value * factor) };
}

/** Corrects what a numeric integral leaves, in proportion; what nothing moved stays in the baseline. */
function withTotal({ baseline, contributions }: Contributions, predicted: number): Contributions {
  const left = predicted - baseline - sum(contributions);
  const size = contributions.reduce((total, value) => total + Math.abs(value), 0);
  if (size === 0) return { baseline: predicted, contributions };
  return { baseline, contributions: contributions.map((value) => value + (left * Math.abs(value)) / size) };
}

/** The logistic function of one score, softmax of several. */
function probabilities(scores: Float64Array): Float64Array {
  if (scores.length === 1) return scores.map((score) => 1 / (1 + Math.exp(-score)));
  return softmax(scores);
}

/** How fast the probability of a class changes with each score. */
function slopesOf(shares: Float64Array, index: number): Float64Array {
  const chosen = shares[index] ?? 0;
  return shares.map((share, at) => (at === index ? chosen * (1 - chosen) : -chosen * share));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
