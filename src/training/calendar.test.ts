import { expect, test } from 'vitest';
import type { Period } from '../project/models/split.ts';
import { isTime, periodOf, timeOf } from './calendar.ts';

test.each<[string, Period, string]>([
  ['2026-01-31', 'year', '2026'],
  ['2026-03-31', 'quarter', '2026-Q1'],
  ['2026-04-01', 'quarter', '2026-Q2'],
  ['2026-12-31', 'month', '2026-12'],
  ['2026-12-31T23:59:59Z', 'day', '2026-12-31'],
  ['2026-12-31T23:59:59-05:00', 'day', '2027-01-01'],
  ['2026-01-05', 'week', '2026-W02'],
  ['2026-01-04', 'week', '2026-W01'],
  ['2025-12-29', 'week', '2026-W01'],
  ['2021-01-03', 'week', '2020-W53'],
])('%s is in the %s %s', (text, period, name) => expect(periodOf(text, period)).toBe(name));

test('a period of another name is refused', () =>
  expect(() => periodOf('2026-01-01', 'decade' as Period)).toThrow(
    /must be day, week, month, quarter or year/,
  ));

test.each(['2026-02-03', '2026-02-03T10:00', '2026-02-03 10:00:00', '2026-02-03T10:00:00.123Z'])(
  '%s is a time',
  (text) => expect(isTime(text)).toBe(true),
);

test.each(['0022100001', '2026', '2026-13-01', '03/02/2026', 'g12', '', '2026-02-03abc'])(
  '%j is no time',
  (text) => expect(isTime(text)).toBe(false),
);

test('a time without an offset is in UTC', () => {
  expect(timeOf('2026-01-01T00:00')).toBe(Date.UTC(2026, 0, 1));
  expect(timeOf('2026-01-01 01:30')).toBe(Date.UTC(2026, 0, 1, 1, 30));
  expect(timeOf('2026-01-01')).toBe(Date.UTC(2026, 0, 1));
});
