import { describe, expect, test } from 'vitest';
import { ordinalOf, type Time, timeAfter, unitOf } from './frequency.ts';
import { type Observation, readSeries } from './series.ts';

const from = (start: Time, steps: number, unit: Parameters<typeof timeAfter>[2]): Time[] =>
  Array.from({ length: steps }, (_, at) => timeAfter(start, at, unit));
const rows = (series: string, times: readonly Time[], values?: readonly (number | null)[]): Observation[] =>
  times.map((time, at) => ({ series, time, value: values ? (values[at] ?? null) : at }));
const read = (...observations: Observation[][]): ReturnType<typeof readSeries> =>
  readSeries(observations.flat(), { name: 'sales' });

describe('the frequency of times', () => {
  test.each([
    { unit: 'hour', start: '2024-02-28T22:00:00.000Z', third: '2024-02-29T00:00:00.000Z' },
    { unit: 'day', start: '2024-02-28', third: '2024-03-01' },
    { unit: 'week', start: '2024-12-23', third: '2025-01-06' },
    { unit: 'month', start: '2023-12-31', third: '2024-02-29' },
    { unit: 'month', start: '2024-01-15', third: '2024-03-15' },
    { unit: 'quarter', start: '2023-10-01', third: '2024-04-01' },
    { unit: 'year', start: '2024-02-29', third: '2026-02-28' },
    { unit: 'number', start: 7, third: 9 },
  ] as const)('is found and continued: $unit from $start', ({ unit, start, third }) => {
    const times = from(start, 40, unit);
    expect(times[2]).toBe(third);
    expect(unitOf(times)).toBe(unit);
    for (const [at, time] of times.entries()) expect(ordinalOf(time, unit) - ordinalOf(start, unit)).toBe(at);
  });

  test('weekdays jump over weekends', () => {
    const times = from('2024-01-05', 12, 'weekday');
    expect(times.slice(0, 3)).toEqual(['2024-01-05', '2024-01-08', '2024-01-09']);
    expect(unitOf(times)).toBe('weekday');
    expect(ordinalOf('2024-01-08', 'weekday') - ordinalOf('2024-01-05', 'weekday')).toBe(1);
  });
});

describe('series of rows', () => {
  const months = from('2020-01-01', 24, 'month');

  test('come in the order of time whatever the order of rows', () => {
    const { series, unit, period } = read(rows('a', months).toReversed(), rows('b', months.slice(3)));
    expect({ unit, period }).toEqual({ unit: 'month', period: 12 });
    expect(series.map(({ name, values }) => [name, values.length])).toEqual([
      ['a', 24],
      ['b', 21],
    ]);
    expect(series[0]?.values[5]).toBe(5);
    expect(series[0]?.last).toBe('2021-12-01');
  });

  test('a missing value is filled by a straight line, and counted', () => {
    const gap = rows('a', months).filter((_, at) => at !== 4);
    const empty = rows('b', months).map((row, at) => (at === 7 || at === 23 ? { ...row, value: null } : row));
    const { series } = read(gap, empty);
    expect(series.map(({ filled, values }) => [filled, values.length])).toEqual([
      [1, 24],
      [1, 23],
    ]);
    expect(series[0]?.values[4]).toBe(4);
    expect(series[1]?.values[7]).toBe(7);
  });

  test.each([
    [
      'two values for one time',
      [...rows('a', months), { series: 'a', time: '2020-05-01', value: 3 }],
      /"a".*two values for 2020-05-01/,
    ],
    [
      'two days in one month',
      [...rows('a', months), { series: 'a', time: '2020-05-09', value: 3 }],
      /two values for 2020-05-09/,
    ],
    [
      'many gaps',
      rows('a', months).filter((_, at) => at < 6 || at > 16),
      /"a".*no value at 2020-07-01 and 10 more/,
    ],
    ['an infinite value', rows('a', months, [1, Infinity]), /finite.*"a"/],
    ['no time', [{ series: 'a', time: null, value: 1 }], /a time.*"a"/],
    [
      'two frequencies',
      [...rows('a', months), ...rows('b', from('2020-01-01', 30, 'day'))],
      /"a" has one each month.*"b".*each day/,
    ],
    [
      'no even frequency',
      rows('a', ['2020-01-01', '2020-01-04', '2020-01-09', '2020-01-12']),
      /one value an hour, day.*"a"/,
    ],
    [
      'no values',
      rows(
        'a',
        months,
        months.map(() => null),
      ),
      /no series with a value/,
    ],
  ] as const)('%s is an error that names the series', (_, observations, message) => {
    expect(() => read([...observations] as Observation[])).toThrow(message);
  });

  test('one value is a series', () => {
    expect(read(rows('a', ['2020-01-01'])).series[0]?.values).toEqual(Float64Array.of(0));
  });
});
