import { expect, test } from 'vitest';
import { inTurns, median } from './samples.ts';

test.each([
  [[3], 3],
  [[9, 1, 2], 2],
  [[10, 1, 4, 2], 3],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test('no values have no median', () => {
  expect(() => median([])).toThrow('no median');
});

test('the sides alternate, and the second is first in the next round', async () => {
  const seen: string[] = [];
  const samples = await inTurns({ ours: 'a', peer: 'b' }, 3, async (side, round) => {
    seen.push(side);
    return round;
  });
  expect(seen.join('')).toBe('abbaab');
  expect(samples).toEqual({ ours: [0, 1, 2], peer: [0, 1, 2] });
});

test('without time only the first round is measured, for all sides', async () => {
  const rounds = { most: 5, seconds: -1 };
  const samples = await inTurns({ ours: 1, peer: 2 }, rounds, (side) => Promise.resolve(side));
  expect(samples).toEqual({ ours: [1], peer: [2] });
});
