import { expect, test } from 'vitest';
import type { TrialView } from '../../../src/client/index.ts';
import { sortTrials, trialColumns } from './sort.ts';

const trial = (index: number, depth: string | undefined, mae?: number): TrialView => ({
  runId: `run-${index}`,
  index,
  params: depth === undefined ? {} : { depth },
  metrics: mae === undefined ? {} : { mae },
});
const trials = [trial(1, '10', 17.2), trial(2, '9', 15.1), trial(3, undefined, 16), trial(4, '3')];
const indexesBy = (kind: 'index' | 'param' | 'metric', name: string, descending = false) =>
  sortTrials(trials, { column: { kind, name }, descending }).map(({ index }) => index);

test('has a column for every metric, and for the params in which trials differ', () => {
  const same = { ...trial(5, '3', 1), params: { depth: '3', bins: '255' } };
  const other = { ...trial(6, '4', 2), params: { depth: '4', bins: '255' } };
  expect(trialColumns([same, other]).map(({ name }) => name)).toEqual(['Trial', 'mae', 'depth']);
  expect(trialColumns(trials).map(({ name }) => name)).toEqual(['Trial', 'mae', 'depth']);
});

test('sorts params as numbers, with what is missing last both ways', () => {
  expect(indexesBy('param', 'depth')).toEqual([4, 2, 1, 3]);
  expect(indexesBy('param', 'depth', true)).toEqual([1, 2, 4, 3]);
});

test('sorts metrics, with what is missing last both ways', () => {
  expect(indexesBy('metric', 'mae')).toEqual([2, 3, 1, 4]);
  expect(indexesBy('metric', 'mae', true)).toEqual([1, 3, 2, 4]);
});
