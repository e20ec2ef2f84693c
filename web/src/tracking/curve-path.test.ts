import { expect, test } from 'vitest';
import { pathOf, smoothed } from './curve-path.ts';

const same = (value: number): number => value;

test('a path has a gap where a value is missing', () => {
  expect(pathOf([1, 2, null, 4], same, same)).toBe('M0.00,1.00L1.00,2.00M3.00,4.00');
  expect(pathOf([], same, same)).toBe('');
});

test('smoothing starts at the first value and leaves gaps', () => {
  expect(smoothed([4, null, 4, 8], 0.5)).toEqual([4, null, 4, expect.closeTo(6.2857, 4)]);
  expect(smoothed([4, 8], 0)).toEqual([4, 8]);
});
