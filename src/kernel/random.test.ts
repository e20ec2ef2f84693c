import { expect, test } from 'vitest';
import { seededRandom } from './random.ts';

const draw = (seed: number, count: number): number[] => Array.from({ length: count }, seededRandom(seed));

test('a seed decides everything, and another seed makes other numbers', () => {
  expect(draw(7, 50)).toEqual(draw(7, 50));
  for (const other of [0, 8, -7, 2 ** 32 - 1]) expect(draw(other, 50)).not.toEqual(draw(7, 50));
});

test.each([0, 1, 2 ** 32 - 1, 123_456_789])(
  'seed %i: uniform in [0, 1), and one draw says nothing of the next',
  (seed) => {
    const numbers = draw(seed, 100_000);
    expect(Math.min(...numbers.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers.slice(0, 50_000))).toBeLessThan(1);
    const expected = numbers.length / 20;
    const bins = Array.from({ length: 20 }, () => 0);
    for (const number of numbers) bins[Math.floor(number * 20)] = (bins[Math.floor(number * 20)] ?? 0) + 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 19 degrees of freedom: one honest generator in a million goes beyond 64.
    expect(chiSquare).toBeLessThan(64);
    const correlation =
      (numbers.slice(1).reduce((sum, number, at) => sum + (number - 0.5) * ((numbers[at] ?? 0) - 0.5), 0) *
        12) /
      numbers.length;
    expect(Math.abs(correlation)).toBeLessThan(0.02);
  },
);
