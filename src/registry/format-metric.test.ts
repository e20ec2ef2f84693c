import { expect, test } from 'vitest';
import { formatMetric, metricBetter, metricFormat, metricTitle, metricUnit } from './format-metric.ts';

test('a metric has its title, its unit and its better side', () => {
  expect([metricTitle('mae'), metricUnit('mae', 'EUR'), metricBetter('mae')]).toEqual([
    'MAE',
    'EUR',
    'lower',
  ]);
  expect([metricTitle('r2'), metricUnit('r2', 'EUR'), metricBetter('r2')]).toEqual(['R²', null, 'higher']);
  expect([metricTitle('own'), metricUnit('own', 'EUR'), metricBetter('own')]).toEqual([
    'own',
    null,
    'neither',
  ]);
  expect(metricTitle('toString')).toBe('toString');
});

test.each([
  [0, '0'],
  [0.12345, '0.123'],
  [-9.9996, '−10'],
  [14.218, '14.2'],
  [142.18, '142'],
  [1234.6, '1,235'],
  [0.009_681_2, '0.00968'],
  [14_218.7, '14,219'],
  [Number.NaN, 'not a number'],
  [null as unknown as number, 'not a number'],
])('%s is shown as %s', (value, text) => expect(formatMetric(value)).toBe(text));

test('a measure over some rows has the unit of its metric; a measure of its own has none', () => {
  const measures = {
    maeLate: { of: 'mae', where: () => true },
    r2Late: { of: 'r2', where: () => true },
    cost: { better: 'lower', value: () => 1 },
  } as const;
  const { unit } = metricFormat('runs', measures);
  expect(['maeLate', 'r2Late', 'cost', 'mae', 'toString'].map(unit)).toEqual([
    'runs',
    undefined,
    undefined,
    'runs',
    undefined,
  ]);
  expect(['maeLate', 'r2Late', 'cost', 'toString'].map((name) => metricBetter(name, measures))).toEqual([
    'lower',
    'higher',
    'lower',
    'neither',
  ]);
});
