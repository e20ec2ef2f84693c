import { expect, test } from 'vitest';
import { formatExact, formatNumber, numberForm } from './format-number.ts';

test.each([
  [15.94, '15.9'],
  [0.6419, '0.642'],
  [0.0096812, '0.00968'],
  [168.4, '168'],
  [1432.6, '1,433'],
  [1843, '1,843'],
  [612_400, '612,400'],
  [-5.3, '−5.3'],
  [0, '0'],
  [-0.071_06, '−0.0711'],
  [Number.NaN, '–'],
])('%d is written as %s', (value, text) => expect(formatNumber(value)).toBe(text));

test('a year has no separator, and other numbers of its column do', () => {
  expect([1843, 1500, 2199, 2200, 12_345, 0].map((value) => formatNumber(value, 'year'))).toEqual([
    '1843',
    '1500',
    '2199',
    '2,200',
    '12,345',
    '0',
  ]);
  expect([1843, 1843.25, -122.8004].map((value) => formatExact(value))).toEqual([
    '1,843',
    '1,843.25',
    '−122.8004',
  ]);
});

test.each([
  ['year', [1900, 2015], 'year'],
  ['yr_renovated', [0, 2015], 'year'],
  ['yearBuilt', undefined, 'year'],
  ['Baujahr', [1890, 2020], 'year'],
  ['built', [1890, 2020], 'year'],
  ['rent amount', [450, 45_000], 'amount'],
  ['body_mass_g', [2850, 6000], 'amount'],
  ['income per year', [1843, 90_000], 'amount'],
  ['fare', undefined, 'amount'],
  ['yearling', [0, 3], 'amount'],
  ['ratio', [1600.5, 1900], 'amount'],
] as const)('%s from %j holds numbers of the form %s', (name, range, form) =>
  expect(numberForm({ name, unit: null, range })).toBe(form),
);

test('a number with a unit is an amount', () =>
  expect(numberForm({ name: 'Year built', unit: 'EUR', range: [1600, 1900] })).toBe('amount'));
