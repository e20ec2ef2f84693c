import { minimise } from '../minimise.ts';
import { mean } from '../statistics.ts';
import { conditionalSquares } from './conditional.ts';
import { type Arma, runArma } from './likelihood.ts';
import { differencing, filterBy, multiply, type Polynomial, polynomialOf, stationary } from './polynomial.ts';

export interface Orders {
  readonly p: number;
  readonly d: number;
  readonly q: number;
  readonly P: number;
  readonly D: number;
  readonly Q: number;
  readonly period: number;
  /** A mean, or with one difference a drift. */
  readonly constant: boolean;
}

export interface ArimaModel extends Orders {
  readonly ar: Polynomial;
  readonly ma: Polynomial;
  /** The mean of the differenced values. */
  readonly mean: number;
  /** Minus twice the log-likelihood; of the conditional one in a search. */
  readonly loss: number;
  readonly aicc: number;
}

/**
 * @param method 'exact' maximises the likelihood; 'conditional' minimises the sum of squares given the first values,
 * which is many times faster and used to search for orders
 */
export function fitArima(
  values: Float64Array,
  orders: Orders,
  method: 'exact' | 'conditional',
): ArimaModel | undefined {
  const { p, q, P, Q, d, D, period, constant } = orders;
  const differenced = filterBy(values, differencing(d, D, period));
  const parameters = p + q + P + Q + (constant ? 1 : 0) + 1;
  if (differenced.length <= parameters + 1 || differenced.length < period * Math.max(P, Q) + 3)
    return undefined;
  const middle = mean(differenced);
  const spread = Math.sqrt(mean(differenced.map((value) => (value - middle) ** 2))) || 1;
  const armaAt = (at: Float64Array): Arma => armaOf(at, orders);
  const meanAt = (at: Float64Array): number => (constant ? middle + (at.at(-1) as number) * spread : 0);
  const lossAt = (at: Float64Array): number => {
    const centred = differenced.map((value) => value - meanAt(at));
    return method === 'exact'
      ? runArma(centred, armaAt(at), 0).loss
      : conditionalSquares(centred, armaAt(at));
  };
  const partial = { start: 0.1, low: -0.99, high: 0.99, step: 0.2 };
  const { at, value } = minimise(
    lossAt,
    [
      ...Array.from({ length: p + P }, () => partial),
      ...Array.from({ length: q + Q }, () => ({ ...partial, start: -0.1, step: -0.2 })),
      ...(constant ? [{ start: 0, low: -5, high: 5, step: 0.1 }] : []),
    ],
    { evaluations: 120 * (parameters - 1) + 1, tolerance: 1e-6 },
  );
  const correction = (2 * parameters * (parameters + 1)) / Math.max(1, differenced.length - parameters - 1);
  return {
    ...orders,
    ...armaAt(at),
    mean: meanAt(at),
    loss: value,
    aicc: value + 2 * parameters + correction,
  };
}

function armaOf(at: Float64Array, { p, q, P, Q, period }: Orders): Arma {
  const take = (from: number, count: number): Float64Array => stationary(at.subarray(from, from + count));
  const ar = multiply(
    polynomialOf(take(0, p), { every: 1, sign: -1 }),
    polynomialOf(take(p, P), { every: period, sign: -1 }),
  );
  const ma = multiply(
    polynomialOf(take(p + P, q), { every: 1, sign: -1 }),
    polynomialOf(take(p + P + q, Q), { every: period, sign: -1 }),
  );
  return { ar, ma };
}

export function forecastArima(values: Float64Array, model: ArimaModel, horizon: number): Float64Array {
  const difference = differencing(model.d, model.D, model.period);
  const centred = filterBy(values, difference).map((value) => value - model.mean);
  const { forecast } = runArma(centred, model, horizon);
  const path = new Float64Array(values.length + horizon);
  path.set(values);
  for (let step = 0; step < horizon; step++) {
    const at = values.length + step;
    let value = (forecast[step] as number) + model.mean;
    for (let lag = 1; lag < difference.length; lag++)
      value -= (difference[lag] as number) * (path[at - lag] as number);
    path[at] = value;
  }
  return path.slice(values.length);
}
