import { minimise } from './minimise.ts';
import { addScaled, dot } from './vectors.ts';

/** Features up to which the normal equations are solved exactly. */
const mostExact = 1000;

/**
 * The weights that minimise Σ(y − ȳ − Xw)² + l2·Σw² over scaled columns. Exact by Cholesky for up to 1,000 features, by
 * L-BFGS for more. With l2 = 0 a tiny penalty makes the weights of collinear columns equal.
 * @param centred the target minus its mean
 */
export function ridge(columns: readonly Float64Array[], centred: Float64Array, l2: number): Float64Array {
  const penalty = Math.max(l2, 1e-10 * centred.length);
  return columns.length <= mostExact
    ? solveNormal(columns, centred, penalty)
    : descend(columns, centred, penalty);
}

function descend(columns: readonly Float64Array[], centred: Float64Array, l2: number): Float64Array {
  const start = new Float64Array(columns.length);
  return minimise(
    (weights, gradient) => {
      const errors = centred.map((value) => -value);
      for (const [index, column] of columns.entries()) addScaled(errors, column, weights[index] as number);
      let value = dot(errors, errors) / 2;
      for (const [index, column] of columns.entries()) {
        const weight = weights[index] as number;
        gradient[index] = dot(column, errors) + l2 * weight;
        value += (l2 * weight ** 2) / 2;
      }
      return value;
    },
    start,
    { l1: start },
  );
}

/** Solves (XᵀX + l2·I)w = Xᵀy with a Cholesky factor, row by row. */
function solveNormal(columns: readonly Float64Array[], centred: Float64Array, l2: number): Float64Array {
  const factor = columns.map((column, row) =>
    Float64Array.from(
      { length: row + 1 },
      (_, at) => dot(column, columns[at] as Float64Array) + (at === row ? l2 : 0),
    ),
  );
  const weights = Float64Array.from(columns, (column) => dot(column, centred));
  for (const [row, values] of factor.entries()) {
    for (let at = 0; at < row; at++) {
      const other = factor[at] as Float64Array;
      values[at] = ((values[at] as number) - dot(values, other, at)) / (other[at] as number);
    }
    values[row] = Math.sqrt(Math.max((values[row] as number) - dot(values, values, row), 1e-12 * l2));
    weights[row] = ((weights[row] as number) - dot(values, weights, row)) / (values[row] as number);
  }
  for (let row = factor.length - 1; row >= 0; row--) {
    let sum = weights[row] as number;
    for (let below = row + 1; below < factor.length; below++)
      sum -= (factor[below]?.[row] as number) * (weights[below] as number);
    weights[row] = sum / (factor[row]?.[row] as number);
  }
  return weights;
}
