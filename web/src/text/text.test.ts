import { formatShare, formatSigned, formatNumber } from '../../../src/client/index.ts';
import { expect, test } from 'vitest';
import { counted, formatAligned, formatRange, withUnit } from './numbers.ts';
import { ago, lasting } from './times.tsx';

test.each([
  [15.94, '15.9'],
  [0.6419, '0.642'],
  [168.4, '168'],
  [1432.6, '1,433'],
  [-5.3, '−5.3'],
  [0, '0'],
  [Number.NaN, '–'],
])('writes %d as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('keeps zeros where numbers stand in a column', () => {
  expect([0.64, 16, 1500].map(formatAligned)).toEqual(['0.640', '16.0', '1,500']);
});

test('gives a list of changes the decimals of its largest', () => {
  expect([11.23, -0.4, 0.04].map((change) => formatSigned(change, 11.23))).toEqual(['+11.2', '−0.4', '0']);
  expect([0.31, -0.04].map((change) => formatSigned(change, 0.31))).toEqual(['+0.31', '−0.04']);
  expect(formatSigned(1234.5, 1234.5)).toBe('+1,235');
});

test.each<[readonly [low: number, high: number, unit: string | null], string]>([
  [[153, 188, 'runs'], '153–188 runs'],
  [[-3, 2, 'runs'], '−3 to 2 runs'],
  [[-3, -1, null], '−3 to −1'],
  [[0, 0.5, null], '0–0.5'],
])('the range %j is %s', (range, text) => {
  expect(formatRange(...range)).toBe(text);
});

test('never shows something as nothing', () => {
  expect([0, 0.001, 0.12].map(formatShare)).toEqual(['0%', '<1%', '12%']);
});

test('counts in words, and adds a unit where there is one', () => {
  expect([counted(1, 'row'), counted(2400, 'row'), counted(2, 'query', 'queries')]).toEqual([
    '1 row',
    '2,400 rows',
    '2 queries',
  ]);
  expect([withUnit(15.9, 'runs'), withUnit(0.64, null)]).toEqual(['15.9 runs', '0.64']);
});

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [20_000, 'just now', 'a few moments'],
  [3 * minute, '3 minutes ago', '3 minutes'],
  [hour, '1 hour ago', '1 hour'],
  [1.9 * day, 'yesterday', '1 day'],
  [3 * day, '3 days ago', '3 days'],
  [70 * day, '2 months ago', '2 months'],
])('tells %d ms as people do', (passed, agoText, lastingText) => {
  expect(ago(0, passed)).toBe(agoText);
  expect(lasting(passed)).toBe(lastingText);
});

test('a clock that is behind the server does not tell the future', () => {
  expect(ago(2000, 0)).toBe('just now');
  expect(lasting(-2000)).toBe('a few moments');
});
