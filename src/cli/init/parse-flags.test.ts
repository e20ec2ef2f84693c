import { expect, test } from 'vitest';
import { day } from './csv-text.fixture.ts';
import { draft, refusal } from './drafts.fixture.ts';
import { checkForecastFlags, parseHeader, parseMaxBadRows, parseTypes } from './parse-flags.ts';

const line = (index: number): string =>
  `${1990 + (index % 30)},c${index},${index % 7},${(index * 7919) % 1009}.5`;

test.each([
  [{ dates: new Map([['year', 'year'] as const]) }, '--dates', 'a year is a number'],
  [{ group: 'customer' }, '--group', 'must have values that repeat'],
  [{ time: 'town' }, '--time', 'must be a column of sales.csv'],
  [{ time: 'customer' }, '--time', 'must be a column of dates, times or numbers'],
])('%j, which has no effect, is refused', (options, field, remedy) => {
  expect(
    refusal('year,customer,size,price', line, { target: 'price', kind: 'model', ...options }),
  ).toMatchObject({
    code: 'CONFIG_INVALID',
    field,
    remedy: expect.stringContaining(remedy),
  });
});

test.each([{ without: ['a'] }, { with: ['a'] }, { group: 'a' }])('a forecast takes no %j', (flags) => {
  expect(() => checkForecastFlags('forecast', flags)).toThrow('must be left out for a forecast');
  expect(() => checkForecastFlags('model', flags)).not.toThrow();
});

test('types and shares are read, and others are refused with those that there are', () => {
  expect(parseTypes(['a=b=number', 'x=yes-no'])).toEqual(
    new Map([
      ['a=b', 'number'],
      ['x', 'yes-no'],
    ]),
  );
  for (const text of ['x', '=text', 'x=string', 'x='])
    expect(() => parseTypes([text])).toThrow('number, date, yes-no or text');
  expect([undefined, '0', '0.4', '1'].map(parseMaxBadRows)).toEqual([undefined, 0, 0.4, 1]);
  for (const text of ['', '40%', '-1', '1.5', 'x'])
    expect(() => parseMaxBadRows(text)).toThrow('a share of the lines from 0 to 1');
});

test('flags of the header contradict each other, and need a file', () => {
  expect(() => parseHeader({ csv: 'a.csv', header: false, withHeader: true })).toThrow('must be given alone');
  expect(() => parseHeader({ header: false })).toThrow('without a file');
  for (const flags of [{ missing: ['x'] }, { type: ['x=text'] }, { maxBadRows: '0.1' }])
    expect(() => parseHeader(flags)).toThrow('without a file');
  expect(parseHeader({ csv: 'a.csv', header: false })).toBe(false);
  expect(parseHeader({ csv: 'a.csv', header: true })).toBeUndefined();
});

test('series that are too short to be tested make a model, and a time that is named is not ignored', () => {
  const weekly = draft(
    'Store,Year,Week,Sales',
    (index) =>
      `${'AB'[index % 2]},${2021 + Math.floor(index / 104)},${1 + (Math.floor(index / 2) % 52)},${index * 3}.5`,
    { rows: 208 },
  );
  expect(weekly).toMatchObject({ kind: 'number', noForecast: expect.stringContaining('at least') });
  expect(refusal('month,sold', (index) => `${day(index)},${index}.5`, { time: 'sold' })).toMatchObject({
    field: '--time',
  });
});
