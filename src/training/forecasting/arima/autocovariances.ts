import type { Arma } from './likelihood.ts';

/** Autocovariances of an ARMA process with innovations of variance 1, for the lags 0 to `lags`. */
export function autocovariances({ ar, ma }: Arma, lags: number): Float64Array {
  const p = ar.length - 1;
  const q = ma.length - 1;
  const psi = new Float64Array(q + 1);
  for (let at = 0; at <= q; at++) {
    let value = ma[at] as number;
    for (let back = 1; back <= Math.min(at, p); back++)
      value -= (ar[back] as number) * (psi[at - back] as number);
    psi[at] = value;
  }
  const right = (lag: number): number => {
    let sum = 0;
    for (let at = lag; at <= q; at++) sum += (ma[at] as number) * (psi[at - lag] as number);
    return sum;
  };
  const gamma = new Float64Array(Math.max(lags, p) + 1);
  gamma.set(firstOf(ar, right));
  for (let lag = p + 1; lag < gamma.length; lag++) {
    let value = right(lag);
    for (let back = 1; back <= p; back++) value -= (ar[back] as number) * (gamma[lag - back] as number);
    gamma[lag] = value;
  }
  return gamma;
}

/** Solves the Yule-Walker equations for the lags 0 to p. */
function firstOf(ar: Float64Array, right: (lag: number) => number): Float64Array {
  const size = ar.length;
  const rows = Array.from({ length: size }, (_, lag) => {
    const row = new Float64Array(size + 1);
    for (let back = 0; back < size; back++) {
      const at = Math.abs(lag - back);
      row[at] = (row[at] as number) + (ar[back] as number);
    }
    row[size] = right(lag);
    return row;
  });
  return solve(rows);
}

/** Gaussian elimination with row pivots; the last column is the right side. */
function solve(rows: Float64Array[]): Float64Array {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const chosen = rows[pivot] as Float64Array;
    rows[pivot] = rows[column] as Float64Array;
    rows[column] = chosen;
    for (let row = column + 1; row < size; row++) {
      const below = rows[row] as Float64Array;
      const share = (below[column] as number) / (chosen[column] as number);
      if (share === 0) continue;
      for (let at = column; at <= size; at++)
        below[at] = (below[at] as number) - share * (chosen[at] as number);
    }
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    const line = rows[row] as Float64Array;
    let sum = line[size] as number;
    for (let at = row + 1; at < size; at++) sum -= (line[at] as number) * (solution[at] as number);
    solution[row] = sum / (line[row] as number);
  }
  return solution;
}
