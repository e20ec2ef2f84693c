import { expect, test } from 'vitest';
import { toFeatures } from './bars.ts';
import { writeBars } from './simulate.ts';

const files = [...writeBars({ seed: 1 })].map(({ name, text }) => {
  const [header = '', ...lines] = text.trim().split('\n');
  const columns = header.split(',');
  const bars = lines
    .map((line) => Object.fromEntries(line.split(',').map((value, index) => [columns[index], value])))
    .toReversed();
  return { name, bars };
});

test('a seed decides the bars', () => {
  expect([...writeBars({ seed: 1 })]).toEqual([...writeBars({ seed: 1 })]);
  expect([...writeBars({ seed: 2 })][0]?.text).not.toBe([...writeBars({ seed: 1 })][0]?.text);
});

test('a split halves the price and leaves the adjusted price alone', () => {
  const days = files.flatMap(({ bars }) =>
    bars.slice(1).map((bar, index) => ({ bar, before: bars[index] ?? bar })),
  );
  const splits = days.filter(({ bar }) => Number(bar['split_coefficient']) !== 1);
  expect(splits.length).toBeGreaterThan(0);
  const change = (column: string, { bar, before }: (typeof days)[number]): number =>
    Number(bar[column]) / Number(before[column]);
  expect(Math.max(...splits.map((day) => change('close', day)))).toBeLessThan(0.6);
  expect(Math.min(...splits.map((day) => change('adjusted_close', day)))).toBeGreaterThan(0.9);
});

test('bars are written newest first, on weekdays', () => {
  const [file] = files;
  const dates = file?.bars.map((bar) => String(bar['timestamp'])) ?? [];
  expect(dates).toEqual(dates.toSorted());
  expect(dates.some((date) => [0, 6].includes(new Date(date).getUTCDay()))).toBe(false);
});

test('features of a symbol without a past are missing, and others in units of its volatility', () => {
  const question = { symbol: 'ANVL', date: '2023-12-29' };
  expect(Object.values(toFeatures(question, { before: undefined })).every(Number.isNaN)).toBe(true);
  const before = {
    lastReturn: 0.02,
    weekReturn: 0.02 * Math.sqrt(5),
    monthReturn: 0,
    volatility: 0.01,
    marketReturn: 0.01,
  };
  const { lastReturn, weekReturn, againstMarket } = toFeatures(question, { before });
  expect(lastReturn).toBe(2);
  expect(weekReturn).toBeCloseTo(2);
  expect(againstMarket).toBe(1);
});
