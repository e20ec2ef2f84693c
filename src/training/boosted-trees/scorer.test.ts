import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { Target } from '../../project/models/kind.ts';
import { boostTrees } from './boost.ts';
import { readTreeOptions } from './options.ts';
import { openScorer } from './scorer.ts';
import { predictColumns, type Trees } from './trees.ts';

const count = 700;
const random = seededRandom(5);
const value = (): number => (random() < 0.2 ? Number.NaN : Math.round(random() * 40) / 4 - 5);
const columns = Array.from({ length: 6 }, () => new Float32Array(count).map(value));
const target = new Float64Array(count).map((_, row) =>
  columns.reduce((sum, column, at) => sum + (column[row] || 2) * Math.cos(at * 3), 0),
);
const matrix = { features: columns.map((_, at) => `x${at}`), rows: count, columns };

function trained(given: object, kind: Target = { kind: 'number' }): Trees {
  const options = readTreeOptions({ trees: 12, minLeafRows: 2, earlyStopping: 0, ...given });
  const truth = kind.kind === 'number' ? target : target.map((one) => Math.abs(Math.round(one)) % 3);
  return boostTrees({ matrix, target: truth }, { options, target: kind });
}

/** Every threshold, what is beside it, and the ends of float32. */
function odd({ value: values, features }: Trees): readonly Float32Array[] {
  const ends = [0, -0, Infinity, -Infinity, Number.NaN, 3.4028234663852886e38, -3e38, 1e-45];
  const all = [...new Set([...values].flatMap((one) => [one, one + 1e-6, one - 1e-6])), ...ends].slice(-501);
  return features.map((_, feature) =>
    Float32Array.from(all, (_one, row) => all[(row * (feature + 1)) % all.length] ?? 0),
  );
}

test.each([
  ['numbers', trained({ depth: 6 })],
  ['a stump', trained({ depth: 1, trees: 1 })],
  ['no split at all', trained({ minGain: 1e12 })],
  ['leaf by leaf', trained({ depth: 9, leaves: 20 })],
  ['too deep for complete trees', trained({ depth: 14, minLeafRows: 1 })],
  ['classes', trained({ depth: 4 }, { kind: 'class', classes: ['a', 'b', 'c'] })],
] as const)('scores are those of walking node by node: %s', (_what, trees) => {
  const score = openScorer(trees);
  for (const rows of [1, 2, 3, 4, 63, 64, 65, count])
    expect(score(columns, rows)).toEqual(predictColumns(trees, columns, rows));
  const strange = odd(trees);
  expect(score(strange, 501)).toEqual(predictColumns(trees, strange, 501));
  expect(score(strange, 0)).toEqual(new Float32Array(0));
});

test.each([
  ['few categories', 7, { categories: ['x1'] }],
  ['two columns of them', 7, { categories: ['x1', 'x4'] }],
  ['more than a mask has bits', 90, { categories: ['x1'], depth: 3 }],
  ['more ways to divide them than there are columns for', 200, { categories: ['x1', 'x2'], trees: 80 }],
] as const)('trees with categories are scored too: %s', (_what, most, given) => {
  const codes = columns.map((column) => column.map((one) => Math.abs(Math.round(one * 40)) % most));
  const options = readTreeOptions({ trees: 8, minLeafRows: 2, earlyStopping: 0, ...given });
  const trees = boostTrees({ matrix: { ...matrix, columns: codes }, target }, { options });
  expect(trees.categoryMasks.some((masks) => masks > 0)).toBe(true);
  const score = openScorer(trees);
  for (const rows of [1, 64, 65, count])
    expect(score(codes, rows)).toEqual(predictColumns(trees, codes, rows));
  const other = [-1, -0.5, -0, 0.9, 31, 32, 63.5, 64, 255, 256, 2 ** 24, Infinity, -Infinity, Number.NaN];
  const strange = codes.map((_, at) =>
    Float32Array.from(other, (_one, row) => other[(row * (at + 1)) % other.length] ?? 0),
  );
  expect(score(strange, other.length)).toEqual(predictColumns(trees, strange, other.length));
});
