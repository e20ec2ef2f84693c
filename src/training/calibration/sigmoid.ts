import type { Values } from '../metrics/rows.ts';
import { type Curve, logOdds } from './curve.ts';
import { smoothedTargets } from './smoothed-targets.ts';

interface Points {
  readonly scores: Float64Array;
  readonly targets: Float64Array;
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

const steps = 100;
const tolerance = 1e-10;
/** Keeps the Hessian invertible where all log-odds are equal. */
const ridge = 1e-12;

/**
 * Platt scaling of log-odds, with Platt's smoothed targets, by Newton's method with backtracking (Platt 1999; Lin, Lin and
 * Weng, Machine Learning 68, 2007).
 * @param truth 1 for yes and 0 for no, with both
 */
export function fitSigmoid(probability: Values, truth: Values): Curve {
  return { method: 'sigmoid', ...lineOf(probability, truth) };
}

/** Slope and intercept of `fitSigmoid`. */
export function lineOf(probability: Values, truth: Values): Line {
  const yes = Array.from(truth).filter((value) => value === 1).length;
  const no = truth.length - yes;
  const points: Points = {
    scores: Float64Array.from(probability, logOdds),
    targets: smoothedTargets(truth),
  };
  let line: Line = { slope: 0, intercept: Math.log((yes + 1) / (no + 1)) };
  let loss = lossOf(points, line);
  for (let step = 0; step < steps; step++) {
    const next = bestAlong(points, line, newtonStep(points, line));
    if (!(next.loss < loss - tolerance * Math.abs(loss))) break;
    ({ line, loss } = next);
  }
  return line;
}

/** Halves the step until the loss falls. */
function bestAlong(points: Points, from: Line, step: Line): { readonly line: Line; readonly loss: number } {
  const start = lossOf(points, from);
  for (let share = 1; share > tolerance; share /= 2) {
    const line = {
      slope: from.slope + share * step.slope,
      intercept: from.intercept + share * step.intercept,
    };
    const loss = lossOf(points, line);
    if (loss <= start) return { line, loss };
  }
  return { line: from, loss: start };
}

function newtonStep({ scores, targets }: Points, { slope, intercept }: Line): Line {
  let [gradientSlope, gradientIntercept, ss, si, ii] = [0, 0, ridge, 0, ridge];
  for (const [row, score] of scores.entries()) {
    const p = 1 / (1 + Math.exp(-(slope * score + intercept)));
    const error = p - (targets[row] as number);
    const weight = p * (1 - p);
    gradientSlope += error * score;
    gradientIntercept += error;
    ss += weight * score * score;
    si += weight * score;
    ii += weight;
  }
  const determinant = ss * ii - si * si;
  return {
    slope: -(ii * gradientSlope - si * gradientIntercept) / determinant,
    intercept: -(ss * gradientIntercept - si * gradientSlope) / determinant,
  };
}

/** The log loss, without overflow. */
function lossOf({ scores, targets }: Points, { slope, intercept }: Line): number {
  let total = 0;
  for (const [row, score] of scores.entries()) {
    const z = slope * score + intercept;
    total += Math.max(z, 0) - z * (targets[row] as number) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return total;
}
