import { expect, test } from 'vitest';
import { formatNames } from './format-names.ts';

test('the first 20 of many names are given, and the number of the others', () => {
  const names = Array.from({ length: 22 }, (_, at) => `c${at}`);
  expect(formatNames(names.slice(0, 2))).toBe('c0, c1');
  expect(formatNames(names.slice(0, 20))).toMatch(/, c19$/);
  expect(formatNames(names)).toMatch(/, c19 and 2 more$/);
});
