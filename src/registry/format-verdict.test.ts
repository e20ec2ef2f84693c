import { expect, test } from 'vitest';
import { higher, lower, type PromotionMetric } from '../project/models/promotion.ts';
import { judge, type GateFacts } from './gate.ts';
import { metricFormat } from './format-metric.ts';
import { formatVerdict, promoteCommand } from './format-verdict.ts';

interface Case {
  readonly says: string;
  readonly when?: PromotionMetric;
  readonly candidate: Readonly<Record<string, number>>;
  readonly champion?: GateFacts['champion'];
  /** What the constant prediction reaches by the rule's metric. */
  readonly baseline?: GateFacts['baseline'];
  readonly leftOut?: number;
  readonly movedAway?: GateFacts['movedAway'];
  readonly limits?: Pick<GateFacts['rule'], 'atLeast' | 'atMost' | 'first' | 'beats'>;
  readonly more?: Pick<
    GateFacts,
    | 'baselines'
    | 'standardErrors'
    | 'lastPeriod'
    | 'newerUntil'
    | 'tested'
    | 'refused'
    | 'leaks'
    | 'championLeaks'
  >;
}

const version = (number: number, metrics: Readonly<Record<string, number>>): GateFacts['champion'] => ({
  version: number,
  metrics,
});

const leak = { feature: 'alive', by: 'AUC', value: 1 } as const;

const cases: readonly Case[] = [
  {
    says: 'promoted: MAE is 0.3 runs lower than version 2 on the same 12,480 rows, start from 2024-01-01 to 2024-12-31',
    candidate: { mae: 14.2 },
    champion: { version: 2, metrics: { mae: 14.5 } },
    more: { tested: { by: 'time', column: 'start', from: '2024-01-01', to: '2024-12-31' } },
  },
  {
    says: 'held: MAE is 0.2 runs higher than version 2 on the same 12,480 rows, drawn by match (125 test rows are left out: version 2 learned from them; 1 test row is left out: version 2 cannot predict it: no such town)',
    candidate: { mae: 14.7 },
    champion: { version: 2, metrics: { mae: 14.5 } },
    leftOut: 125,
    more: { tested: { by: 'group', column: 'match' }, refused: { rows: 1, reason: 'no such town' } },
  },
  {
    says: 'promoted: the first version; MAE is 3.3 runs lower than always predicting the median on 12,480 test rows, drawn row by row',
    candidate: { mae: 14.2 },
    baseline: { predicts: 'median', metrics: { mae: 17.5 } },
    more: { tested: { by: 'row' } },
  },
  { says: 'promoted: the first version', candidate: { mae: 14.2 }, limits: { first: 'always' } },
  {
    says: "held: MAE of always predicting the median was not measured on 12,480 test rows, so nothing shows that the first version is better: measure it by another metric, promote version 4 by hand with `modelyard models promote score 4`, or set `first: 'always'` in `promote`",
    candidate: { mae: 14.2 },
    baseline: { predicts: 'median', metrics: { mae: Number.NaN } },
  },
  {
    says: 'promoted: the first version; precision is 0.25 higher than always predicting yes on 12,480 test rows',
    when: higher('precision'),
    candidate: { precision: 0.5 },
    baseline: { predicts: 'yes', metrics: { precision: 0.25 } },
  },
  {
    says: 'held: feature alive alone predicts the target (AUC 1.000), and the first version that one feature explains fully is only promoted by hand: if callers know it before, `modelyard models promote score 4`; if not, remove it and run again',
    candidate: { mae: 0 },
    baseline: { predicts: 'median', metrics: { mae: 17.5 } },
    more: { leaks: [leak] },
  },
  {
    says: 'held: feature alive alone predicts the target (AUC 1.000), and a version that one feature explains fully is only promoted by hand: if callers know it before, `modelyard models promote score 4`; if not, remove it and run again',
    candidate: { mae: 0 },
    champion: version(2, { mae: 14 }),
    more: { leaks: [leak], championLeaks: [] },
  },
  {
    says: 'held: MAE is 14 runs higher than version 2 on the same 12,480 rows; of version 2, which is live, feature alive alone predicts the target (AUC 1.000): if callers do not know it before, replace it by hand: `modelyard models promote score 4`',
    candidate: { mae: 14 },
    champion: version(2, { mae: 0 }),
    more: { leaks: [], championLeaks: [leak] },
  },
  {
    says: 'held: MAE is 14 runs higher than version 2 on the same 12,480 rows',
    candidate: { mae: 14 },
    champion: version(2, { mae: 0 }),
    more: { leaks: [leak], championLeaks: [leak] },
  },
  {
    says: 'promoted: MAE is 1 runs lower than version 2 on the same 12,480 rows; feature total alone predicts the target (rank correlation 0.995): is it known before? If not, leave it out of the features',
    candidate: { mae: 13 },
    champion: version(2, { mae: 14 }),
    more: { leaks: [{ feature: 'total', by: 'rank correlation', value: 0.995 }] },
  },
  {
    says: 'promoted: the first version; MAE is 3.3 runs lower than always predicting the median on 12,480 test rows',
    candidate: { mae: 14.2 },
    baseline: { predicts: 'median', metrics: { mae: 17.5 } },
  },
  {
    says: 'promoted: the first version; MAE is 0.5 runs higher than always predicting the median on 12,480 test rows',
    candidate: { mae: 18 },
    baseline: { predicts: 'median', metrics: { mae: 17.5 } },
    limits: { first: 'always' },
  },
  {
    says: "held: MAE is 0.5 runs higher than always predicting the median on 12,480 test rows; the first version must beat that: improve it and run again, promote version 4 by hand with `modelyard models promote score 4`, or set `first: 'always'` in `promote`",
    candidate: { mae: 18 },
    baseline: { predicts: 'median', metrics: { mae: 17.5 } },
  },
  {
    says: "held: accuracy is equal to always predicting the shares of the classes on 12,480 test rows; the first version must beat that: improve it and run again, promote version 4 by hand with `modelyard models promote score 4`, or set `first: 'always'` in `promote`",
    when: higher('accuracy'),
    candidate: { accuracy: 0.75 },
    baseline: { predicts: 'shares', metrics: { accuracy: 0.75 } },
  },
  {
    says: 'promoted: version 2 does not forecast these values; MAE is 3.3 runs lower than repeating the last season on 12,480 test rows',
    candidate: { mae: 14.2 },
    champion: { version: 2, reason: 'values from 2024', isOutdated: true },
    baseline: { predicts: 'seasonal-naive', metrics: { mae: 17.5 } },
  },
  {
    says: "held: MAE is 0.5 runs higher than repeating the last season on 12,480 test rows; it must beat that, because version 2 does not forecast these values: improve it and run again, promote version 4 by hand with `modelyard models promote score 4`, or set `first: 'always'` in `promote`",
    candidate: { mae: 18 },
    champion: { version: 2, reason: 'values from 2024', isOutdated: true },
    baseline: { predicts: 'seasonal-naive', metrics: { mae: 17.5 } },
  },
  {
    says: 'promoted: MAE is 0.31 runs lower than version 2 on the same 12,480 rows (125 test rows are left out: version 2 learned from them)',
    candidate: { mae: 14.2 },
    champion: version(2, { mae: 14.51 }),
    leftOut: 125,
  },
  {
    says: 'held: MAE is 0.12 runs higher than version 3 on the same 12,480 rows (1 test row is left out: version 3 learned from it)',
    candidate: { mae: 14.32 },
    champion: version(3, { mae: 14.2 }),
    leftOut: 1,
  },
  {
    says: 'promoted: MAE is 0.31 runs lower than version 2 on the same 12,480 rows',
    candidate: { mae: 14.2 },
    champion: version(2, { mae: 14.51 }),
  },
  {
    says: 'promoted: R² is 0.0123 higher than version 2 on the same 12,480 rows',
    when: higher('r2'),
    candidate: { r2: 0.5123 },
    champion: version(2, { r2: 0.5 }),
  },
  {
    says: 'held: MAE is 0.12 runs higher than version 3 on the same 12,480 rows',
    candidate: { mae: 14.32 },
    champion: version(3, { mae: 14.2 }),
  },
  {
    says: 'held: R² is 0.25 lower than version 3 on the same 12,480 rows',
    when: higher('r2'),
    candidate: { r2: 0.5 },
    champion: version(3, { r2: 0.75 }),
  },
  {
    says: 'promoted: MAE is equal to version 3, and it continues newer values, until 2026-01-31',
    candidate: { mae: 14.2 },
    champion: version(3, { mae: 14.2 }),
    more: { newerUntil: '2026-01-31' },
  },
  {
    says: 'held: MAE is 0.1 runs higher than version 3 on the same 12,480 rows',
    candidate: { mae: 14.3 },
    champion: version(3, { mae: 14.2 }),
    more: { newerUntil: '2026-01-31' },
  },
  {
    says: 'held: MAE is equal to version 3 on the same 12,480 rows',
    candidate: { mae: 14.2 },
    champion: version(3, { mae: 14.2 }),
  },
  {
    says: 'held: MAE is 0.25 runs lower than version 3 on the same 12,480 rows, and must be more than 0.5 runs; to promote it all the same: `modelyard models promote score 4`',
    when: lower('mae', { by: 0.5 }),
    candidate: { mae: 13.75 },
    champion: version(3, { mae: 14 }),
  },
  {
    says: 'held: MAE is 0.25 runs higher than version 3 on the same 12,480 rows',
    when: lower('mae', { by: 0.5 }),
    candidate: { mae: 14.25 },
    champion: version(3, { mae: 14 }),
  },
  { says: 'held: R² 0.41 is below 0.5', candidate: { mae: 1, r2: 0.41 }, limits: { atLeast: { r2: 0.5 } } },
  {
    says: 'held: R² 0.4999 is below 0.5',
    candidate: { mae: 1, r2: 0.4999 },
    limits: { atLeast: { r2: 0.5 } },
  },
  {
    says: 'held: RMSE 20.5 runs is above 20 runs',
    candidate: { mae: 1, rmse: 20.5 },
    limits: { atMost: { rmse: 20 } },
  },
  { says: 'held: MAE was not measured', candidate: { mae: Number.NaN } },
  {
    says: 'held: version 2 could not be scored on these rows (no column "overs"); if it never can be, promote version 4 by hand: `modelyard models promote score 4`',
    candidate: { mae: 1 },
    champion: { version: 2, reason: 'no column "overs"' },
  },
  {
    says: 'held: MAE of the baseline elo was not measured',
    candidate: { mae: 14 },
    limits: { beats: ['elo'] },
  },
  {
    says: 'held: log loss 0.6931 is not lower than 0.6925 of the baseline alwaysUp; the difference has a standard error of 0.0004',
    when: lower('logLoss'),
    candidate: { logLoss: 0.6931 },
    limits: { beats: ['alwaysUp'] },
    more: {
      baselines: { alwaysUp: { logLoss: 0.6925 } },
      standardErrors: { baselines: { alwaysUp: 0.0004 } },
    },
  },
  {
    says: 'held: AUC 0.5 is not higher than 0.5 of the baseline alwaysUp',
    when: higher('auc'),
    candidate: { auc: 0.5 },
    limits: { beats: ['alwaysUp'] },
    more: { baselines: { alwaysUp: { auc: 0.5 } } },
  },
  {
    says: 'promoted: the first version; MAE is 3.3 ± 0.42 runs lower than always predicting the median on 12,480 test rows; better than the baselines elo (15 runs) and usual (16 runs)',
    candidate: { mae: 14.2 },
    baseline: { predicts: 'median', metrics: { mae: 17.5 } },
    limits: { beats: ['elo', 'usual'] },
    more: {
      baselines: { elo: { mae: 15 }, usual: { mae: 16 } },
      standardErrors: { baseline: 0.4213, champion: 9 },
    },
  },
  {
    says: 'promoted: MAE is 0.31 ± 0.12 runs lower than version 2 on the same 12,480 rows; better than the baseline elo (15 runs)',
    candidate: { mae: 14.2 },
    champion: version(2, { mae: 14.51 }),
    limits: { beats: ['elo'] },
    more: { baselines: { elo: { mae: 15 } }, standardErrors: { champion: 0.1234, baseline: 9 } },
  },
  {
    says: 'promoted: the first version; better than the baseline elo (15 runs, by 0.8 ± 0.21 runs)',
    candidate: { mae: 14.2 },
    limits: { beats: ['elo'] },
    more: { baselines: { elo: { mae: 15 } }, standardErrors: { baselines: { elo: 0.2111 } } },
  },
  {
    says: 'held: MAE 16 runs is not lower than 15 runs of the baseline elo; version 2 is live and no better than the baselines elo (15 runs) and usual (15.5 runs)',
    candidate: { mae: 16 },
    champion: version(2, { mae: 15.5 }),
    limits: { beats: ['elo', 'usual'] },
    more: { baselines: { elo: { mae: 15 }, usual: { mae: 15.5 } } },
  },
  {
    says: 'held: MAE is 0.2 runs higher than version 2 on the same 12,480 rows',
    candidate: { mae: 14.4 },
    champion: version(2, { mae: 14.2 }),
    limits: { beats: ['elo'] },
    more: { baselines: { elo: { mae: 15 } } },
  },
  {
    says: 'held: MAE is 0.12 ± 0.3 runs higher than version 3 on the same 12,480 rows (judged on 2025 alone: version 3 cannot be trained again for the periods before)',
    candidate: { mae: 14.32 },
    champion: version(3, { mae: 14.2 }),
    more: { standardErrors: { champion: 0.3 }, lastPeriod: { name: '2025', version: 3 } },
  },
  {
    says: "held: MAE is 0.0013 ± 0.0033 runs lower than always predicting the median on 12,480 test rows; that is within the noise, and the first version must be better by more than two standard errors: add rows or better features and run again, promote version 4 by hand with `modelyard models promote score 4`, or set `first: 'always'` in `promote`",
    candidate: { mae: 14.2 },
    baseline: { predicts: 'median', metrics: { mae: 14.2013 } },
    more: { standardErrors: { baseline: 0.0033 } },
  },
  {
    says: "held: R² is 0.02 ± 0.05 higher than always predicting the mean on 12,480 test rows; that is within the noise, and the first version must be better by more than two standard errors: add rows or better features and run again, promote version 4 by hand with `modelyard models promote score 4`, or set `first: 'always'` in `promote`",
    when: higher('r2'),
    candidate: { r2: 0.02 },
    baseline: { predicts: 'mean', metrics: { r2: 0 } },
    more: { standardErrors: { baseline: 0.05 } },
  },
  {
    says: "held: MAE is 0.25 ± 0.5 runs lower than always predicting the median on 12,480 test rows; that is within the noise, and a version after version 2, which does not forecast these values, must be better by more than two standard errors: add rows or better features and run again, promote version 4 by hand with `modelyard models promote score 4`, or set `first: 'always'` in `promote`",
    candidate: { mae: 14 },
    champion: { version: 2, reason: 'values from 2024', isOutdated: true },
    baseline: { predicts: 'median', metrics: { mae: 14.25 } },
    more: { standardErrors: { baseline: 0.5, champion: 0.1 } },
  },
  {
    says: 'promoted: the first version; MAE is 0.25 ± 0.5 runs lower than always predicting the median, within its standard error, on 12,480 test rows',
    candidate: { mae: 14 },
    baseline: { predicts: 'median', metrics: { mae: 14.25 } },
    limits: { first: 'always' },
    more: { standardErrors: { baseline: 0.5 } },
  },
  {
    says: 'promoted: MAE is 0.25 ± 0.5 runs lower than version 2, within its standard error, on the same 12,480 rows; better than the baseline elo (14.1 runs, by 0.1 ± 0.4 runs, within its standard error)',
    candidate: { mae: 14 },
    champion: version(2, { mae: 14.25 }),
    limits: { beats: ['elo'] },
    more: {
      baselines: { elo: { mae: 14.1 } },
      standardErrors: { champion: 0.5, baseline: 0, baselines: { elo: 0.4 } },
    },
  },
  {
    says: 'held: MAE is 0.25 ± 0.5 runs lower than version 2 on the same 12,480 rows, and must be more than one standard error; to promote it all the same: `modelyard models promote score 4`',
    when: lower('mae', { by: 'standardError' }),
    candidate: { mae: 14 },
    champion: version(2, { mae: 14.25 }),
    more: { standardErrors: { champion: 0.5 } },
  },
  {
    says: 'promoted: MAE is 0.25 runs lower than version 2 on the same 12,480 rows; the standard error of this difference is not known, so any improvement counts',
    when: lower('mae', { by: 'standardError' }),
    candidate: { mae: 14 },
    champion: version(2, { mae: 14.25 }),
    more: { standardErrors: { baseline: 0.5 } },
  },
  {
    says: 'promoted: the first version; MAE is 0.25 runs lower than always predicting the median on 12,480 test rows; the standard error of this difference is not known, so any improvement counts',
    when: lower('mae', { by: 'standardError' }),
    candidate: { mae: 14 },
    baseline: { predicts: 'median', metrics: { mae: 14.25 } },
  },
  {
    says: 'held: AUC is 0.01 ± 0.03 higher than the baseline elo, and must be more than one standard error higher',
    when: higher('auc', { by: 'standardError' }),
    candidate: { auc: 0.61 },
    limits: { beats: ['elo'] },
    more: { baselines: { elo: { auc: 0.6 } }, standardErrors: { baselines: { elo: 0.03 } } },
  },
  {
    says: 'held: ada moved @prod from version 4 to version 2; only a person can promote it again',
    candidate: { mae: 14 },
    champion: version(2, { mae: 14.5 }),
    movedAway: { by: 'ada', from: 4, to: 2 },
  },
  {
    says: 'held: ada removed @prod from version 4; only a person can promote it again',
    candidate: { mae: 14 },
    baseline: { predicts: 'median', metrics: { mae: 17.5 } },
    movedAway: { by: 'ada', from: 4, to: null },
  },
];

test.each(cases)('$says', ({ says, when = lower('mae'), candidate, champion = null, ...rest }) => {
  const facts: GateFacts = {
    rule: { alias: 'prod', when, ...rest.limits },
    candidate: { version: 4, metrics: candidate },
    champion,
    baseline: rest.baseline ?? null,
    testRows: 12_480,
    testData: 'digest',
    leftOut: rest.leftOut ?? 0,
    ...(rest.movedAway && { movedAway: rest.movedAway }),
    ...rest.more,
  };
  expect(formatVerdict({ model: 'score', decision: judge(facts), facts }, metricFormat('runs'))).toBe(says);
});

test('a caller can speak its own way', () => {
  const facts: GateFacts = {
    rule: { alias: 'prod', when: lower('smape') },
    candidate: { version: 2, metrics: { smape: 11 } },
    champion: { version: 1, metrics: { smape: 12.5 } },
    baseline: null,
    testRows: 300,
    testData: 'digest',
    leftOut: 0,
  };
  const format = {
    titleWithin: () => 'sMAPE',
    unit: () => 'points',
    format: (value: number) => value.toFixed(2),
  };
  expect(formatVerdict({ model: 'score', decision: judge(facts), facts }, format)).toBe(
    'promoted: sMAPE is 1.50 points lower than version 1 on the same 300 rows',
  );
});

test.each([
  ['score', 'prod', '`modelyard models promote score 4`'],
  ['house price', 'staging', "`modelyard models promote 'house price' 4 --alias staging`"],
])('the command that makes a version of %s live at @%s', (model, alias, command) => {
  const facts = {
    rule: { alias, when: lower('mae') },
    candidate: { version: 4, metrics: {} },
  } as unknown as GateFacts;
  expect(promoteCommand(model, facts)).toBe(command);
});
