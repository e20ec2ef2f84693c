import { expect, test } from 'vitest';
import type { VerdictView } from '../../../src/client/index.ts';
import { needsOf } from './needs.ts';

type Facts = VerdictView['facts'];

const facts: Facts = {
  rule: {
    alias: 'prod',
    first: 'baseline',
    when: { metric: 'mae', better: 'lower', by: 0.1 },
    beats: ['alwaysHome', 'elo'],
    atLeast: { r2: 0.5 },
    atMost: { mae: 20 },
  },
  candidate: { version: 7, metrics: { mae: 15 } },
  champion: { version: 6, metrics: { mae: 16 } },
  baseline: { predicts: 'median', metrics: { mae: 22 } },
  leftOut: 0,
  testRows: 100,
  testData: 'a'.repeat(64) as Facts['testData'],
};

test('says what a metric must be better than, and its limits', () => {
  expect(needsOf('mae', facts)).toBe('lower than v6 by 0.1, always home and elo and at most 20');
  expect(needsOf('r2', facts)).toBe('at least 0.5');
  expect(needsOf('rmse', facts)).toBe('');
});

test('a first version must be better than the constant, unless the first is always promoted', () => {
  const first: Facts = { ...facts, champion: null, rule: { ...facts.rule, beats: [], atMost: {} } };
  expect(needsOf('mae', first)).toBe('lower than always the median');
  expect(needsOf('mae', { ...first, standardErrors: { baseline: 2 } })).toBe(
    'lower than always the median by more than two standard errors',
  );
  expect(needsOf('mae', { ...first, rule: { ...first.rule, first: 'always' } })).toBe('');
  const outdated = { version: 6, reason: 'values from 2024', isOutdated: true };
  expect(needsOf('mae', { ...first, champion: outdated })).toBe('lower than always the median');
});

test('a margin of one standard error is said of what it is known for', () => {
  const when = { metric: 'mae', better: 'lower', by: 'standardError' } as const;
  const byError: Facts = { ...facts, rule: { ...facts.rule, when, atMost: {} } };
  const standardErrors = { champion: 0.2, baselines: { elo: 0.3 } };
  expect(needsOf('mae', { ...byError, standardErrors })).toBe(
    'lower than v6 by more than one standard error, always home and elo by more than one standard error',
  );
  expect(needsOf('mae', byError)).toBe('lower than v6, always home and elo');
});
