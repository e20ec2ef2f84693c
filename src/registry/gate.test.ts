import { expect, test } from 'vitest';
import { higher, lower, type PromotionRule } from '../project/models/promotion.ts';
import { judge, type GateFacts, type Decision } from './gate.ts';

type Metrics = GateFacts['candidate']['metrics'];

interface Case {
  readonly name: string;
  readonly rule?: Partial<PromotionRule>;
  readonly candidate: Metrics;
  /** Metrics of version 1, or why it has none; null before the first promotion. */
  readonly champion: Metrics | string | null;
  /** What a constant prediction reaches. @default what every version beats */
  readonly baseline?: Metrics;
  /** What the project's baselines reach. */
  readonly baselines?: GateFacts['baselines'];
  readonly movedAway?: GateFacts['movedAway'];
  readonly decision: Decision;
}

const first: Decision = { kind: 'promote', because: 'first' };
const byLess = { metric: 'mae', better: 'lower', by: 0.5 } as const;
const floor = { atLeast: { r2: 0.5 } };
const ceiling = { atMost: { rmse: 20 } };

const better = (metric: string, gain: number): Decision => ({
  kind: 'promote',
  because: 'better',
  metric,
  gain,
});
const notBetter = (metric: string, gain: number): Decision => ({
  kind: 'hold',
  because: 'not-better',
  metric,
  gain,
});
const notMeasured = (metric: string): Decision => ({ kind: 'hold', because: 'not-measured', metric });
const incomparable = (reason: string): Decision => ({ kind: 'hold', because: 'incomparable', reason });

const notBeaten = (
  baseline: string,
  [value, baselineValue]: readonly [number, number],
  metric = 'mae',
): Decision => ({
  kind: 'hold',
  because: 'not-better-than-baseline',
  metric,
  baseline,
  value,
  baselineValue,
});

const cases: readonly Case[] = [
  {
    name: 'the first version must beat the baselines of the rule',
    rule: { beats: ['elo'] },
    candidate: { mae: 14 },
    champion: null,
    baselines: { elo: { mae: 13.5 } },
    decision: notBeaten('elo', [14, 13.5]),
  },
  {
    name: "with first: 'always' too",
    rule: { beats: ['elo'], first: 'always' },
    candidate: { mae: 14 },
    champion: null,
    baselines: { elo: { mae: 13.5 } },
    decision: notBeaten('elo', [14, 13.5]),
  },
  {
    name: 'as good as a baseline is not better',
    rule: { beats: ['elo'] },
    candidate: { mae: 14 },
    champion: { mae: 15 },
    baselines: { elo: { mae: 14 } },
    decision: notBeaten('elo', [14, 14]),
  },
  {
    name: 'a version that beats the live one is held by a baseline',
    rule: { beats: ['elo'], when: higher('auc') },
    candidate: { auc: 0.52 },
    champion: { auc: 0.51 },
    baselines: { elo: { auc: 0.53 } },
    decision: notBeaten('elo', [0.52, 0.53], 'auc'),
  },
  {
    name: 'every baseline of the rule counts, the first that is not beaten is named',
    rule: { beats: ['elo', 'usual', 'other'] },
    candidate: { mae: 14 },
    champion: null,
    baselines: { elo: { mae: 15 }, usual: { mae: 13 }, other: { mae: 12 } },
    decision: notBeaten('usual', [14, 13]),
  },
  {
    name: 'a baseline that the rule does not name only stands beside',
    rule: { beats: ['elo'] },
    candidate: { mae: 14 },
    champion: null,
    baselines: { elo: { mae: 15 }, usual: { mae: 13 } },
    decision: first,
  },
  {
    name: 'a baseline that is beaten leaves the decision to the live version',
    rule: { beats: ['elo'] },
    candidate: { mae: 14 },
    champion: { mae: 13 },
    baselines: { elo: { mae: 15 } },
    decision: notBetter('mae', -1),
  },
  {
    name: 'the margin of the rule is for the live version, not for baselines',
    rule: { beats: ['elo'], when: byLess },
    candidate: { mae: 14 },
    champion: { mae: 15 },
    baselines: { elo: { mae: 14.25 } },
    decision: better('mae', 1),
  },
  {
    name: 'a baseline without the figure holds',
    rule: { beats: ['elo'] },
    candidate: { mae: 14 },
    champion: null,
    baselines: { elo: { mae: Number.NaN } },
    decision: { kind: 'hold', because: 'not-measured', metric: 'mae', baseline: 'elo' },
  },
  {
    name: 'a baseline that is not there holds',
    rule: { beats: ['elo'] },
    candidate: { mae: 14 },
    champion: null,
    decision: { kind: 'hold', because: 'not-measured', metric: 'mae', baseline: 'elo' },
  },
  {
    name: 'a limit comes before the baselines',
    rule: { beats: ['elo'], ...floor },
    candidate: { mae: 14, r2: 0.25 },
    champion: null,
    baselines: { elo: { mae: 13 } },
    decision: { kind: 'hold', because: 'outside-limit', metric: 'r2', limit: 0.5, value: 0.25 },
  },
  { name: 'the first goes live', candidate: { mae: 14 }, champion: null, decision: first },
  {
    name: 'the first goes live when it beats the baseline',
    candidate: { mae: 14 },
    champion: null,
    baseline: { mae: 14.5 },
    decision: first,
  },
  {
    name: 'a first that is worse than a constant is held',
    candidate: { mae: 14.5 },
    champion: null,
    baseline: { mae: 14 },
    decision: { kind: 'hold', because: 'below-baseline', metric: 'mae', gain: -0.5 },
  },
  {
    name: 'as good as a constant is not better',
    candidate: { mae: 14 },
    champion: null,
    baseline: { mae: 14 },
    decision: { kind: 'hold', because: 'below-baseline', metric: 'mae', gain: 0 },
  },
  {
    name: "first: 'always' promotes a poor first version",
    rule: { first: 'always' },
    candidate: { mae: 15 },
    champion: null,
    baseline: { mae: 14 },
    decision: first,
  },
  {
    name: "first: 'always' is no way around a limit",
    rule: { first: 'always', ...floor },
    candidate: { mae: 15, r2: 0.25 },
    champion: null,
    baseline: { mae: 14 },
    decision: { kind: 'hold', because: 'outside-limit', metric: 'r2', limit: 0.5, value: 0.25 },
  },
  {
    name: 'a later version is compared with the champion, not with the baseline',
    candidate: { mae: 15 },
    champion: { mae: 16 },
    baseline: { mae: 14 },
    decision: better('mae', 1),
  },
  {
    name: 'a lower error wins',
    candidate: { mae: 13.5 },
    champion: { mae: 14 },
    decision: better('mae', 0.5),
  },
  {
    name: 'a higher error does not',
    candidate: { mae: 14.5 },
    champion: { mae: 14 },
    decision: notBetter('mae', -0.5),
  },
  {
    name: 'a tie keeps the champion',
    candidate: { mae: 14 },
    champion: { mae: 14 },
    decision: notBetter('mae', 0),
  },
  {
    name: 'the least improvement wins',
    candidate: { mae: 14 - 2 ** -40 },
    champion: { mae: 14 },
    decision: better('mae', 2 ** -40),
  },
  {
    name: 'a higher score wins where higher is better',
    rule: { when: higher('r2') },
    candidate: { r2: 0.75 },
    champion: { r2: 0.5 },
    decision: better('r2', 0.25),
  },
  {
    name: 'a lower score does not where higher is better',
    rule: { when: higher('r2') },
    candidate: { r2: 0.5 },
    champion: { r2: 0.75 },
    decision: notBetter('r2', -0.25),
  },
  {
    name: 'less than the margin is not enough',
    rule: { when: byLess },
    candidate: { mae: 13.75 },
    champion: { mae: 14 },
    decision: notBetter('mae', 0.25),
  },
  {
    name: 'the margin itself is not enough',
    rule: { when: byLess },
    candidate: { mae: 13.5 },
    champion: { mae: 14 },
    decision: notBetter('mae', 0.5),
  },
  {
    name: 'more than the margin wins',
    rule: { when: byLess },
    candidate: { mae: 13 },
    champion: { mae: 14 },
    decision: better('mae', 1),
  },
  {
    name: 'a NaN is never live, not even as the first',
    candidate: { mae: Number.NaN },
    champion: null,
    decision: notMeasured('mae'),
  },
  {
    name: 'an infinite error is no measurement',
    candidate: { mae: Number.NEGATIVE_INFINITY },
    champion: { mae: 14 },
    decision: notMeasured('mae'),
  },
  {
    name: 'a metric that is absent is named',
    candidate: { rmse: 1 },
    champion: { mae: 14 },
    decision: notMeasured('mae'),
  },
  {
    name: 'the floor itself is enough',
    rule: floor,
    candidate: { mae: 1, r2: 0.5 },
    champion: null,
    decision: first,
  },
  {
    name: 'under the floor the best is held',
    rule: floor,
    candidate: { mae: 1, r2: 0.41 },
    champion: { mae: 14 },
    decision: { kind: 'hold', because: 'outside-limit', metric: 'r2', limit: 0.5, value: 0.41 },
  },
  {
    name: 'a first version meets the floor too',
    rule: floor,
    candidate: { mae: 1, r2: -3 },
    champion: null,
    decision: { kind: 'hold', because: 'outside-limit', metric: 'r2', limit: 0.5, value: -3 },
  },
  {
    name: 'a floor on what is NaN is not met',
    rule: floor,
    candidate: { mae: 1, r2: Number.NaN },
    champion: null,
    decision: notMeasured('r2'),
  },
  {
    name: 'a floor on what is absent is not met',
    rule: floor,
    candidate: { mae: 1 },
    champion: null,
    decision: notMeasured('r2'),
  },
  {
    name: 'the ceiling itself is enough',
    rule: ceiling,
    candidate: { mae: 1, rmse: 20 },
    champion: null,
    decision: first,
  },
  {
    name: 'over the ceiling the best is held',
    rule: ceiling,
    candidate: { mae: 1, rmse: 20.5 },
    champion: { mae: 14 },
    decision: { kind: 'hold', because: 'outside-limit', metric: 'rmse', limit: 20, value: 20.5 },
  },
  {
    name: 'floor and ceiling are both asked',
    rule: { ...floor, ...ceiling },
    candidate: { mae: 1, r2: 0.9, rmse: 21 },
    champion: null,
    decision: { kind: 'hold', because: 'outside-limit', metric: 'rmse', limit: 20, value: 21 },
  },
  {
    name: 'a champion that could not be scored is for a person to decide',
    candidate: { mae: 1 },
    champion: 'no column "overs"',
    decision: incomparable('no column "overs"'),
  },
  {
    name: 'the floor comes before the champion',
    rule: floor,
    candidate: { mae: 1, r2: 0.1 },
    champion: 'no column "overs"',
    decision: { kind: 'hold', because: 'outside-limit', metric: 'r2', limit: 0.5, value: 0.1 },
  },
  {
    name: 'a champion whose metric is NaN is incomparable',
    candidate: { mae: 1 },
    champion: { mae: Number.NaN },
    decision: incomparable('its mae is not known'),
  },
  {
    name: 'a champion without the metric is incomparable',
    candidate: { mae: 1 },
    champion: { r2: 1 },
    decision: incomparable('its mae is not known'),
  },
  {
    name: 'a better version that a person rolled back is held',
    candidate: { mae: 13 },
    champion: { mae: 14 },
    movedAway: { by: 'ada', from: 2, to: 1 },
    decision: { kind: 'hold', because: 'rolled-back' },
  },
  {
    name: 'a version that a person took offline is held, although none is live',
    candidate: { mae: 13 },
    champion: null,
    movedAway: { by: 'ada', from: 2, to: null },
    decision: { kind: 'hold', because: 'rolled-back' },
  },
  {
    name: 'a version that was rolled back and is not better says that it is not better',
    candidate: { mae: 15 },
    champion: { mae: 14 },
    movedAway: { by: 'ada', from: 2, to: 1 },
    decision: notBetter('mae', -1),
  },
];

test.each(cases)('$name', ({ candidate, champion, baseline, decision, ...others }) => {
  const { baselines, movedAway } = others;
  const rule: PromotionRule = { alias: 'prod', when: lower('mae'), ...others.rule };
  const poor = rule.when.better === 'lower' ? 1e9 : -1e9;
  const facts: GateFacts = {
    rule,
    candidate: { version: 2, metrics: candidate },
    champion: championOf(champion),
    baseline: { predicts: 'median', metrics: baseline ?? { [rule.when.metric]: poor } },
    testRows: 12_480,
    testData: 'digest',
    leftOut: 0,
    ...(movedAway && { movedAway }),
    ...(baselines && { baselines }),
  };
  expect(judge(facts)).toEqual(decision);
  expect(judge(structuredClone(facts))).toEqual(decision);
});

function championOf(champion: Case['champion']): GateFacts['champion'] {
  if (champion === null) return null;
  return typeof champion === 'string' ? { version: 1, reason: champion } : { version: 1, metrics: champion };
}
