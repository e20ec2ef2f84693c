import { expect, test } from 'vitest';
import type { JsonObject } from '../kernel/json.ts';
import { formatMetric, metricBetter, metricTitle, metricUnit, taskSummary, titleOf } from './format.ts';

test.each([
  ['runsInTheLastFiveOvers', 'Runs in the last five overs'],
  ['house_price', 'House price'],
  ['per-key2Value', 'Per key2 value'],
  ['x', 'X'],
  ['', ''],
])('%j reads as %j', (name, title) => expect(titleOf(name)).toBe(title));

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
  [0, '0.000'],
  [0.12345, '0.123'],
  [-9.9996, '-10.000'],
  [14.218, '14.22'],
  [142.18, '142.2'],
  [14_218.7, '14,219'],
  [Number.NaN, 'not a number'],
  [null as unknown as number, 'not a number'],
])('%s is shown as %s', (value, text) => expect(formatMetric(value)).toBe(text));

test.each<[string, JsonObject, string | undefined]>([
  ['fetch', { files: 1, bytes: 1000 }, '1 file, 1.0 kB'],
  ['fetch', { files: 2, bytes: 10, simulated: true }, '2 files, 10 B, simulated'],
  ['read', { rows: 1432 }, '1,432 rows'],
  ['step', { tables: { rows: { rows: 1 } } }, '1 row'],
  ['step', { tables: { good: { rows: 2 }, bad: { rows: 0 } } }, 'good: 2 rows, bad: 0 rows'],
  ['split', { train: 8000, test: 2000 }, '8,000 rows to learn, 2,000 to test'],
  [
    'split',
    { train: 8, test: 2, group: 'match', groups: [4, 1] },
    '8 rows to learn, 2 to test (4 and 1 by match)',
  ],
  ['features', { features: ['a', 'b'] }, '2 features'],
  ['search', { trials: 8, best: 0 }, '8 trials, best 1'],
  ['train', { fittedParams: { trees: 1200 } }, '1,200 trees'],
  ['evaluate', { metrics: { mae: 14.218, r2: 0.5 } }, 'MAE 14.22'],
  ['gate', { version: 3 }, 'version 3'],
  ['unknown', {}, undefined],
])('what %s left, of %j', (operation, facts, words) => expect(taskSummary(operation, facts)).toBe(words));
