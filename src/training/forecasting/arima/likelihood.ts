import { autocovariances } from './autocovariances.ts';
import type { Polynomial } from './polynomial.ts';

/** An ARMA process around 0: `ar` is 1 - φ₁B - …, `ma` is 1 + θ₁B + … */
export interface Arma {
  readonly ar: Polynomial;
  readonly ma: Polynomial;
}

export interface ArmaRun {
  /** Minus twice the log-likelihood. */
  readonly loss: number;
  readonly variance: number;
  readonly forecast: Float64Array;
}

/** Exact Gaussian likelihood and forecasts by the innovations algorithm (Brockwell and Davis 1991, §5.3 and §8.7). */
export function runArma(values: Float64Array, { ar, ma }: Arma, horizon: number): ArmaRun {
  const p = ar.length - 1;
  const q = ma.length - 1;
  const order = Math.max(p, q);
  const covariance = transformed({ ar, ma }, order);
  const count = values.length;
  const width = order + 1;
  // Row n keeps θ(n, 1 … order) in a ring, since a row only reads the `order` rows before it.
  const rows = new Float64Array(width * width);
  // The row times the variances that its coefficients belong to.
  const weighted = new Float64Array(width);
  const variances = new Float64Array(count + horizon);
  const misses = new Float64Array(count + horizon);
  const path = new Float64Array(count + horizon);
  path.set(values);
  let squares = 0;
  let logs = 0;
  for (let n = 0; n < count + horizon; n++) {
    const row = (n % width) * width;
    const reach = n < order ? n : Math.min(n, q);
    let variance = covariance(n, 0);
    for (let back = reach; back >= 1; back--) {
      const k = n - back;
      const rowOfK = (k % width) * width;
      const most = Math.min(k < order ? k : q, reach - back);
      let value = covariance(k, back);
      for (let lag = most; lag >= 1; lag--)
        value -= (rows[rowOfK + lag] as number) * (weighted[back + lag] as number);
      weighted[back] = value;
      const coefficient = value / (variances[k] as number);
      rows[row + back] = coefficient;
      variance -= coefficient * value;
    }
    variance = Math.max(variance, 1e-12);
    variances[n] = variance;
    let expected = 0;
    for (let back = 1; back <= reach; back++)
      expected += (rows[row + back] as number) * (misses[n - back] as number);
    if (n >= order)
      for (let lag = 1; lag <= p; lag++) expected -= (ar[lag] as number) * (path[n - lag] as number);
    if (n >= count) path[n] = expected;
    else {
      const miss = (values[n] as number) - expected;
      misses[n] = miss;
      squares += (miss * miss) / variance;
      logs += Math.log(variance);
    }
  }
  const variance = squares / Math.max(1, count);
  const loss = count * (Math.log(2 * Math.PI * Math.max(variance, 1e-300)) + 1) + logs;
  return { loss, variance, forecast: path.slice(count) };
}

/** Covariances of Ansley's transformed process, whose values after the first `order` are a moving average. */
function transformed({ ar, ma }: Arma, order: number): (from: number, lag: number) => number {
  const p = ar.length - 1;
  const q = ma.length - 1;
  const gamma = autocovariances({ ar, ma }, 2 * order + 1);
  const mixed = Float64Array.from({ length: 2 * order + 1 }, (_, lag) => {
    let sum = gamma[lag] as number;
    for (let back = 1; back <= p; back++)
      sum += (ar[back] as number) * (gamma[Math.abs(back - lag)] as number);
    return sum;
  });
  const moving = Float64Array.from({ length: order + 1 }, (_, lag) => {
    let sum = 0;
    for (let at = 0; at + lag <= q; at++) sum += (ma[at] as number) * (ma[at + lag] as number);
    return sum;
  });
  return (from, lag) => (from >= order ? moving : from + lag < order ? gamma : mixed)[lag] as number;
}
