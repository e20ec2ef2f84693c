import { expect, test } from 'vitest';
import { contributionsByField } from './explanation-view.ts';

const contributions = [
  { feature: 'town: Oslo', value: 1, contribution: 4 },
  { feature: 'plot', value: 90, contribution: -3 },
  { feature: 'town: Bergen', value: 0, contribution: 2.5 },
  { feature: 'near', value: 5, contribution: 1 },
  { feature: 'year', value: 2020, contribution: 0.5 },
  { feature: 'odd', value: 1, contribution: 0.25 },
  { feature: 'odder', value: 1, contribution: 0.125 },
  { feature: 'month', value: 2, contribution: -0.75 },
];

const origins = {
  'town: Oslo': { fields: ['town'], lookups: [] },
  'town: Bergen': { fields: ['town'], lookups: [] },
  plot: { fields: ['size', 'garden'], lookups: [] },
  near: { fields: [], lookups: ['streetPrices'] },
  year: { fields: ['sold'], lookups: [] },
  month: { fields: ['sold'], lookups: [] },
  odd: { fields: [], lookups: [] },
};

const schema = {
  type: 'object',
  properties: {
    town: { type: 'string', title: 'Where it is' },
    size: { anyOf: [{ type: 'number', unit: 'm²' }, { type: 'null' }] },
    garden: { type: 'boolean', default: false },
  },
};

test('contributions are summed by the fields of the caller, with their titles, units and values', () => {
  const request = { town: 'Oslo', size: 80, sold: '2020-02-01' };
  const field = (name: string, title: string, rest: object): object => ({
    name,
    title,
    unit: null,
    form: 'amount',
    ...rest,
  });
  expect(contributionsByField(contributions, { origins, schema, request })).toEqual([
    {
      fields: [field('town', 'Where it is', { value: 'Oslo' })],
      lookups: [],
      features: ['town: Oslo', 'town: Bergen'],
      contribution: 6.5,
    },
    {
      fields: [field('size', 'Size', { value: 80, unit: 'm²' }), field('garden', 'Garden', { value: false })],
      lookups: [],
      features: ['plot'],
      contribution: -3,
    },
    {
      fields: [],
      lookups: [{ name: 'streetPrices', title: 'Street prices' }],
      features: ['near'],
      contribution: 1,
    },
    {
      fields: [field('sold', 'Sold', { value: '2020-02-01' })],
      lookups: [],
      features: ['year', 'month'],
      contribution: -0.25,
    },
    { fields: [], lookups: [], features: ['odd'], contribution: 0.25 },
    { fields: [], lookups: [], features: ['odder'], contribution: 0.125 },
  ]);
});

test('a value that was not given is null, and the sum is that of the features', () => {
  const fields = contributionsByField(contributions, { origins, schema, request: {} });
  expect(fields[0]?.fields[0]?.value).toBeNull();
  const sum = (list: readonly { readonly contribution: number }[]): number =>
    list.reduce((total, { contribution }) => total + contribution, 0);
  expect(sum(fields)).toBe(sum(contributions));
});
