import type { Target } from '../../project/kind.ts';
import type { Objective } from './objective.ts';

/** First and second derivatives of the loss by the margin of one output, one for each row. */
export interface Derivatives {
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
}

/** What boosting lowers. Margins are in one array for each output. */
export interface Loss {
  readonly objective: Objective;
  readonly outputs: number;
  /** Whether the second derivative of every row is 1. */
  readonly countsRows: boolean;
  /** The best margins that are the same for every row. */
  start(target: Float64Array): readonly number[];
  /** Writes the derivatives; hessians that are all 1 are left as they are. */
  derive(margins: readonly Float32Array[], target: Float64Array, into: readonly Derivatives[]): void;
  /** The mean loss, by which training stops early. */
  mean(margins: readonly Float32Array[], target: Float64Array): number;
}

/** The loss of a kind of target: squared error, or the negative log-likelihood of yes or no or of the class. */
export function lossOf(target: Target): Loss {
  switch (target.kind) {
    case 'number':
      return squaredError;
    case 'boolean':
      return logistic;
    case 'class':
      return softmax(target.classes.length);
  }
}

/** ½(margin − target)². */
const squaredError: Loss = {
  objective: 'reg:squarederror',
  outputs: 1,
  countsRows: true,
  start: (target) => [meanOf(target, (truth) => truth)],
  derive([margins], target, [into]) {
    if (!margins || !into) return;
    for (let row = 0; row < target.length; row++)
      into.gradients[row] = (margins[row] as number) - (target[row] as number);
  },
  mean: ([margins], target) => meanOf(target, (truth, row) => ((margins?.[row] as number) - truth) ** 2 / 2),
};

/** The second derivative of a row whose probability is all but certain. */
const leastHessian = 1e-16;

/** −log p of what happened, where p = 1 / (1 + e^−margin) is the probability of yes. */
const logistic: Loss = {
  objective: 'binary:logistic',
  outputs: 1,
  countsRows: false,
  start(target) {
    const yes = smoothed(target, 1);
    return [Math.log(yes / (1 - yes))];
  },
  derive([margins], target, [into]) {
    if (!margins || !into) return;
    for (let row = 0; row < target.length; row++) {
      const probability = 1 / (1 + Math.exp(-(margins[row] as number)));
      into.gradients[row] = probability - (target[row] as number);
      into.hessians[row] = Math.max(leastHessian, probability * (1 - probability));
    }
  },
  mean: ([margins], target) =>
    meanOf(target, (truth, row) => softplus((margins?.[row] as number) * (truth > 0 ? -1 : 1))),
};

/** −log p of the true class, where the probabilities are proportional to e^margin. */
function softmax(outputs: number): Loss {
  return {
    objective: 'multi:softprob',
    outputs,
    countsRows: false,
    start: (target) => Array.from({ length: outputs }, (_, at) => Math.log(smoothed(target, at))),
    derive(margins, target, into) {
      const shares = new Float64Array(outputs);
      for (let row = 0; row < target.length; row++) {
        exponentials(margins, row, shares);
        for (let at = 0; at < outputs; at++) {
          const { gradients, hessians } = into[at] as Derivatives;
          const probability = shares[at] as number;
          gradients[row] = probability - (target[row] === at ? 1 : 0);
          hessians[row] = Math.max(leastHessian, 2 * probability * (1 - probability));
        }
      }
    },
    mean(margins, target) {
      const shares = new Float64Array(outputs);
      return meanOf(target, (truth, row) => {
        exponentials(margins, row, shares);
        return -Math.log(Math.max(Number.MIN_VALUE, shares[truth] as number));
      });
    },
  };
}

/** Writes the probabilities of a row. */
function exponentials(margins: readonly Float32Array[], row: number, shares: Float64Array): void {
  let highest = -Infinity;
  for (let at = 0; at < shares.length; at++) highest = Math.max(highest, margins[at]?.[row] as number);
  let sum = 0;
  for (let at = 0; at < shares.length; at++) {
    shares[at] = Math.exp((margins[at]?.[row] as number) - highest);
    sum += shares[at] as number;
  }
  for (let at = 0; at < shares.length; at++) shares[at] = (shares[at] as number) / sum;
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The share of rows with this target, kept away from 0 and 1 by half a row. */
function smoothed(target: Float64Array, value: number): number {
  let count = 0;
  for (const truth of target) if (truth === value) count++;
  return (count + 0.5) / (target.length + 1);
}

function meanOf(target: Float64Array, of: (truth: number, row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < target.length; row++) sum += of(target[row] as number, row);
  return sum / target.length;
}
