import { expect, test } from 'vitest';
import { chanceOf, pick } from './chance.ts';

test('a seed decides every draw, and close seeds draw differently', () => {
  const draw = (seed: number): readonly number[] => {
    const chance = chanceOf(seed);
    return Array.from({ length: 5 }, () => chance.next());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(Math.abs((draw(7)[0] ?? 0) - (draw(8)[0] ?? 0))).toBeGreaterThan(0.01);
});

test('draws have the mean and the deviation that they promise', () => {
  const chance = chanceOf(1);
  const normals = Array.from({ length: 20_000 }, () => chance.normal());
  const mean = normals.reduce((total, draw) => total + draw, 0) / normals.length;
  const variance = normals.reduce((total, draw) => total + (draw - mean) ** 2, 0) / normals.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
  expect(new Set(Array.from({ length: 200 }, () => pick(['a', 'b', 'c'], chance)))).toEqual(
    new Set(['a', 'b', 'c']),
  );
});
