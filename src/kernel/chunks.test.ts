import { expect, test } from 'vitest';
import { chunksOf, chunksOfSizes } from './chunks.ts';

test.each([
  [[], 2, []],
  [[1, 2], 2, [[1, 2]]],
  [[1, 2, 3], 2, [[1, 2], [3]]],
])('%j in parts of %i', (items, size, chunks) => {
  expect(chunksOf<number>(items, size)).toEqual(chunks);
});

test('parts of a few sizes hold every item once, the largest first', () => {
  expect(chunksOfSizes([], [4, 1])).toEqual([]);
  expect(chunksOfSizes([1, 2, 3, 4, 5, 6], [4, 1])).toEqual([[1, 2, 3, 4], [5], [6]]);
});
