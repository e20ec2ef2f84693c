import { expect, test } from 'vitest';
import { isEnoughToCompare } from './gate.ts';

test.each([
  [30, 1000, true],
  [29, 1000, false],
  [10, 10, true],
  [9, 11, false],
  [0, 0, true],
])('%i rows with %i left out are enough: %s', (rows, leftOut, isEnough) =>
  expect(isEnoughToCompare({ rows, leftOut })).toBe(isEnough),
);
