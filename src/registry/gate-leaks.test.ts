import { expect, test } from 'vitest';
import { lower } from '../project/models/promotion.ts';
import { type Decision, type GateFacts, judge } from './gate.ts';

const leak = { feature: 'alive', by: 'AUC', value: 1 } as const;
const noisy = { feature: 'total', by: 'rank correlation', value: 0.995 } as const;

const facts: GateFacts = {
  rule: { alias: 'prod', when: lower('mae') },
  candidate: { version: 2, metrics: { mae: 13 } },
  champion: null,
  baseline: { predicts: 'median', metrics: { mae: 14 } },
  testRows: 12_480,
  testData: 'digest',
  leftOut: 0,
};
const live = { version: 1, metrics: { mae: 14 } };
const first: Decision = { kind: 'promote', because: 'first' };
const held: Decision = { kind: 'hold', because: 'leak', leak };
const better: Decision = { kind: 'promote', because: 'better', metric: 'mae', gain: 1 };

test.each<[string, Partial<GateFacts>, Decision]>([
  ['a first that one feature explains fully is held', { leaks: [noisy, leak] }, held],
  ["first: 'always' means it", { leaks: [leak], rule: { ...facts.rule, first: 'always' } }, first],
  ['a feature that explains nearly all is a question only', { leaks: [noisy] }, first],
  [
    'no better than a constant comes before a leak',
    { leaks: [leak], candidate: { version: 2, metrics: { mae: 15 } } },
    { kind: 'hold', because: 'below-baseline', metric: 'mae', gain: -1 },
  ],
  ['it does not replace one without it', { leaks: [leak], champion: live, championLeaks: [] }, held],
  [
    'nor one with another leak',
    { leaks: [leak], champion: live, championLeaks: [{ ...leak, feature: 'other' }] },
    held,
  ],
  [
    'a feature of the live version was accepted with it',
    { leaks: [leak], champion: live, championLeaks: [leak] },
    better,
  ],
  ['nothing is known of one that an earlier release judged', { leaks: [leak], champion: live }, better],
])('%s', (_, change, decision) => expect(judge({ ...facts, ...change })).toEqual(decision));
