import { minimise, type Smooth } from './minimise.ts';
import { addScaled, dot } from './vectors.ts';

export interface Penalties {
  readonly l1: number;
  readonly l2: number;
}

/** Linear functions of scaled columns: an intercept and a weight for each column. */
export interface LinearOutput {
  readonly intercept: number;
  readonly weights: Float64Array;
}

/** Scaled columns, and the class of each row. */
export interface LabelledRows {
  readonly columns: readonly Float64Array[];
  readonly truth: Float64Array;
}

/**
 * Multinomial logistic regression: minimises Σ −ln p(class) + l1·Σ|w| + l2/2·Σw², without a penalty on intercepts. These
 * are scikit-learn's weights for C = 1 / l2 over scaled columns. Every class has rows.
 */
export function fitSoftmax(
  { classes, ...rows }: LabelledRows & { readonly classes: number },
  penalties: Penalties,
): readonly LinearOutput[] {
  return fitOutputs(rows, { ...penalties, outputs: classes, loss: softmaxLoss });
}

/** The log-odds of class 1 against class 0; both have rows. @see fitSoftmax */
export function fitLogistic(rows: LabelledRows, penalties: Penalties): LinearOutput {
  const [output] = fitOutputs(rows, { ...penalties, outputs: 1, loss: logisticLoss });
  return output as LinearOutput;
}

/** Turns the scores of a row into the gradient of its loss and returns the loss. */
type RowLoss = (scores: Float64Array, truth: number) => number;

function fitOutputs(
  { columns, truth }: LabelledRows,
  { l1, l2, outputs, loss }: Penalties & { readonly outputs: number; readonly loss: RowLoss },
): readonly LinearOutput[] {
  const width = columns.length + 1;
  const start = new Float64Array(outputs * width);
  const smooth: Smooth = (at, gradient) => {
    gradient.fill(0);
    const scores = Array.from({ length: outputs }, (_, output) =>
      scoresOf(columns, at.subarray(output * width, (output + 1) * width), truth.length),
    );
    let value = 0;
    const row = new Float64Array(outputs);
    for (let index = 0; index < truth.length; index++) {
      for (let output = 0; output < outputs; output++) row[output] = scores[output]?.[index] as number;
      value += loss(row, truth[index] as number);
      for (let output = 0; output < outputs; output++)
        (scores[output] as Float64Array)[index] = row[output] as number;
    }
    for (const [output, errors] of scores.entries()) {
      const from = output * width;
      gradient[from] = errors.reduce((sum, error) => sum + error, 0);
      for (const [feature, column] of columns.entries()) {
        const weight = at[from + 1 + feature] as number;
        gradient[from + 1 + feature] = dot(column, errors) + l2 * weight;
        value += (l2 * weight ** 2) / 2;
      }
    }
    return value;
  };
  const pulls = start.map((_, index) => (index % width === 0 ? 0 : l1));
  const found = minimise(smooth, start, { l1: pulls });
  return Array.from({ length: outputs }, (_, output) => {
    const [intercept = 0, ...weights] = found.subarray(output * width, (output + 1) * width);
    return { intercept, weights: Float64Array.from(weights) };
  });
}

function scoresOf(columns: readonly Float64Array[], weights: Float64Array, rows: number): Float64Array {
  const scores = new Float64Array(rows).fill(weights[0] as number);
  for (const [feature, column] of columns.entries()) {
    const weight = weights[feature + 1] as number;
    if (weight === 0) continue;
    addScaled(scores, column, weight);
  }
  return scores;
}

function logisticLoss(scores: Float64Array, truth: number): number {
  const score = scores[0] as number;
  scores[0] = 1 / (1 + Math.exp(-score)) - truth;
  return Math.max(score, 0) - score * truth + Math.log1p(Math.exp(-Math.abs(score)));
}

function softmaxLoss(scores: Float64Array, truth: number): number {
  const real = scores[truth] as number;
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const [output, score] of scores.entries()) sum += scores[output] = Math.exp(score - highest);
  for (const [output, power] of scores.entries()) scores[output] = power / sum - Number(output === truth);
  return highest + Math.log(sum) - real;
}
