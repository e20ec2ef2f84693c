import { expect, test } from 'vitest';
import { dateReader, timeReader } from './date-cells.ts';
import { dateForms } from './date-forms.ts';

function readings(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    dateForms.flatMap((form) => {
      const value = form.time(text) ?? form.day(text);
      return value === undefined ? [] : [[form.name, value]];
    }),
  );
}

test.each([
  ['2024-02-29', { ISO: '2024-02-29', 'Y/M/D': '2024-02-29' }],
  ['2024-1-5', { 'Y/M/D': '2024-01-05' }],
  ['2024/01/31 10:00', { 'Y/M/D': '2024-01-31T10:00:00Z' }],
  ['20240131', { YYYYMMDD: '2024-01-31' }],
  ['20141013T000000', { YYYYMMDD: '2014-10-13T00:00:00Z' }],
  ['31 Jan 2024', { 'month name': '2024-01-31' }],
  ['31-Jan-24', { 'month name': '2024-01-31' }],
  ['Sept 3rd, 1999', { 'month name': '1999-09-03' }],
  ['Sat, 31 May 2024 10:00:00 GMT', { 'month name': '2024-05-31T10:00:00Z' }],
  ['January 31, 2024 1:05 PM', { 'month name': '2024-01-31T13:05:00Z' }],
  ['January 2024', { month: '2024-01-01' }],
  ['2024-03', { month: '2024-03-01' }],
  ['2024 Q3', { quarter: '2024-07-01' }],
  ['31/12/2024', { 'D/M/Y': '2024-12-31' }],
  ['12/31/2024', { 'M/D/Y': '2024-12-31' }],
  ['3/4/24', { 'D/M/Y': '2024-04-03', 'M/D/Y': '2024-03-04' }],
  ['03-04-1999 12:30 am', { 'D/M/Y': '1999-04-03T00:30:00Z', 'M/D/Y': '1999-03-04T00:30:00Z' }],
  ['31.12.2024', { 'D.M.Y': '2024-12-31' }],
  ['1.2.24 18.00.00', { 'D.M.Y': '2024-02-01T18:00:00Z' }],
  ['1700000000', { 'epoch s': '2023-11-14T22:13:20Z' }],
  ['1700000000.5', { 'epoch s': '2023-11-14T22:13:20.500Z' }],
  ['1700000000123', { 'epoch ms': '2023-11-14T22:13:20.123Z' }],
  ['2024', { year: '2024-01-01' }],
  ['29/02/2023', {}],
  ['2024-13-01', {}],
  ['20241301', {}],
  ['March', {}],
  ['31 Foo 2024', {}],
  ['2024-01-31 25:00', {}],
  ['12.5', {}],
  ['hello', {}],
])('%s', (text, expected) => {
  expect(readings(text)).toEqual(expected);
});

test.each([
  ['2024-01-31T10:00:00.25+05:30', '2024-01-31T10:00:00.25+05:30'],
  ['2024-01-31 10:00:00 +0530', '2024-01-31T10:00:00+05:30'],
  ['2024-01-31 10:00-03', '2024-01-31T10:00:00-03:00'],
  ['2024-01-31 10:00 UTC', '2024-01-31T10:00:00Z'],
  ['2024-01-31', '2024-01-31T00:00:00Z'],
  ['1/2/2024 09:30', '2024-02-01T09:30:00Z'],
  ['2/1/2024 noon', undefined],
])('a column of times reads %s', (text, time) => {
  expect(timeReader('D/M/Y')(text)).toBe(time);
});

test('a form that was asked for does not shut out those without doubt', () => {
  const read = dateReader('M/D/Y');
  expect(['1/2/2024', '2024-02-01', '20240201', '1 Feb 2024', '31/1/2024'].map(read)).toEqual([
    '2024-01-02',
    '2024-02-01',
    '2024-02-01',
    '2024-02-01',
    undefined,
  ]);
});
