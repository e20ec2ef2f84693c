import { expect, test } from 'vitest';
import type { ColumnProfile, DataColumnView } from '../../../src/client/index.ts';
import {
  barsOf,
  formatMissing,
  formatRoles,
  formatType,
  formatValues,
  leftOut,
  unlisted,
} from './column-text.ts';

const quantiles = [-1, 0, 20, 54, 80, 120, 1290.5];

test('a column is described in words', () => {
  expect(formatType({ type: 'integer', unit: 'runs' })).toBe('whole number, runs');
  expect(formatType({ type: 'boolean', unit: null })).toBe('yes or no');
  const roles = [
    { role: 'time', model: 'a' },
    { role: 'feature', model: 'a' },
  ] as const;
  expect(formatRoles(roles, 1)).toBe('time and feature');
  expect(formatRoles(roles, 2)).toBe('time of a, feature of a');
  expect(formatRoles([], 1)).toBe('not used');
});

test.each<[DataColumnView['type'], ColumnProfile, readonly [text: string, bars?: readonly number[]]]>([
  ['number', { nulls: 0, distinct: 9, quantiles }, ['−1 to 1,291, median 54']],
  ['integer', { nulls: 0, distinct: 1, quantiles: quantiles.map(() => 2015) }, ['2015']],
  [
    'string',
    {
      nulls: 50,
      distinct: 2,
      common: [
        ['a', 40],
        ['b', 10],
      ],
    },
    ['a 80%, b 20%', [40, 10]],
  ],
  ['boolean', { nulls: 0, distinct: 2, mean: 0.25 }, ['yes 25%', [0.75, 0.25]]],
  [
    'date',
    { nulls: 0, distinct: 2, span: ['2017-01-03', '2026-11-29'], histogram: [1, 2] },
    ['3 Jan 2017 to 29 Nov 2026', [1, 2]],
  ],
  ['number', { nulls: 100, distinct: 0 }, ['']],
])('the values of a column: %s %o', (type, profile, [text, bars]) => {
  expect(formatValues({ name: 'town', type, unit: null, profile }, 100)).toBe(text);
  expect(barsOf({ type, profile }, 100)).toEqual(bars);
});

test('missing values are a count and a share', () => {
  expect(formatMissing({ nulls: 0, distinct: 1 }, 100)).toBe('0');
  expect(formatMissing({ nulls: 1234, distinct: 1 }, 10_000)).toBe('1,234 (12%)');
});

const column = { title: null, unit: null, type: 'string', profile: null } as const;
const reading = { rejected: 0, rejects: [], unread: ['email'], unreadTotal: 1 };

test('what is left out has a reason', () => {
  const details = [
    { ...column, name: 'town', roles: [{ role: 'feature', model: 'a' }], warnings: [] },
    { ...column, name: 'country', roles: [], warnings: ['the same in every row: NO'] },
    { ...column, name: 'note', roles: [], warnings: [] },
    { ...column, name: 'raw', roles: null, warnings: [] },
  ] as const;
  expect(leftOut({ details, reading, leftOut: [] })).toEqual([
    { name: 'country', why: 'the same in every row: NO' },
    { name: 'note', why: 'No field of the request, and no split uses it.' },
    { name: 'email', why: 'In the file, but the row schema does not name it.' },
  ]);
  const declared = [
    { name: 'note', reason: 'nearly every line has another text' },
    { name: 'email', reason: 'left out by --without' },
  ];
  expect(leftOut({ details, reading, leftOut: declared })).toEqual([
    { name: 'note', why: 'nearly every line has another text' },
    { name: 'email', why: 'left out by --without' },
    { name: 'country', why: 'the same in every row: NO' },
  ]);
});

test('columns beyond those that are listed are counted', () => {
  const details = [{ ...column, name: 'id', roles: [], warnings: [] }];
  const many = { ...reading, unreadTotal: 300 };
  expect(unlisted({ details, reading: many, leftOut: [] })).toBe(299);
  const declared = ['id', 'email', 'f1', 'f2'].map((name) => ({ name, reason: 'no use' }));
  expect(unlisted({ details, reading: many, leftOut: declared })).toBe(297);
  expect(unlisted({ details, reading, leftOut: declared })).toBe(0);
  expect(unlisted({ details, reading: null, leftOut: [] })).toBe(0);
});
