import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/json.ts';
import { summaryOf } from '../../pipeline/operation.ts';
import { operations } from './all.ts';

const fetched = {
  from: 'raw.csv',
  fetchedAt: 1,
  checkedAt: 1,
  etag: null,
  lastModified: null,
  simulated: false,
};
const trainedOn = { rows: 1, groups: null, from: null, to: null };
const learnedFrom = { group: null, by: null, columns: [] };
const oneFit = { trainedOn, learnedFrom, inGap: 0, periods: ['test'] };
const baseline = { predicts: 'median', metrics: {}, standardError: null };
const compared = { rows: 1, standardErrors: {}, baseline, baselines: {}, periods: [], leaks: [] };

test.each<[string, JsonObject, string | undefined]>([
  ['fetch', { ...fetched, files: 1, bytes: 1000 }, '1 file, 1.0 kB'],
  ['fetch', { ...fetched, files: 2, bytes: 10, simulated: true }, '2 files, 10 B, simulated'],
  ['read', { rows: 1432, files: 2 }, '1,432 rows'],
  ['step', { tables: { rows: { rows: 1 } } }, '1 row'],
  ['step', { tables: { good: { rows: 2 }, bad: { rows: 0 } } }, 'good: 2 rows, bad: 0 rows'],
  ['split', { train: 8000, test: 2000, withoutTarget: 0, ...oneFit }, '8,000 rows to learn, 2,000 to test'],
  [
    'split',
    { train: 8, test: 2, withoutTarget: 0, group: 'match', groups: [4, 1], ...oneFit },
    '8 rows to learn, 2 to test (4 and 1 by match)',
  ],
  [
    'split',
    { train: 8, test: 2, withoutTarget: 1, ...oneFit },
    '8 rows to learn, 2 to test, 1 row without a target set aside',
  ],
  [
    'split',
    { train: 8, test: 2, withoutTarget: 0, ...oneFit, inGap: 3 },
    '8 rows to learn, 2 to test, 3 rows too close to the test left out',
  ],
  [
    'split',
    { train: 8, test: 2, withoutTarget: 0, ...oneFit, periods: ['2020', '2021'] },
    '8 rows to learn, 2 to test in 2 periods',
  ],
  ['compare', { rows: 55, leftOut: 1250, unknown: null }, '55 rows to compare on, 1,250 left out'],
  ['features', { rows: 1, features: ['a', 'b'] }, '2 features'],
  ['search', { trials: 8, best: 0, options: {}, metrics: {} }, '8 trials, best 1'],
  ['train', { options: {}, fittedParams: { trees: 1200 }, importances: {}, rows: 1 }, '1,200 trees'],
  [
    'train',
    { options: {}, fittedParams: { trees: 9 }, importances: {}, rows: 1, calibration: 'none' },
    '9 trees, not calibrated',
  ],
  [
    'train',
    { options: {}, fittedParams: {}, importances: {}, rows: 1, calibration: 'sigmoid' },
    'calibrated by sigmoid',
  ],
  [
    'train',
    { options: {}, fittedParams: {}, importances: {}, rows: 1, warnings: ['no interval'] },
    'no interval',
  ],
  ['evaluate', { metrics: { mae: 14.218, r2: 0.5 }, ...compared }, 'MAE 14.2'],
  [
    'evaluate',
    { metrics: { auc: 0.5153 }, ...compared, standardErrors: { auc: 0.00613 } },
    'AUC 0.515 ± 0.0061',
  ],
  ['evaluate', { metrics: { mae: null }, ...compared }, 'MAE not a number'],
  [
    'evaluate',
    { metrics: { mae: 1 }, ...compared, leaks: [{ feature: 'total', by: 'AUC', value: 0.9984 }] },
    'MAE 1; feature total alone predicts the target (AUC 0.998): is it known before? If not, leave it out of the features',
  ],
  ['baselines', { rows: 3, baselines: ['elo'] }, '1 baseline'],
  ['refit', { fits: 4 }, '4 fits'],
  ['refit', { fits: 4, warnings: ['no interval'] }, '4 fits; no interval'],
  ['difference', { metric: 'mae', standardError: 0.123 }, 'MAE ± 0.12'],
  ['gate', { version: 3, verdict: null }, 'version 3'],
  ['unknown', {}, undefined],
  ['gate', { version: 'three' }, undefined],
])('what %s left, of %j', (operation, facts, text) =>
  expect(summaryOf(operations, { operation, facts })).toBe(text),
);
