import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { Contributions } from '../../project/models/predictor.ts';
import { boostTrees } from './boost.ts';
import { readTreeOptions } from './options.ts';
import { gaussLegendre } from './quadrature.ts';
import { prepareExplain } from './shapley.ts';
import { predictRow, type Trees } from './trees.ts';

function trained(
  depth: number,
  trees: number,
): { readonly trees: Trees; readonly rows: readonly Float32Array[] } {
  const random = seededRandom(depth);
  const count = 300;
  const columns = Array.from({ length: 5 }, () =>
    new Float32Array(count).map(() => (random() < 0.1 ? Number.NaN : random() * 10)),
  );
  const target = new Float64Array(count).map((_, row) => {
    const [a = 0, b = 0, c = 0] = columns.map((column) =>
      Number.isNaN(column[row]) ? 3 : (column[row] ?? 0),
    );
    return a * b + (c > 5 ? a * 4 : 0) + random() * 3;
  });
  const matrix = { features: ['a', 'b', 'c', 'd', 'e'], rows: count, columns };
  const options = readTreeOptions({ trees, depth, minLeafRows: 3, learningRate: 0.3, earlyStopping: 0 });
  const rows = Array.from({ length: 25 }, (_, row) =>
    Float32Array.from(columns, (column) => column[row] ?? 0),
  );
  return { trees: boostTrees({ matrix, target }, { options }), rows };
}

/** What is expected of a row of which the features in `known` are known. */
function expected(trees: Trees, row: Float32Array, knownFeatures: ReadonlySet<number>): number {
  const below = (node: number): number => {
    const feature = trees.feature[node] ?? -1;
    const [left, right] = [trees.left[node] ?? 0, trees.right[node] ?? 0];
    if (feature < 0) return trees.value[node] ?? 0;
    const x = row[feature] ?? Number.NaN;
    if (knownFeatures.has(feature))
      return below(
        Number.isNaN(x) ? (trees.missing[node] ?? 0) : x < (trees.value[node] ?? 0) ? left : right,
      );
    const [onLeft, onRight] = [trees.cover[left] ?? 0, trees.cover[right] ?? 0];
    return (onLeft * below(left) + onRight * below(right)) / (onLeft + onRight);
  };
  return [...trees.starts.subarray(0, -1)].reduce((sum, root) => sum + below(root), trees.bases[0] ?? 0);
}

/** Shapley's own formula, over all subsets. */
function shapley(trees: Trees, row: Float32Array, feature: number): number {
  const others = [0, 1, 2, 3, 4].filter((other) => other !== feature);
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  let value = 0;
  for (let subset = 0; subset < 16; subset++) {
    const knownFeatures = others.filter((_, at) => subset & (1 << at));
    const weight = (factorial(knownFeatures.length) * factorial(4 - knownFeatures.length)) / factorial(5);
    value +=
      weight *
      (expected(trees, row, new Set([...knownFeatures, feature])) -
        expected(trees, row, new Set(knownFeatures)));
  }
  return value;
}

test.each([1, 2, 3, 5, 8])('contributions of trees of depth %d are those over all subsets', (depth) => {
  const { trees, rows } = trained(depth, 3);
  const explain = prepareExplain(trees);
  for (const row of rows) {
    const { baseline, contributions } = explain(row)[0] as Contributions;
    expect(baseline).toBeCloseTo(expected(trees, row, new Set()), 9);
    for (const [feature, contribution] of contributions.entries())
      expect(contribution).toBeCloseTo(shapley(trees, row, feature), 9);
  }
});

test('baseline and contributions sum to the answer', () => {
  const { trees, rows } = trained(6, 50);
  const explain = prepareExplain(trees);
  for (const row of rows) {
    const { baseline, contributions } = explain(row)[0] as Contributions;
    expect(contributions.reduce((sum, one) => sum + one, baseline)).toBeCloseTo(
      predictRow(trees, row)[0] ?? 0,
      3,
    );
  }
});

test('a model without a split explains by its baseline alone', () => {
  const options = readTreeOptions({ trees: 2, earlyStopping: 0 });
  const matrix = { features: ['a'], rows: 2, columns: [Float32Array.of(1, 2)] };
  const trees = boostTrees({ matrix, target: Float64Array.of(4, 4) }, { options });
  expect(prepareExplain(trees)(Float32Array.of(1))).toEqual([
    { baseline: 4, contributions: Float64Array.of(0) },
  ]);
});

test.each([1, 2, 3, 5, 8])('%d points integrate every power below twice as many', (count) => {
  const { points, weights } = gaussLegendre(count);
  for (let power = 0; power < 2 * count; power++) {
    const integral = points.reduce((sum, point, at) => sum + (weights[at] ?? 0) * point ** power, 0);
    expect(integral).toBeCloseTo(1 / (power + 1), 13);
  }
});
