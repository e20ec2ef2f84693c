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
  const width = Math.max(order, 1);
  // Row n keeps θ(n, 1 … width) in a ring, since a row only reads the `width` rows before it.
  const rows = Array.from({ length: width + 1 }, () => new Float64Array(width + 1));
  const variances = new Float64Array(count + horizon);
  const misses = new Float64Array(count + horizon);
  const path = new Float64Array(count + horizon);
  path.set(values);
  let squares = 0;
  let logs = 0;
  for (let n = 0; n < count + horizon; n++) {
    const row = rows[n % (width + 1)] as Float64Array;
    const reach = n < order ? n : Math.min(n, q);
    let variance = covariance(n, n);
    for (let back = reach; back >= 1; back--) {
      const k = n - back;
      const rowOfK = rows[k % (width + 1)] as Float64Array;
      const reachOfK = k < order ? k : Math.min(k, q);
      let value = covariance(n, k);
      for (let j = Math.max(n - reach, k - reachOfK); j < k; j++)
        value -= (rowOfK[k - j] as number) * (row[n - j] as number) * (variances[j] as number);
      value /= variances[k] as number;
      row[back] = value;
      variance -= value * value * (variances[k] as number);
    }
    variance = Math.max(variance, 1e-12);
    variances[n] = variance;
    let expected = 0;
    for (let back = 1; back <= reach; back++)
      expected += (row[back] as number) * (misses[n - back] as number);
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
function transformed({ ar, ma }: Arma, order: number): (one: number, other: number) => number {
  const p = ar.length - 1;
  const q = ma.length - 1;
  const gamma = autocovariances({ ar, ma }, 2 * order + 1);
  const mixed = Float64Array.from({ length: 2 * order + 1 }, (_, lag) => {
    let sum = gamma[lag] as number;
    for (let back = 1; back <= p; back++)
      sum += (ar[back] as number) * (gamma[Math.abs(back - lag)] as number);
    return sum;
  });
  const moving = Float64Array.from({ length: q + 1 }, (_, lag) => {
    let sum = 0;
    for (let at = 0; at + lag <= q; at++) sum += (ma[at] as number) * (ma[at + lag] as number);
    return sum;
  });
  return (one, other) => {
    const lag = Math.abs(one - other);
    const early = Math.min(one, other) < order;
    if (Math.max(one, other) < order) return gamma[lag] as number;
    if (early) return lag < mixed.length ? (mixed[lag] as number) : 0;
    return lag <= q ? (moving[lag] as number) : 0;
  };
}
