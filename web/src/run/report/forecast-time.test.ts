import { expect, test } from 'vitest';
import { formatForecastTime, formatForecastTimes } from './forecast-time.ts';

test.each([
  ['2024-01-31', '2024-01-31'],
  ['2024-01-31T00:00:00.000Z', '2024-01-31'],
  ['2024-01-31T13:00:00.000Z', '2024-01-31 13:00'],
  ['2024-01-31T13:30:00Z', '2024-01-31 13:30'],
  ['12', '12'],
  [2024, '2024'],
])('%s is %s', (time, text) => {
  expect(formatForecastTime(time)).toBe(text);
});

test('hours of one day are a range, and one time is not', () => {
  expect(formatForecastTimes('2024-01-31T00:00:00.000Z', '2024-01-31T05:00:00.000Z')).toBe(
    '2024-01-31 – 2024-01-31 05:00',
  );
  expect(formatForecastTimes('2024-01-31', '2024-01-31')).toBe('2024-01-31');
});
