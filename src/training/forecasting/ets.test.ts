import { expect, test } from 'vitest';
import { type EtsModel, runEts } from './ets-model.ts';
import { etsForecast, fitEts, selectEts } from './ets.ts';
import { sales } from './sales.fixture.ts';

const ratios = Float64Array.from({ length: 12 }, (_, at) =>
  round(1 + 0.2 * Math.sin((2 * Math.PI * at) / 12), 3),
);
const amounts = Float64Array.from({ length: 12 }, (_, at) =>
  round(20 * Math.sin((2 * Math.PI * at) / 12), 2),
);
const start = { level: 100, slope: 1.5, phi: 1, beta: 0, gamma: 0, figure: ratios };

const cases: readonly { model: EtsModel; loglik: number; forecast: readonly number[] }[] = [
  {
    model: {
      ...start,
      error: 'A',
      trend: 'A',
      season: 'A',
      alpha: 0.4,
      beta: 0.1,
      gamma: 0.1,
      figure: amounts,
    },
    loglik: -275.7397917641129,
    forecast: [197.71984323604187, 203.3230236318644, 206.02601639060524],
  },
  {
    model: { ...start, error: 'M', trend: 'N', season: 'N', alpha: 0.6 },
    loglik: -311.70707566969514,
    forecast: [183.021148593455, 183.021148593455, 183.021148593455],
  },
  {
    model: { ...start, error: 'M', trend: 'A', season: 'M', alpha: 0.2, beta: 0.02, gamma: 0.1 },
    loglik: -232.63603506003284,
    forecast: [213.18233891030403, 231.66839556802444, 245.58793751971533],
  },
  {
    model: { ...start, error: 'M', trend: 'Ad', season: 'M', alpha: 0.3, beta: 0.05, gamma: 0.2, phi: 0.95 },
    loglik: -231.86851948339674,
    forecast: [216.57164153838698, 231.6232405270834, 242.1024344609445],
  },
];

// Of statsmodels; for multiplicative seasons of the book's equations, from which statsmodels differs in the season's update.
test.each(cases)('likelihood and forecast of $model.error, $model.trend, $model.season', (expected) => {
  const { loss, forecast } = runEts(sales, expected.model, { horizon: 3 });
  const count = sales.length;
  const loglik = -loss / 2 - (count / 2) * (Math.log((2 * Math.PI) / count) + 1);
  expect(loglik).toBeCloseTo(expected.loglik, 6);
  for (const [step, value] of expected.forecast.entries()) expect(forecast[step]).toBeCloseTo(value, 6);
});

test('AICc selects the form that statsforecast selects, and forecasts within 2% of it', () => {
  expect(selectEts(sales, 12)).toMatchObject({ error: 'M', trend: 'A', season: 'M' });
  const theirs = [217.536, 233.884, 245.561, 244.464, 245.618, 242.227];
  const ours = etsForecast(sales, { period: 12, horizon: 6 });
  for (const [step, value] of theirs.entries())
    expect(Math.abs((ours[step] as number) / value - 1)).toBeLessThan(0.02);
});

test('values that are not positive have no multiplicative form', () => {
  const shifted = sales.map((value) => value - 150);
  const model = selectEts(shifted, 12);
  expect([model.error, model.season]).toEqual(['A', 'A']);
});

test('a fit cannot leave the limits of its parameters', () => {
  const { model } = fitEts(sales, { error: 'A', trend: 'Ad', season: 'A' }, { period: 12 });
  expect(model.alpha).toBeGreaterThan(0);
  expect(model.beta).toBeLessThanOrEqual(model.alpha);
  expect(model.gamma).toBeLessThanOrEqual(1 - model.alpha);
  expect(model.phi).toBeGreaterThanOrEqual(0.8);
});

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
