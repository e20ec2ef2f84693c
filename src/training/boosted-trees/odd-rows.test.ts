import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { boostTrees, type Examples } from './boost.ts';
import { readTreeOptions } from './options.ts';
import { predictColumns } from './trees.ts';

const options = readTreeOptions({ trees: 5, depth: 3, minLeafRows: 1, earlyStopping: 0 });

function examples(columns: readonly Float32Array[], target: readonly number[]): Examples {
  const features = columns.map((_, at) => `x${at}`);
  return { matrix: { features, rows: target.length, columns }, target: Float64Array.from(target) };
}

test('a feature that is always missing is not split on', () => {
  const random = seededRandom(1);
  const missing = new Float32Array(100).fill(Number.NaN);
  const rows = examples([missing, new Float32Array(100).map(random)], Array.from({ length: 100 }, random));
  const trees = boostTrees(rows, { options });
  expect(trees.feature.includes(0)).toBe(false);
  expect(trees.feature.includes(1)).toBe(true);
  const alone = boostTrees(examples([missing], [...rows.target]), { options });
  expect(alone.feature.every((feature) => feature < 0)).toBe(true);
});

test.each([{ kind: 'number' }, { kind: 'boolean' }] as const)(
  'two rows are enough for a model: %j',
  (target) => {
    const rows = examples([Float32Array.of(1, 2)], [0, 1]);
    const [low = 9, high = 0] = predictColumns(boostTrees(rows, { options, target }), rows.matrix.columns, 2);
    expect(low).toBeLessThan(high);
  },
);

test('the one of 10,000 features that matters is found', () => {
  const random = seededRandom(2);
  const columns = Array.from({ length: 10_000 }, () => new Float32Array(60).map(random));
  const rows = examples(
    columns,
    [...(columns[7777] ?? [])].map((value) => (value > 0.5 ? 100 : 0)),
  );
  expect(boostTrees(rows, { options: { ...options, trees: 1 } }).feature[0]).toBe(7777);
});
