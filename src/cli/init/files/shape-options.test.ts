import { expect, test } from 'vitest';
import { readTreeOptions } from '../../../training/boosted-trees/options.ts';
import { shapeOptions } from './shape-options.ts';

test.each([
  [60, ['depth: 3', 'learningRate: 0.05', 'minLeafRows: 3', 'trees: 1000', 'rowShare: 0.8']],
  [999, ['depth: 4', 'learningRate: 0.05', 'minLeafRows: 10', 'trees: 1000', 'rowShare: 0.8']],
  [1000, ['leaves: 31', 'depth: 16', 'trees: 1000']],
  [5000, ['leaves: 31', 'depth: 16']],
  [99_999, ['leaves: 31', 'depth: 16']],
  [100_000, []],
] as const)('trees of %i rows have the shape %j', (rows, shape) => {
  expect(shapeOptions(rows)).toEqual(shape);
  const options = shape.map((option) => option.split(': ') as [string, string]);
  const given = Object.fromEntries(options.map(([name, value]) => [name, Number(value)]));
  expect(readTreeOptions(given)).toMatchObject(given);
});
