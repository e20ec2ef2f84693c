import { expect, test } from 'vitest';
import { sureAccuracy } from './measures.ts';

const row = { symbol: 'ANVL', date: '2023-01-02', up: true };

test('only the most certain fifth counts', () => {
  const tested = [
    { row, truth: true, prediction: 0.9 },
    { row, truth: false, prediction: 0.51 },
    { row, truth: false, prediction: 0.52 },
    { row, truth: true, prediction: 0.49 },
    { row, truth: true, prediction: 0.48 },
  ];
  expect(sureAccuracy(tested)).toBe(1);
  expect(sureAccuracy([{ row, truth: true, prediction: 0.1 }, ...tested.slice(1)])).toBe(0);
});
