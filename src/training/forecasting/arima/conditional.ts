import type { Arma } from './likelihood.ts';

/** Minus twice the log-likelihood given the first values, with innovations of 0 before them. */
export function conditionalSquares(values: Float64Array, { ar, ma }: Arma): number {
  const p = ar.length - 1;
  const q = ma.length - 1;
  const count = values.length;
  const misses = new Float64Array(count);
  let squares = 0;
  for (let at = 0; at < count; at++) {
    let miss = values[at] as number;
    for (let lag = 1; lag <= p && lag <= at; lag++)
      miss += (ar[lag] as number) * (values[at - lag] as number);
    for (let lag = 1; lag <= q && lag <= at; lag++)
      miss -= (ma[lag] as number) * (misses[at - lag] as number);
    misses[at] = miss;
    squares += miss * miss;
  }
  return count * (Math.log((2 * Math.PI * Math.max(squares, 1e-300)) / count) + 1);
}
