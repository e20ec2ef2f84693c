import { expect, test } from 'vitest';
import { formatMetric, metricMeaning, metricTitle } from './metrics.ts';

test('writes metrics as people do', () => {
  expect(['mae', 'r2', 'bias', 'intervalCoverage'].map(metricTitle)).toEqual([
    'MAE',
    'R²',
    'Bias',
    'Interval coverage',
  ]);
});

test('writes metrics of classes and forecasts as the server does', () => {
  const names = ['brier', 'logLoss', 'auc', 'macroF1', 'calibrationError', 'smape', 'mase'];
  expect(names.map(metricTitle)).toEqual([
    'Brier score',
    'Log loss',
    'AUC',
    'Macro F1',
    'Calibration error',
    'sMAPE',
    'MASE',
  ]);
});

test('explains the metrics that it knows and is silent on others', () => {
  expect(metricMeaning('mae')).toBe('How far off on average');
  expect(metricMeaning('profit')).toBeUndefined();
});

test('shows the share of outcomes within a range as a percentage', () => {
  const metric = {
    name: 'intervalCoverage',
    title: 'Interval coverage',
    value: 0.795,
    unit: null,
    better: 'neither',
  } as const;
  expect(formatMetric(metric)).toBe('80%');
  expect(formatMetric({ ...metric, name: 'r2', value: 0.6569 })).toBe('0.657');
});
