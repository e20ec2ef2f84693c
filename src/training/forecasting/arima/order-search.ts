import { seasonStrength } from '../season.ts';
import { isConstant } from '../statistics.ts';
import { type ArimaModel, fitArima, type Orders } from './model.ts';
import { differencing, filterBy } from './polynomial.ts';
import { isStationary } from './stationarity.ts';

const most = { p: 3, q: 3, P: 1, Q: 1 } as const;

/**
 * The stepwise search of Hyndman and Khandakar (2008): differences by tests, then the orders whose AICc is the lowest among
 * their neighbours. Candidates are compared by their conditional likelihood.
 */
export function searchOrders(values: Float64Array, period: number): Orders {
  const seasonal = period > 1 && values.length >= 3 * period;
  const D = seasonal && seasonStrength(values, period) > 0.64 ? 1 : 0;
  const d = differencesOf(filterBy(values, differencing(0, D, seasonal ? period : 1)));
  const base = { d, D, period: seasonal ? period : 1 };
  const constant = d + D <= 1;
  const seen = new Map<string, ArimaModel | undefined>();
  const fitted = (orders: Orders): ArimaModel | undefined => {
    const key = JSON.stringify(orders);
    if (!seen.has(key)) seen.set(key, fitArima(values, orders, 'conditional'));
    return seen.get(key);
  };
  const starts = [
    [2, 2, 1, 1],
    [0, 0, 0, 0],
    [1, 0, 1, 0],
    [0, 1, 0, 1],
  ] as const;
  let best: ArimaModel | undefined;
  for (const [p, q, P, Q] of starts) {
    const orders = { ...base, p, q, P: seasonal ? P : 0, Q: seasonal ? Q : 0, constant };
    best = better(best, fitted(orders));
  }
  for (let round = 0; best && round < 20; round++) {
    const from: ArimaModel = best;
    const next = neighbours(from, { seasonal, mayHaveConstant: constant }).reduce<ArimaModel>(
      (lowest, orders) => better(lowest, fitted(orders)) ?? lowest,
      from,
    );
    if (next === from) break;
    best = next;
  }
  const { p = 0, q = 0, P = 0, Q = 0 } = best ?? {};
  return { ...base, p, q, P, Q, constant: best?.constant ?? constant };
}

function better(one: ArimaModel | undefined, other: ArimaModel | undefined): ArimaModel | undefined {
  if (!one || !other) return one ?? other;
  return other.aicc < one.aicc ? other : one;
}

function neighbours(
  { p, q, P, Q, d, D, period, constant }: Orders,
  { seasonal, mayHaveConstant }: { readonly seasonal: boolean; readonly mayHaveConstant: boolean },
): readonly Orders[] {
  const moves = [-1, 1].flatMap((by) => [
    [by, 0, 0, 0],
    [0, by, 0, 0],
    [by, by, 0, 0],
    ...(seasonal
      ? [
          [0, 0, by, 0],
          [0, 0, 0, by],
          [0, 0, by, by],
        ]
      : []),
  ]);
  const orders = moves.map(([ofP = 0, ofQ = 0, ofSeasonalP = 0, ofSeasonalQ = 0]) => ({
    p: p + ofP,
    q: q + ofQ,
    P: P + ofSeasonalP,
    Q: Q + ofSeasonalQ,
    d,
    D,
    period,
    constant,
  }));
  return [
    ...orders.filter((one) =>
      (['p', 'q', 'P', 'Q'] as const).every((name) => one[name] >= 0 && one[name] <= most[name]),
    ),
    ...(mayHaveConstant ? [{ p, q, P, Q, d, D, period, constant: !constant }] : []),
  ];
}

function differencesOf(values: Float64Array): number {
  let differenced = values;
  for (let times = 0; times < 2; times++) {
    if (differenced.length < 8 || isConstant(differenced) || isStationary(differenced)) return times;
    differenced = filterBy(differenced, Float64Array.of(1, -1));
  }
  return 2;
}
