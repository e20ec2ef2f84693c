import { expect, test } from 'vitest';
import { metricMeaning, metricTitle } from './metrics.ts';

test('writes metrics as people do', () => {
  expect(['mae', 'r2', 'bias', 'intervalCoverage'].map(metricTitle)).toEqual([
    'MAE',
    'R²',
    'Bias',
    'Interval coverage',
  ]);
});

test('explains the metrics that it knows and is silent on others', () => {
  expect(metricMeaning('mae')).toBe('How far off on average');
  expect(metricMeaning('profit')).toBeUndefined();
});
