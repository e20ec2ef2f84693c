import { expect, test } from 'vitest';
import { bandsOf, frameOf, isWithin } from './scatter-points.ts';

const points = Array.from({ length: 200 }, (_, index) => ({ predicted: index, actual: index + 1 }));

test('the frame holds all values, unless a few lie far outside', () => {
  expect(frameOf(points)).toEqual([0, 200]);
  const [low, high] = frameOf([...points, { predicted: 275_000, actual: 12 }]);
  expect(low).toBe(0);
  expect(high).toBeLessThan(400);
  expect(isWithin({ predicted: 275_000, actual: 12 }, [low, high])).toBe(false);
});

test('a frame of equal values is that value', () =>
  expect(frameOf([{ predicted: 3, actual: 3 }])).toEqual([3, 3]));

test('bands have the means of rows with similar predictions', () => {
  const bands = bandsOf(points);
  expect(bands).toHaveLength(10);
  expect(bands[0]).toEqual({ predicted: 9.5, actual: 10.5, rows: 20 });
  expect(bandsOf(points.slice(0, 3)).map(({ rows }) => rows)).toEqual([1, 1, 1]);
});
