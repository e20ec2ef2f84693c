import { expect, test } from 'vitest';
import { changesOfTestData, isSameTestData } from './test-data.ts';

const figures = (testData: string | null, model = 'price') => ({ model, testData, metrics: ['mae'] });

test('a list changes its test data where the nearest figures of the same model are of other rows', () => {
  const items = [
    figures('a'),
    figures('a'),
    figures('other', 'rent'),
    { ...figures(null), metrics: [] },
    figures('b'),
    figures('b'),
    figures('a'),
    figures('other', 'rent'),
  ];
  const changed = changesOfTestData(items);
  expect(items.map((item) => changed.has(item))).toEqual([
    false,
    false,
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
});

test('figures of unknown test rows are the same as none', () => {
  expect(isSameTestData(figures('a'), figures('a'))).toBe(true);
  expect(isSameTestData(figures(null), figures(null))).toBe(false);
  const items = [figures(null), figures(null), figures('a')];
  expect(changesOfTestData(items).size).toBe(2);
});
