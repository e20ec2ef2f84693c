import { expect, test } from 'vitest';
import { reasonsByFeature, reasonsOf } from './reasons.ts';

const contributions = [
  { feature: 'town: Oslo', title: 'Town: Oslo', value: 1, contribution: 4 },
  { feature: 'odd', title: 'Odd', value: 2, contribution: -1 },
];
const about = { scale: 'target', baseline: 10, contributions } as const;

test('a bar has the title and the value of the fields that the caller gave', () => {
  const town = { name: 'town', title: 'Town', unit: null, form: 'amount', value: 'Oslo' } as const;
  const size = { name: 'size', title: 'Size', unit: 'm²', form: 'amount', value: 1800 } as const;
  const street = { name: 'street', title: 'Street prices' };
  const reasons = reasonsOf({
    ...about,
    fields: [
      { fields: [town], lookups: [], features: ['town: Oslo'], contribution: 4 },
      { fields: [size, { ...town, value: null }], lookups: [street], features: ['plot'], contribution: 2 },
      { fields: [], lookups: [], features: ['odd'], contribution: -1 },
    ],
  });
  expect(reasons.map(({ title, given, contribution }) => [title, given, contribution])).toEqual([
    ['Town', 'Oslo', 4],
    ['Size, Town and Street prices', '1,800 m², not given', 2],
    ['Odd', '2', -1],
  ]);
});

test('a value has every digit that the caller gave', () => {
  const long = { name: 'long', title: 'Long', unit: null, form: 'amount', value: -122.8004 } as const;
  const fields = [{ fields: [long], lookups: [], features: ['long'], contribution: 2 }];
  expect(reasonsOf({ ...about, fields })[0]?.given).toBe('−122.8004');
});

test('a year has no separator', () => {
  const built = { name: 'built', title: 'Built', unit: null, form: 'year', value: 1984 } as const;
  const fields = [{ fields: [built], lookups: [], features: ['built'], contribution: 2 }];
  expect(reasonsOf({ ...about, fields })[0]?.given).toBe('1984');
});

test('without fields each feature has a bar', () => {
  expect(reasonsOf(about).map(({ title, given }) => [title, given])).toEqual([
    ['Town: Oslo', '1'],
    ['Odd', '2'],
  ]);
});

test('a feature has the form that its number has everywhere', () => {
  const values = [2015, 1338, -7, 12_000, 1.5, null];
  const of = values.map((value) => ({ feature: 'a', title: 'A', value, contribution: 0 }));
  expect(reasonsByFeature({ ...about, contributions: of }).map(({ given }) => given)).toEqual([
    '2,015',
    '1,338',
    '−7',
    '12,000',
    '1.5',
    'not given',
  ]);
});
