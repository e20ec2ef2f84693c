import { expect, test } from 'vitest';
import { z } from 'zod';
import { games, margin, mistakesIn } from '../declarations.fixture.ts';
import type { Model } from '../models/model.ts';
import { above } from '../models/monitoring.ts';
import { higher, lower } from '../models/promotion.ts';
import { defineTrainer } from '../models/trainer.ts';
import { stumps } from '../models/trainer.fixture.ts';

const classifier = defineTrainer({ ...stumps.definition, learns: ['boolean', 'class'] })();
const hostWon: Partial<Model> = {
  target: 'hostWon',
  targetKind: { kind: 'boolean' },
  trainer: classifier,
  calibrate: 'sigmoid',
  metrics: ['brier'],
  promote: { alias: 'prod', when: lower('brier') },
};
const change = (changed: object): string => mistakesIn({ models: [{ ...margin, ...changed }] });

test('models of numbers, of yes or no and of classes are accepted', () => {
  expect(change({})).toBe('no error');
  expect(change(hostWon)).toBe('no error');
  expect(
    change({
      ...hostWon,
      target: 'winner',
      metrics: ['logLoss'],
      promote: { alias: 'prod', when: lower('logLoss') },
    }),
  ).toBe('no error');
});

test.each<[string, object, string]>([
  [
    'a free text as target',
    { target: 'venue' },
    'target "venue" is a string column: name a column of numbers, booleans or an enum',
  ],
  [
    'the target in the request',
    { request: z.object({ margin: z.int() }) },
    'request field "margin" is the target, which a caller cannot know: remove it from the request',
  ],
  [
    'a metric of another kind',
    { metrics: ['mae', 'auc'] },
    'metrics has "auc", which does not measure a number target: use mae, rmse, r2',
  ],
  [
    'a metric of numbers for yes or no',
    { ...hostWon, metrics: ['brier', 'mae'] },
    'metrics has "mae", which does not measure a boolean target',
  ],
  [
    'a misspelt metric',
    { metrics: ['mae', 'rmsee'] },
    'metrics has "rmsee", which does not exist: did you mean "rmse"?',
  ],
  ['a metric twice', { metrics: ['mae', 'mae'] }, 'metrics has "mae" twice'],
  [
    'a trainer of another kind',
    { trainer: classifier },
    'trainer stumps does not learn a number target: it learns boolean, class',
  ],
  [
    'a baseline of another kind',
    { baselines: { flat: classifier } },
    'baselines.flat: trainer stumps does not learn a number target',
  ],
  [
    'a transform of yes or no',
    { ...hostWon, transform: { forward: Math.abs, inverse: Math.abs } },
    'transform is for numbers: a boolean target has no scale',
  ],
  [
    'half a transform',
    { transform: { forward: Math.abs } },
    'transform.inverse must be a function (got missing)',
  ],
  [
    'an interval of yes or no',
    { ...hostWon, interval: 0.9 },
    'interval is for numbers: a boolean target has probabilities',
  ],
  [
    'a calibrated number',
    { calibrate: 'isotonic' },
    'calibrate is for probabilities: a number target has an `interval` instead',
  ],
  [
    'an unknown calibration',
    { ...hostWon, calibrate: 'platt' },
    "calibrate is \"platt\": give one of 'auto', 'sigmoid', 'isotonic', 'none'",
  ],
  [
    'a measure with the name of a metric',
    { measures: { rmse: { of: 'mae', where: () => true } } },
    'measures.rmse has the name of a metric',
  ],
  [
    'a measure of another kind',
    { measures: { late: { of: 'auc', where: () => true } } },
    'measures.late.of has "auc", which does not measure a number target',
  ],
  [
    'a gate on a measure, the wrong way round',
    {
      measures: { late: { of: 'mae', where: () => true } },
      promote: { alias: 'prod', when: higher('late') },
    },
    'promote.when wants late higher, but a better late is lower',
  ],
  [
    'a gate on what is not measured',
    {
      measures: { late: { of: 'mae', where: () => true } },
      promote: { alias: 'prod', when: lower('later') },
    },
    'promote uses "later", which is not in metrics or measures (mae, r2, late)',
  ],
  [
    'a baseline that does not exist',
    { promote: { alias: 'prod', when: lower('mae'), beats: ['elo'] } },
    'promote.beats has "elo", which is not in baselines (there are no baselines)',
  ],
  [
    'a search for luck',
    { search: { trials: 3, space: { seed: [0, 9] } } },
    'search.space has "seed": a search for luck proves nothing',
  ],
  [
    'a canary of everything',
    { serve: { canary: { weight: 1, for: '1h', guard: ['errors'] } } },
    'serve.canary.weight is 1: give a share between 0 and 1',
  ],
  [
    'a canary guarded by auc',
    { ...hostWon, metrics: ['brier', 'auc'], serve: { canary: { weight: 0.1, for: '1h', guard: ['auc'] } } },
    'serve.canary.guard uses auc, which cannot be measured one outcome at a time: use errors, latency, brier',
  ],
  [
    'a cache for no duration',
    { serve: { cache: '5 minutes' } },
    'serve.cache is "5 minutes": give a number and one of ms, s, m, h, d, such as "30s"',
  ],
  [
    'a limit of no rows',
    { serve: { rateLimit: { perKey: 0, per: '1s' } } },
    'serve.rateLimit.perKey is 0: give a whole number from 1',
  ],
  [
    'a field that the request lacks',
    { serve: { log: { without: ['income'] } } },
    'serve.log.without has "income", which is not a field of the request (gameId, date, host, guest)',
  ],
  [
    'an alert on what is not measured',
    { monitor: { alerts: { worse: { when: above('accuracy', 0.6) } } } },
    'monitor.alerts."worse".when uses "accuracy": use drift',
  ],
  [
    'an alert without a limit',
    { monitor: { alerts: { worse: { when: above('mae', Number.NaN) } } } },
    'monitor.alerts."worse".when has the limit NaN',
  ],
  [
    'an outcome by no field',
    { monitor: { outcome: { on: 'season' } } },
    'monitor.outcome.on has "season", which is not a field of the request',
  ],
  [
    'an outcome of no column',
    { monitor: { outcome: { from: games, on: 'gameId', value: 'points' } } },
    'monitor.outcome.value is "points", which is not a column of its rows',
  ],
])('%s is refused by name', (_case, changed, says) => {
  expect(change(changed)).toContain(`model margin: ${says}`);
});

test.each<[string, object, string]>([
  [
    'an id taken as an order',
    { by: 'gameId', test: 0.2 },
    'split.by "gameId" is a string column: name a date or time column, such as "date"',
  ],
  [
    'a date that may be null',
    { by: 'moved', test: 0.2 },
    'split.by "moved" may be null: leave out such rows in the step before',
  ],
  ['a number that may be null', { by: 'week', test: 0.2 }, 'split.by "week" may be null'],
  [
    'a column that does not exist',
    { by: 'day', test: 0.2 },
    'split.by is "day", which is not a column of its rows (gameId, date',
  ],
  [
    'no order and no group',
    { test: 0.2 },
    "split has neither `by` nor `group`: a random split of rows leaks, so choose the column that orders or groups them; if no two rows belong together, say `rows: 'independent'`",
  ],
  [
    'a group that does not exist',
    { group: 'team', test: 0.2 },
    'split.group is "team", which is not a column of its rows',
  ],
  [
    'independent rows of a group',
    { rows: 'independent', group: 'gameId', test: 0.2 },
    "split has `rows: 'independent'` beside `by` or `group`",
  ],
  [
    'a walk forward without an order',
    { rows: 'independent', test: { from: '2016-01-01', refit: 'year' } },
    'split.test has `from`, but rows without `by` have no order',
  ],
  [
    'an unknown period',
    { by: 'date', test: { from: '2016-01-01', refit: 'season' } },
    'split.test.refit is "season": give one of \'day\'',
  ],
  [
    'a walk forward over numbers',
    { by: 'season', test: { from: 2016, refit: 'year' } },
    'split.test.refit needs dates, but split.by "season" is a number column',
  ],
  [
    'a year of a date column',
    { by: 'date', test: { from: 2016 } },
    'split.test.from is 2016, but split.by "date" is a date column: give a date such as "2020-01-31"',
  ],
  [
    'a date of a number column',
    { by: 'season', test: { from: '2016-01-01' } },
    'split.test.from is "2016-01-01", but split.by "season" is an integer column: give a number',
  ],
  [
    'a gap between numbers',
    { by: 'season', test: 0.2, gap: '1d' },
    'split.gap is a time, but split.by "season" is a number column',
  ],
  [
    'a gap of no duration',
    { by: 'date', test: 0.2, gap: 'a day' },
    'split.gap is "a day": give a number and one of',
  ],
  ['no test', { by: 'date' }, 'split.test is null: give a share between 0 and 1'],
])('a split with %s is refused', (_case, split, says) => {
  expect(change({ split })).toContain(`model margin: ${says}`);
});

test('rows that are independent may be drawn one by one', () => {
  expect(change({ split: { rows: 'independent', test: 0.2 } })).toBe('no error');
  expect(change({ split: { by: 'date', test: { from: '2016-01-01', refit: 'year' }, gap: '1d' } })).toBe(
    'no error',
  );
});
