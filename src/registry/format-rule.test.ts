import { expect, test } from 'vitest';
import { higher, lower, type PromotionRule } from '../project/promotion.ts';
import { metricFormat } from './format-metric.ts';
import { formatRule } from './format-rule.ts';

const cases: readonly { readonly rule: Omit<PromotionRule, 'alias'>; readonly says: string }[] = [
  { rule: { when: lower('mae') }, says: 'lower MAE than the live version' },
  { rule: { when: higher('r2', { by: 0.01 }) }, says: 'higher R² than the live version by more than 0.01' },
  {
    rule: { when: lower('mae', { by: 0.1 }) },
    says: 'lower MAE than the live version by more than 0.1 runs',
  },
  {
    rule: { when: lower('mae'), atLeast: { r2: 0.5 } },
    says: 'lower MAE than the live version, with R² at least 0.5',
  },
  {
    rule: { when: lower('mae'), atLeast: { r2: 0.5 }, atMost: { rmse: 20 } },
    says: 'lower MAE than the live version, with R² at least 0.5 and RMSE at most 20 runs',
  },
  {
    rule: { when: lower('mae'), atLeast: { r2: 0.5, intervalCoverage: 0.75 }, atMost: { rmse: 20, bias: 1 } },
    says: 'lower MAE than the live version, with R² at least 0.5, Interval coverage at least 0.75, RMSE at most 20 runs and Bias at most 1 runs',
  },
  { rule: { when: lower('pinball'), atLeast: {} }, says: 'lower pinball than the live version' },
];

test.each(cases)('$says', ({ rule, says }) => {
  expect(formatRule({ alias: 'prod', ...rule }, metricFormat('runs'))).toBe(says);
});

test('without a unit a number stands alone', () => {
  expect(formatRule({ alias: 'prod', when: lower('mae', { by: 1234.5 }) }, metricFormat())).toBe(
    'lower MAE than the live version by more than 1,230',
  );
});
