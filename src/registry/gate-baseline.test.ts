import { expect, test } from 'vitest';
import { higher, lower, type PromotionRule } from '../project/models/promotion.ts';
import { type Decision, type GateFacts, judge } from './gate.ts';

type Figures = Readonly<Record<string, number>>;

const first: Decision = { kind: 'promote', because: 'first' };
const notMeasured = (metric: string): Decision => ({
  kind: 'hold',
  because: 'baseline-not-measured',
  metric,
});
const below = (metric: string, gain: number): Decision => ({
  kind: 'hold',
  because: 'below-baseline',
  metric,
  gain,
});

const withinNoise = (metric: string, gain: number, standardError: number): Decision => ({
  kind: 'hold',
  because: 'within-noise',
  metric,
  gain,
  standardError,
});
const byError = { by: 'standardError' } as const;
const better = (gain: number): Decision => ({ kind: 'promote', because: 'better', metric: 'mae', gain });
const notBetter = (gain: number): Decision => ({ kind: 'hold', because: 'not-better', metric: 'mae', gain });

test.each<[string, Partial<PromotionRule>, GateFacts['champion'], GateFacts['standardErrors'], Decision]>([
  ['a gain of more than two counts', {}, null, { baseline: 0.49 }, first],
  ['a gain of two does not', {}, null, { baseline: 0.5 }, withinNoise('mae', 1, 0.5)],
  ['nor less', {}, null, { baseline: 2.5 }, withinNoise('mae', 1, 2.5)],
  ['none is known', {}, null, { candidate: 9, champion: 9 }, first],
  ["first: 'always' asks for none", { first: 'always' }, null, { baseline: 2.5 }, first],
  [
    'after a live version without these forecasts it counts like the first',
    {},
    { version: 1, reason: 'values from 2024', isOutdated: true },
    { baseline: 2.5, champion: 0.1 },
    withinNoise('mae', 1, 2.5),
  ],
  ['a live version is beaten at all', {}, { version: 1, metrics: { mae: 11 } }, { champion: 2.5 }, better(1)],
  [
    'unless the rule asks for more than one',
    { when: lower('mae', byError) },
    { version: 1, metrics: { mae: 11 } },
    { champion: 1, baseline: 0 },
    notBetter(1),
  ],
  [
    'which a larger gain is',
    { when: lower('mae', byError) },
    { version: 1, metrics: { mae: 11.5 } },
    { champion: 1, baseline: 9 },
    better(1.5),
  ],
  [
    'any gain counts where the rule asks for it and none is known',
    { when: lower('mae', byError) },
    { version: 1, metrics: { mae: 10.25 } },
    { baseline: 9 },
    better(0.25),
  ],
  [
    'an equal version is not better where none is known',
    { when: lower('mae', byError) },
    { version: 1, metrics: { mae: 10 } },
    undefined,
    notBetter(0),
  ],
  [
    'nor where every draw gave the same',
    { when: lower('mae', byError) },
    { version: 1, metrics: { mae: 10 } },
    { champion: 0 },
    notBetter(0),
  ],
  [
    'baselines of the rule are beaten at all',
    { beats: ['elo'] },
    null,
    { baseline: 0.4, baselines: { elo: 3 } },
    first,
  ],
  [
    'unless the rule asks for more than one',
    { beats: ['elo'], when: lower('mae', byError) },
    { version: 1, metrics: { mae: 19 } },
    { champion: 0.5, baselines: { elo: 3 } },
    {
      kind: 'hold',
      because: 'not-better-than-baseline',
      metric: 'mae',
      baseline: 'elo',
      value: 10,
      baselineValue: 12,
    },
  ],
  [
    'which it is',
    { beats: ['elo'], when: lower('mae', byError) },
    { version: 1, metrics: { mae: 19 } },
    { champion: 0.5, baselines: { elo: 1.5 } },
    better(9),
  ],
])('standard errors of differences: %s', (_, ...[rule, champion, standardErrors, decision]) => {
  const facts: GateFacts = {
    rule: { alias: 'prod', when: lower('mae'), ...rule },
    candidate: { version: 2, metrics: { mae: 10 } },
    champion,
    baseline: { predicts: 'median', metrics: { mae: 11 } },
    baselines: { elo: { mae: 12 } },
    ...(standardErrors && { standardErrors }),
    testRows: 10,
    testData: 'digest',
    leftOut: 0,
  };
  expect(judge(facts)).toEqual(decision);
});

test.each<[string, Partial<PromotionRule>, Figures, Figures | null, Decision]>([
  ['it is beaten upwards where higher is better', { when: higher('r2') }, { r2: 0.25 }, { r2: 0 }, first],
  ['and not reached from below', { when: higher('r2') }, { r2: -0.25 }, { r2: 0 }, below('r2', -0.25)],
  ['chance is beaten in ranks', { when: higher('auc') }, { auc: 0.25 }, { auc: 0.5 }, below('auc', -0.25)],
  ['NaN shows nothing', { when: higher('r2') }, { r2: 0.9 }, { r2: Number.NaN }, notMeasured('r2')],
  ['another metric shows nothing', {}, { mae: 14 }, { rmse: 20 }, notMeasured('mae')],
  ['none at all shows nothing', {}, { mae: 14 }, null, notMeasured('mae')],
  ["first: 'always' needs none", { first: 'always' }, { mae: 14 }, null, first],
])('the baseline of a first version: %s', (_, ...[rule, candidate, baseline, decision]) => {
  const facts: GateFacts = {
    rule: { alias: 'prod', when: lower('mae'), ...rule },
    candidate: { version: 1, metrics: candidate },
    champion: null,
    baseline: baseline && { predicts: 'median', metrics: baseline },
    testRows: 10,
    testData: 'digest',
    leftOut: 0,
  };
  expect(judge(facts)).toEqual(decision);
});
