import { expect, test } from 'vitest';
import { rocLine, rocRows } from './roc-points.ts';

const points = Array.from({ length: 200 }, (_, index) => ({
  from: 1 - index / 200,
  falseAlarms: (index + 1) / 200,
  found: Math.sqrt((index + 1) / 200),
}));

test('the line begins where nobody is called and ends where all are', () => {
  const line = rocLine(points);
  expect(line[0]).toEqual([0, 0]);
  expect(line.at(-1)).toEqual([1, 1]);
  expect(line).toHaveLength(201);
});

test('a table has points all along the curve, and every corner of a short one', () => {
  const rows = rocRows(points);
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.length).toBeLessThanOrEqual(21);
  expect(rows.at(-1)).toBe(points.at(-1));
  const corners = [
    { from: 0.008, falseAlarms: 0, found: 1 },
    { from: 0.001, falseAlarms: 1, found: 1 },
  ];
  expect(rocRows(corners)).toEqual(corners);
});
