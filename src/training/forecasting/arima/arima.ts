import { isConstant } from '../statistics.ts';
import { fitArima, forecastArima, type Orders } from './model.ts';
import { searchOrders } from './order-search.ts';

type Order = readonly [p: number, d: number, q: number];

export interface ArimaOptions {
  /** @default found by AICc */
  readonly order?: Order | undefined;
  /** @default none beside an order, and found where that is */
  readonly seasonal?: Order | undefined;
}

/** @returns undefined if the series is too short for the orders */
export function arimaForecast(
  values: Float64Array,
  { period, horizon, order, seasonal }: ArimaOptions & { readonly period: number; readonly horizon: number },
): Float64Array | undefined {
  if (isConstant(values)) return new Float64Array(horizon).fill(values[0] as number);
  if (values.length < 8) return undefined;
  const orders = order ? ordersOf(order, seasonal, period) : searchOrders(values, period);
  const model = fitArima(values, orders, 'exact');
  return model && forecastArima(values, model, horizon);
}

function ordersOf([p, d, q]: Order, seasonal: Order | undefined, period: number): Orders {
  const [P, D, Q] = period > 1 && seasonal ? seasonal : [0, 0, 0];
  return { p, d, q, P, D, Q, period: Math.max(1, period), constant: d + D === 0 };
}
