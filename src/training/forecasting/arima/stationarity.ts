import { lagProduct, mean } from '../statistics.ts';

/** The test of Kwiatkowski, Phillips, Schmidt and Shin (1992) for a level, at 5%. */
export function isStationary(values: Float64Array): boolean {
  return kpss(values) < 0.463;
}

/** @param lags of the Bartlett window @default 3·√n/13, as in R's urca */
export function kpss(
  values: Float64Array,
  lags: number = Math.trunc((3 * Math.sqrt(values.length)) / 13),
): number {
  const count = values.length;
  const middle = mean(values);
  const misses = values.map((value) => value - middle);
  let sum = 0;
  let squares = 0;
  for (const miss of misses) {
    sum += miss;
    squares += sum * sum;
  }
  let variance = lagProduct(misses, 0);
  for (let lag = 1; lag <= lags; lag++) variance += 2 * (1 - lag / (lags + 1)) * lagProduct(misses, lag);
  return squares / (count * variance);
}
