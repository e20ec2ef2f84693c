import { expect, test } from 'vitest';
import { outlineOf } from './outline.ts';

test('the rows of other bins are divided between bins that they overlap', () => {
  const other = { from: 0, to: 4, counts: [8, 4] };
  expect(outlineOf(other, { from: 0, to: 4, counts: [0, 0, 0, 0] })).toEqual([4, 4, 2, 2]);
  expect(outlineOf(other, { from: 1, to: 5, counts: [0, 0] })).toEqual([6, 2]);
  expect(outlineOf(other, { from: 10, to: 12, counts: [0] })).toEqual([0]);
});
