import { expect, test } from 'vitest';
import { levels, sales } from './sales.fixture.ts';
import { thetaForecast } from './theta.ts';

const ofStatsforecast = {
  theta: [218.82044975374086, 232.32375740847672, 242.5434485378715, 243.25090075724952],
  dynamic: [218.51693907866544, 232.84104139840196, 243.95375010481254, 245.5319698332311],
  thetaFlat: [144.66254477475331, 145.41139038098245, 146.16023598721162, 146.90908159344076],
  dynamicFlat: [145.17971101194203, 146.68569411095717, 148.19209614899376, 149.69887425320303],
};

test.each([
  { name: 'theta', dynamic: false, values: sales, period: 12, expected: ofStatsforecast.theta },
  { name: 'dynamic theta', dynamic: true, values: sales, period: 12, expected: ofStatsforecast.dynamic },
  {
    name: 'theta without a season',
    dynamic: false,
    values: levels,
    period: 1,
    expected: ofStatsforecast.thetaFlat,
  },
  {
    name: 'dynamic theta without a season',
    dynamic: true,
    values: levels,
    period: 1,
    expected: ofStatsforecast.dynamicFlat,
  },
])('$name forecasts what statsforecast does', ({ dynamic, values, period, expected }) => {
  const ours = thetaForecast(values, { dynamic, log: false, period, horizon: 4 });
  for (const [step, value] of expected.entries())
    expect(Math.abs((ours[step] as number) / value - 1)).toBeLessThan(0.001);
});

test('on logarithms an exponential trend stays exponential', () => {
  const doubling = Float64Array.from({ length: 40 }, (_, at) => 100 * 1.05 ** at);
  const options = { dynamic: true, period: 1, horizon: 10 };
  const exact = 100 * 1.05 ** 49;
  const miss = (log: boolean): number =>
    Math.abs((thetaForecast(doubling, { ...options, log })[9] as number) / exact - 1);
  expect(miss(true)).toBeLessThan(0.05);
  expect(miss(false)).toBeGreaterThan(2 * miss(true));
});

test('the way back from logarithms gives a mean, which is above the median', () => {
  const noisy = levels.map((value, at) => value * (at % 2 === 0 ? 0.7 : 1.3));
  const logs = thetaForecast(noisy, { dynamic: false, log: true, period: 1, horizon: 1 })[0] as number;
  const median = Math.exp(
    thetaForecast(noisy.map(Math.log), { dynamic: false, log: false, period: 1, horizon: 1 })[0] as number,
  );
  expect(logs / median).toBeGreaterThan(1.02);
});

test('a constant series is forecast by its value', () => {
  const forecast = thetaForecast(new Float64Array(30).fill(7), {
    dynamic: true,
    log: false,
    period: 12,
    horizon: 3,
  });
  expect([...forecast]).toEqual([7, 7, 7]);
});
