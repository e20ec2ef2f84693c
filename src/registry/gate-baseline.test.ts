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
