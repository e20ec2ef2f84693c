import { expect, test } from 'vitest';
import { booleanMetrics } from '../training/metrics/boolean.ts';
import { cutoffsOf } from '../training/report/cutoffs.ts';
import { rocOf } from '../training/report/roc.ts';
import { rocView } from './roc-view.ts';

/** The parts of a report about 1000 rows that are ranked perfectly. @param scale of the probabilities */
function reported({ scale = 1, yes = 300 }: { readonly scale?: number; readonly yes?: number }): {
  readonly old: Parameters<typeof rocView>[0];
  readonly now: Parameters<typeof rocView>[0];
} {
  const rows = Array.from({ length: 1000 }, (_, row) => row);
  const scored = {
    truth: rows.map((row) => Number(row < yes)),
    probability: rows.map((row) => scale * (1 - row / 1000)),
  };
  const { auc } = booleanMetrics(scored);
  const old = { metrics: { auc: Number.isNaN(auc) ? null : auc }, cutoffs: cutoffsOf(scored) };
  return { old, now: { ...old, roc: rocOf(scored) } };
}

test('a report has its own points', () => {
  const { now } = reported({ scale: 0.009 });
  expect(rocView(now, undefined)).toEqual({ version: now.roc, champion: null });
  expect(now.roc).toHaveLength(2);
});

test('an older report has those of its cutoffs where they give its AUC', () => {
  const { old, now } = reported({});
  expect(rocView(old, undefined)?.version).toHaveLength(101);
  expect(rocView(now, old)).toMatchObject({ version: now.roc, champion: { length: 101 } });
});

test.each([0.009, 0.03])('and none where they hide its curve: probabilities up to %f', (scale) => {
  const { old, now } = reported({ scale, yes: 20 });
  expect(rocView(old, undefined)).toEqual({ version: null, champion: null });
  expect(rocView(now, old)).toEqual({ version: now.roc, champion: null });
});

test.each([0, 1000])('there is no curve of %i yes of 1000', (yes) => {
  const { old, now } = reported({ yes });
  expect([rocView(old, undefined), rocView(now, undefined)]).toEqual([null, null]);
});
