import { fastExp } from './float32-exp.ts';
import type { LabelledRows, Loss } from './loss.ts';
import { weightedSums } from './weighted-sums.ts';

/** The second derivative of a row whose probability is all but certain. */
const leastHessian = 1e-16;

/** Beyond it a probability is 0 or 1 in float32. */
function clamp(exponent: number): number {
  return exponent > 80 ? 80 : exponent < -100 ? -100 : exponent;
}

/** −log p of what happened, where p = 1 / (1 + e^−margin) is the probability of yes. */
export const logistic: Loss = {
  objective: 'binary:logistic',
  outputs: 1,
  countsRows: false,
  start(rows) {
    const yes = shareOf(rows, 1);
    return [Math.log(yes / (1 - yes))];
  },
  derive([margins], [pairs], { target, from, to }) {
    if (!margins || !pairs) return;
    for (let row = from; row < to; row++) {
      const probability = 1 / (1 + fastExp(clamp(-(margins[row] as number))));
      pairs[2 * row] = probability - (target[row] as number);
      pairs[2 * row + 1] = Math.max(leastHessian, probability * (1 - probability));
    }
  },
  of([margins], row, truth) {
    const against = (margins?.[row] as number) * (truth > 0 ? -1 : 1);
    return Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)));
  },
};

/** −log p of the true class, where the probabilities are proportional to e^margin. */
export function softmax(outputs: number): Loss {
  const shares = new Float64Array(outputs);
  return {
    objective: 'multi:softprob',
    outputs,
    countsRows: false,
    start: (rows) => Array.from({ length: outputs }, (_, value) => Math.log(shareOf(rows, value))),
    derive(margins, pairs, { target, from, to }) {
      for (let row = from; row < to; row++) {
        writeShares(margins, row, shares);
        for (let output = 0; output < outputs; output++) {
          const into = pairs[output] as Float32Array;
          const probability = shares[output] as number;
          into[2 * row] = probability - (target[row] === output ? 1 : 0);
          into[2 * row + 1] = Math.max(leastHessian, 2 * probability * (1 - probability));
        }
      }
    },
    of(margins, row, truth) {
      writeShares(margins, row, shares);
      return -Math.log(Math.max(Number.MIN_VALUE, shares[truth] as number));
    },
  };
}

/** What XGBoost calls max_delta_step: the second derivative is that of a margin so much higher, which keeps steps short. */
const longestStep = 0.7;

/** e^margin − target × margin: −log of the Poisson probability of the target, less what does not depend on the margin. */
export const poisson: Loss = {
  objective: 'count:poisson',
  outputs: 1,
  countsRows: false,
  start(rows) {
    const { sum, total } = weightedSums(rows, (truth) => truth);
    return [Math.log(Math.max(sum, 0.5) / total)];
  },
  derive([margins], [pairs], { target, from, to }) {
    if (!margins || !pairs) return;
    for (let row = from; row < to; row++) {
      const margin = margins[row] as number;
      pairs[2 * row] = Math.exp(margin) - (target[row] as number);
      pairs[2 * row + 1] = Math.exp(margin + longestStep);
    }
  },
  of([margins], row, truth) {
    const margin = margins?.[row] as number;
    return Math.exp(margin) - truth * margin;
  },
};

function writeShares(margins: readonly Float32Array[], row: number, shares: Float64Array): void {
  let highest = -Infinity;
  for (let at = 0; at < shares.length; at++) highest = Math.max(highest, margins[at]?.[row] as number);
  let sum = 0;
  for (let at = 0; at < shares.length; at++) {
    shares[at] = fastExp(clamp((margins[at]?.[row] as number) - highest));
    sum += shares[at] as number;
  }
  for (let at = 0; at < shares.length; at++) shares[at] = (shares[at] as number) / sum;
}

/** The share of rows with this target, kept away from 0 and 1 by half a row. */
function shareOf(rows: LabelledRows, value: number): number {
  const { sum, total } = weightedSums(rows, (truth) => Number(truth === value));
  return (sum + 0.5) / (total + 1);
}
