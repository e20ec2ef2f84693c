import { expect, test } from 'vitest';
import { sales } from '../sales.fixture.ts';
import { arimaForecast } from './arima.ts';
import { runArma } from './likelihood.ts';
import { fitArima, forecastArima } from './model.ts';
import { searchOrders } from './order-search.ts';
import { differencing, filterBy, multiply, polynomialOf } from './polynomial.ts';
import { kpss } from './stationarity.ts';

const logs = sales.map(Math.log);

test('the exact likelihood is that of statsmodels: seasonal moving averages', () => {
  const differenced = filterBy(logs, differencing(1, 1, 12));
  const ma = multiply(
    polynomialOf([-0.4], { every: 1, sign: 1 }),
    polynomialOf([-0.5], { every: 12, sign: 1 }),
  );
  const { loss, forecast } = runArma(differenced, { ar: Float64Array.of(1), ma }, 3);
  expect(-loss / 2).toBeCloseTo(109.8683073108939, 6);
  const expected = [-0.02563077285612055, -0.025608368983224772, 0.031200870970617092];
  for (const [step, value] of expected.entries()) expect(forecast[step]).toBeCloseTo(value, 8);
});

test('the exact likelihood is that of statsmodels: autoregressions beside a moving average', () => {
  const differenced = filterBy(logs, Float64Array.of(1, -1));
  const ar = multiply(
    polynomialOf([0.5, 0.2], { every: 1, sign: -1 }),
    polynomialOf([0.4], { every: 12, sign: -1 }),
  );
  const { loss, forecast } = runArma(differenced, { ar, ma: Float64Array.of(1, 0.3) }, 3);
  expect(-loss / 2).toBeCloseTo(85.83926348578426, 6);
  const expected = [0.16747943168852658, 0.11715972456133561, 0.05753150792584496];
  for (const [step, value] of expected.entries()) expect(forecast[step]).toBeCloseTo(value, 8);
});

test('a fit reaches the likelihood that statsmodels reaches', () => {
  const orders = { p: 0, d: 1, q: 1, P: 0, D: 1, Q: 1, period: 12, constant: false };
  const model = fitArima(logs, orders, 'exact');
  expect(-(model?.loss ?? 0) / 2).toBeGreaterThan(123.14);
  const expected = [5.3975, 5.4958, 5.4927, 5.5237, 5.4981, 5.5072];
  const forecast = model ? forecastArima(logs, model, 6) : [];
  for (const [step, value] of expected.entries()) expect(forecast[step]).toBeCloseTo(value, 1);
});

test('the search takes the season out, and finds no worse a model than the usual one', () => {
  const found = searchOrders(logs, 12);
  expect(found.D).toBe(1);
  const usual = { ...found, p: 0, q: 1, P: 0, Q: 1 };
  const aicc = (orders: typeof found): number => fitArima(logs, orders, 'conditional')?.aicc ?? Infinity;
  expect(aicc(found)).toBeLessThanOrEqual(aicc(usual));
});

test('the statistic of KPSS is that of statsmodels', () => {
  expect(kpss(sales, 1)).toBeCloseTo(2.380964751811026, 8);
});

test('a series that is too short for its orders has no forecast', () => {
  const orders = { order: [0, 1, 1], seasonal: [0, 1, 1] } as const;
  expect(arimaForecast(sales.subarray(0, 15), { period: 12, horizon: 3, ...orders })).toBeUndefined();
});
