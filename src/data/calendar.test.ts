import { expect, test } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import { dateText, daysOf, millisecondsOf } from './calendar.ts';

const dayMs = 86_400_000;

const daysTo = (text: string): number => Date.parse(text) / dayMs;

test.each([
  ['0000-01-01', '9999-12-31', 29],
  ['0000-01-01', '0004-12-31', 1],
  ['1890-01-01', '2110-12-31', 1],
])('every day has its number, from %s to %s by %d', (first, last, step) => {
  let [days, wrong] = [0, 0];
  for (let day = daysTo(first); day <= daysTo(last); day += step) {
    days += 1;
    if (daysOf(dateText(day)) !== day) wrong += 1;
  }
  expect(days).toBeGreaterThan(1000);
  expect(wrong).toBe(0);
});

test.each([
  '2023-02-29',
  '1900-02-29',
  '2024-04-31',
  '2024-13-01',
  '2024-00-10',
  '2024-01-00',
  '2024-1-01',
  '24-01-01',
  '2024/01/01',
  '2024-01-01 ',
  '２024-01-01',
  'yyyy-mm-dd',
  '',
])('no day: %j', (text) =>
  expect([daysOf(text), millisecondsOf(`${text}T00:00:00Z`)]).toEqual([undefined, undefined]),
);

test('times are those of the platform, in every form', () => {
  const random = seededRandom(3);
  for (let draw = 0; draw < 1000; draw += 1) {
    const time = Math.floor((random() - 0.2) * 4e12);
    const text = new Date(time).toISOString();
    const second = text.replace(/\.\d+/, '');
    expect(millisecondsOf(text)).toBe(time);
    expect(millisecondsOf(second)).toBe(Date.parse(second));
    expect(millisecondsOf(text.slice(0, -1))).toBe(time);
    expect(millisecondsOf(text.replace('Z', '+02:30'))).toBe(time - 9_000_000);
  }
});

test.each([
  ['2024-05-31T24:00:00Z', Date.UTC(2024, 5, 1)],
  ['2024-05-31T14:00Z', Date.UTC(2024, 4, 31, 14)],
  ['2024-05-31T14:00:00.1234567Z', Date.UTC(2024, 4, 31, 14, 0, 0, 123)],
  ['2024-05-31T24:00:01Z', undefined],
  ['2024-05-31T14:60:00Z', undefined],
  ['2024-05-31T14:00:60Z', undefined],
  ['2024-05-31T1a:00:00Z', undefined],
  ['2024-05-31T14:00:00.1x3Z', undefined],
  ['2024-05-31 14:00:00Z', undefined],
  ['2024-05-31', undefined],
])('%s', (text, time) => expect(millisecondsOf(text)).toBe(time));
