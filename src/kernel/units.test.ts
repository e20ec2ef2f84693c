import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, parseDuration } from './units.ts';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
])('%s is %i milliseconds', (text, ms) => expect(parseDuration(text, 'cache')).toBe(ms));

test.each(['', '30', 's', '-1s', '1 s', '1s ', '1,5s', '1w', '1e3s'])('%j is no duration', (text) => {
  expect(() => parseDuration(text, 'serve.cache')).toThrow(
    /serve\.cache must be a number and one of ms, s, m, h, d/,
  );
});

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.9, '1.0 s'],
  [12_449, '12.4 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 0 s'],
  [200_400, '3 min 20 s'],
])('%d ms read as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1000, '1.0 kB'],
  [1_449_999, '1.4 MB'],
  [999_999, '1.0 MB'],
  [123_456_789, '123 MB'],
  [7e15, '7000 TB'],
])('%d bytes read as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('thousands are told apart', () => {
  expect(formatCount(1432)).toBe('1,432');
});
