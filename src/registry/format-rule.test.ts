import { expect, test } from 'vitest';
import { higher, lower, type PromotionRule } from '../project/models/promotion.ts';
import { metricFormat } from './format-metric.ts';
import { formatFirstRule, formatRule } from './format-rule.ts';

const cases: readonly { readonly rule: Omit<PromotionRule, 'alias'>; readonly says: string }[] = [
  { rule: { when: lower('mae') }, says: "MAE is lower than the live version's" },
  {
    rule: { when: higher('r2', { by: 0.01 }) },
    says: "R² is higher than the live version's by more than 0.01",
  },
  {
    rule: { when: lower('mae', { by: 0.1 }) },
    says: "MAE is lower than the live version's by more than 0.1 runs",
  },
  {
    rule: { when: lower('mae'), atLeast: { r2: 0.5 } },
    says: "MAE is lower than the live version's, with R² at least 0.5",
  },
  {
    rule: { when: lower('mae'), atLeast: { r2: 0.5 }, atMost: { rmse: 20 } },
    says: "MAE is lower than the live version's, with R² at least 0.5 and RMSE at most 20 runs",
  },
  {
    rule: { when: lower('mae'), atLeast: { r2: 0.5, intervalCoverage: 0.75 }, atMost: { rmse: 20, bias: 1 } },
    says: "MAE is lower than the live version's, with R² at least 0.5, interval coverage at least 75%, RMSE at most 20 runs and bias at most 1 runs",
  },
  {
    rule: { when: lower('mae'), beats: ['elo', 'usual'], atLeast: { r2: 0.5 } },
    says: "MAE is lower than the live version's and lower than elo's and usual's, with R² at least 0.5",
  },
  {
    rule: { when: lower('mae', { by: 'standardError' }), beats: ['elo'], atLeast: { r2: 0.5 } },
    says: "MAE is lower than the live version's and lower than elo's by more than one standard error, with R² at least 0.5",
  },
  { rule: { when: lower('pinball'), atLeast: {} }, says: "pinball is lower than the live version's" },
];

test.each(cases)('$says', ({ rule, says }) => {
  expect(formatRule({ alias: 'prod', ...rule }, metricFormat('runs'))).toBe(says);
});

test('without a unit a number stands alone', () => {
  expect(formatRule({ alias: 'prod', when: lower('mae', { by: 1234.5 }) }, metricFormat())).toBe(
    "MAE is lower than the live version's by more than 1,235",
  );
});

test('a first version has no live one to beat', () => {
  const says = (rule: Omit<PromotionRule, 'alias'>, hasStandardError = false): string =>
    formatFirstRule({ alias: 'prod', ...rule }, metricFormat('runs'), {
      text: 'always predicting the median',
      hasStandardError,
    });
  expect(says({ when: lower('mae', { by: 0.1 }), atLeast: { r2: 0.5 } })).toBe(
    'MAE is lower than always predicting the median, with R² at least 0.5',
  );
  expect(says({ when: lower('mae'), first: 'always', atMost: { rmse: 20 } })).toBe(
    'it is the first, with RMSE at most 20 runs',
  );
  expect(says({ when: lower('mae'), beats: ['elo'] }, true)).toBe(
    "MAE is lower than always predicting the median by more than two standard errors and lower than elo's",
  );
});
