import { expect, test } from 'vitest';
import { joinedPoints } from './spark-lines.ts';

test('a line joins adjacent points of the same kind, and none is drawn for a point alone', () => {
  const isSame = (one: string, other: string): boolean => one !== '?' && one === other;
  expect(joinedPoints(['a', 'a', 'b', 'a', 'a', 'a'], isSame)).toEqual([
    [0, 1],
    [3, 4, 5],
  ]);
  expect(joinedPoints(['?', '?'], isSame)).toEqual([]);
  expect(joinedPoints([], isSame)).toEqual([]);
});
