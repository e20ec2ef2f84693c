import { expect, test } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import { runName } from './run-name.ts';

test('is two plain words', () => {
  const random = seededRandom(1);
  for (let drawn = 0; drawn < 500; drawn += 1) expect(runName(random)).toMatch(/^[a-z]+-[a-z]+$/);
});

test('draws from at least 60 words on each side, none of them twice', () => {
  const draws = 200;
  const steps = Array.from({ length: draws }, (_, step) => step / draws);
  for (const side of [0, 1]) {
    const drawn = new Set(steps.map((step) => runName(alternating(step, side)).split('-')[side]));
    expect(drawn.size).toBeGreaterThanOrEqual(60);
    expect(drawn.size).toBeLessThan(draws); // each word was met more than once, so a pair of equal ones would show below
    expect(runs(steps.map((step) => runName(alternating(step, side)).split('-')[side] ?? ''))).toBe(
      drawn.size,
    );
  }
});

test('the same draws give the same name', () => {
  expect(runName(seededRandom(7))).toBe(runName(seededRandom(7)));
});

test('the ends of the range are words too', () => {
  expect(runName(() => 0)).toMatch(/^[a-z]+-[a-z]+$/);
  expect(runName(() => 1 - Number.EPSILON)).toMatch(/^[a-z]+-[a-z]+$/);
});

/** Draws `value` for one side, 0 for the other. */
function alternating(value: number, side: number): () => number {
  let turn = -1;
  return () => {
    turn += 1;
    return turn === side ? value : 0;
  };
}

/** How many stretches of equal words there are. */
function runs(drawn: readonly string[]): number {
  return drawn.filter((word, index) => word !== drawn[index - 1]).length;
}
