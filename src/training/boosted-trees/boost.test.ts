import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../kernel/random.ts';
import { boostTrees, type Examples, type RoundLoss } from './boost.ts';
import { readTreeOptions } from './options.ts';
import { gainShares, predictColumns, predictRow, type Trees } from './trees.ts';

const options = (given: Readonly<Record<string, number>>): ReturnType<typeof readTreeOptions> =>
  readTreeOptions({ earlyStopping: 0, ...given });

function examples(columns: readonly (readonly number[])[], target: readonly number[]): Examples {
  const features = columns.map((_, at) => `x${at}`);
  const matrix = {
    features,
    rows: target.length,
    columns: columns.map((column) => Float32Array.from(column)),
  };
  return { matrix, target: Float64Array.from(target) };
}

function drawn(rows: number, random: Random): Examples {
  const value = (): number => (random() < 0.15 ? Number.NaN : Math.round(random() * 40) / 4);
  const columns = Array.from({ length: 5 }, () => Array.from({ length: rows }, value));
  const at = (feature: number, row: number): number => columns[feature]?.[row] ?? Number.NaN;
  const target = Array.from({ length: rows }, (_, row) => {
    const [a, b] = [at(0, row), at(1, row)];
    return (Number.isNaN(a) ? 12 : a) * 2 + (b > 4 ? 5 : 0) + random();
  });
  return examples(columns, target);
}

const errorOf = (trees: Trees, { matrix, target }: Examples): number =>
  predictColumns(trees, matrix.columns, matrix.rows).reduce(
    (sum, value, row) => sum + (value - (target[row] ?? 0)) ** 2,
    0,
  );

test('one split of four rows, by hand', () => {
  const rows = examples([[1, 2, 3, 4]], [0, 0, 10, 10]);
  const trees = boostTrees(rows, {
    options: options({ trees: 1, depth: 1, learningRate: 0.5, l2: 1, minLeafRows: 1 }),
  });
  expect(trees.bases[0]).toBe(5);
  expect([...trees.feature]).toEqual([0, -1, -1]);
  expect([...trees.value]).toEqual([2.5, Math.fround(-10 / 3 / 2), Math.fround(10 / 3 / 2)]);
  expect([...trees.cover]).toEqual([4, 2, 2]);
  expect(trees.gain[0]).toBeCloseTo(100 / 3 + 100 / 3, 5);
});

test('the first split is the best of all thresholds and both sides for missing values', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rows = drawn(60, seededRandom(seed));
    const trees = boostTrees(rows, { options: options({ trees: 1, depth: 1, minLeafRows: 5, l2: 2 }) });
    expect(trees.gain[0]).toBeCloseTo(
      bestGain(rows, { minLeafRows: 5, l2: 2, base: trees.bases[0] ?? 0 }),
      3,
    );
  }
});

/** Every feature, every threshold, both sides. */
function bestGain(
  { matrix, target }: Examples,
  { minLeafRows, l2, base }: { minLeafRows: number; l2: number; base: number },
): number {
  const score = (rows: readonly number[]): number =>
    rows.reduce((sum, row) => sum + base - (target[row] ?? 0), 0) ** 2 / (rows.length + l2);
  const all = [...target.keys()];
  const gains = matrix.columns.flatMap((column) =>
    [...new Set(column)].flatMap((value) =>
      [true, false].map((missingLeft) => {
        const goesLeft = (row: number): boolean =>
          Number.isNaN(column[row]) ? missingLeft : (column[row] ?? 0) <= value;
        const left = all.filter(goesLeft);
        const right = all.filter((row) => !goesLeft(row));
        const allowed = Math.min(left.length, right.length) >= minLeafRows;
        return allowed ? score(left) + score(right) - score(all) : 0;
      }),
    ),
  );
  return Math.max(...gains);
}

test('every node covers the rows that reach it, and a leaf answers the shrunk mean of what is left', () => {
  const rows = drawn(400, seededRandom(3));
  const trees = boostTrees(rows, {
    options: options({ trees: 1, depth: 5, minLeafRows: 8, learningRate: 1, l2: 0 }),
  });
  const reached = new Map<number, number[]>();
  for (let row = 0; row < 400; row++) {
    let node = 0;
    for (;;) {
      reached.set(node, [...(reached.get(node) ?? []), row]);
      const feature = trees.feature[node] ?? -1;
      if (feature < 0) break;
      const x = rows.matrix.columns[feature]?.[row] ?? Number.NaN;
      const side = Number.isNaN(x) ? trees.missing : x < (trees.value[node] ?? 0) ? trees.left : trees.right;
      node = side[node] ?? -1;
    }
  }
  expect(reached.size).toBe(trees.feature.length);
  for (const [node, there] of reached) {
    expect(trees.cover[node]).toBe(there.length);
    if ((trees.feature[node] ?? -1) >= 0) continue;
    expect(there.length).toBeGreaterThanOrEqual(8);
    const mean = there.reduce((sum, row) => sum + (rows.target[row] ?? 0), 0) / there.length;
    expect((trees.bases[0] ?? 0) + (trees.value[node] ?? 0)).toBeCloseTo(mean, 4);
  }
});

test('no path is longer than the depth', () => {
  const trees = boostTrees(drawn(2000, seededRandom(4)), {
    options: options({ trees: 5, depth: 3, minLeafRows: 1 }),
  });
  const deepest = (node: number): number =>
    (trees.feature[node] ?? -1) < 0
      ? 0
      : 1 + Math.max(deepest(trees.left[node] ?? 0), deepest(trees.right[node] ?? 0));
  expect(Math.max(...[...trees.starts.subarray(0, 5)].map(deepest))).toBe(3);
});

test('a missing value that means something is learned', () => {
  const column = Array.from({ length: 200 }, (_, row) => (row % 2 === 0 ? row : Number.NaN));
  const trees = boostTrees(
    examples(
      [column],
      column.map((value) => (Number.isNaN(value) ? 9 : 1)),
    ),
    { options: options({ trees: 1, depth: 1, learningRate: 1, l2: 0 }) },
  );
  expect(predictRow(trees, Float32Array.of(Number.NaN))[0]).toBe(9);
  expect(predictRow(trees, Float32Array.of(1e30))[0]).toBe(1);
});

test('a split must gain more than the least gain', () => {
  const rows = examples([[1, 2, 3, 4]], [0, 0, 10, 10]);
  const given = { trees: 1, depth: 1, l2: 1, minLeafRows: 1 };
  const grown = (minGain: number): number =>
    boostTrees(rows, { options: options({ ...given, minGain }) }).feature.length;
  expect([grown(66), grown(67)]).toEqual([3, 1]);
  const many = boostTrees(drawn(400, seededRandom(12)), {
    options: options({ trees: 10, depth: 6, minLeafRows: 2, minGain: 20 }),
  });
  const gains = [...many.gain].filter((_, node) => (many.feature[node] ?? -1) >= 0);
  expect(gains.length).toBeGreaterThan(20);
  expect(Math.min(...gains)).toBeGreaterThan(20);
});

test.each([
  ['low', 1, 'left'],
  ['high', 9, 'right'],
] as const)('a missing value goes where the %s values go when it means the same', (_what, means, side) => {
  const column = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? Number.NaN : row));
  const target = column.map((value) => (Number.isNaN(value) ? means : value < 150 ? 1 : 9));
  const trees = boostTrees(examples([column], target), {
    options: options({ trees: 1, depth: 1, learningRate: 1, l2: 0 }),
  });
  expect(trees.missing[0]).toBe(trees[side][0]);
  expect(predictRow(trees, Float32Array.of(Number.NaN))[0]).toBeCloseTo(means, 5);
  expect(predictRow(trees, Float32Array.of(10))[0]).toBeCloseTo(1, 5);
  expect(predictRow(trees, Float32Array.of(290))[0]).toBeCloseTo(9, 5);
});

test.each([
  [0.75, 'left'],
  [0.25, 'right'],
] as const)('with %d of the rows on the left a value that was never missing goes %s', (share, side) => {
  const values = Array.from({ length: 200 }, (_, row) => row);
  const trees = boostTrees(
    examples(
      [values],
      values.map((value) => (value < 200 * share ? 1 : 9)),
    ),
    { options: options({ trees: 1, depth: 1 }) },
  );
  expect(trees.missing[0]).toBe(trees[side][0]);
});

test('a tree asks about its share of the features alone', () => {
  const random = seededRandom(13);
  const columns = Array.from({ length: 8 }, () => Array.from({ length: 500 }, () => random()));
  const target = Array.from({ length: 500 }, (_, row) =>
    columns.reduce((sum, column) => sum + (column[row] ?? 0), 0),
  );
  const asked = (featureShare: number): readonly number[] => {
    const trees = boostTrees(examples(columns, target), { options: options({ trees: 12, featureShare }) });
    return Array.from(
      { length: 12 },
      (_, tree) =>
        new Set(
          trees.feature
            .subarray(trees.starts[tree], trees.starts[tree + 1])
            .filter((feature) => feature >= 0),
        ).size,
    );
  };
  expect(Math.max(...asked(0.25))).toBe(2);
  expect(Math.max(...asked(1))).toBeGreaterThan(4);
});

test('few bins leave few thresholds', () => {
  const rows = drawn(600, seededRandom(14));
  const thresholds = (bins: number): number => {
    const trees = boostTrees(rows, { options: options({ trees: 10, bins }) });
    return new Set([...trees.value].filter((_, node) => trees.feature[node] === 0)).size;
  };
  expect(thresholds(2)).toBeLessThanOrEqual(2);
  expect(thresholds(255)).toBeGreaterThan(4);
});

test('early stopping waits for as many trees as it is told', () => {
  const random = seededRandom(15);
  const [rows, validation] = [drawn(300, random), drawn(300, random)];
  const waited = (earlyStopping: number): number => {
    let grown = 0;
    const given = { trees: 400, depth: 5, minLeafRows: 2, learningRate: 0.3, earlyStopping };
    const onTree = (): void => void (grown += 1);
    const trees = boostTrees(rows, { options: readTreeOptions(given), validation, onTree });
    return grown - (trees.starts.length - 1);
  };
  expect([waited(3), waited(50)]).toEqual([3, 50]);
});

test('the same seed gives the same trees and another one others', () => {
  const rows = drawn(500, seededRandom(5));
  const shares = { trees: 10, rowShare: 0.6, featureShare: 0.5 };
  const train = (seed: number): Trees => boostTrees(rows, { options: options({ ...shares, seed }) });
  expect(train(1)).toEqual(train(1));
  expect(train(1)).not.toEqual(train(2));
});

test('a sampled tree learns from a share of the rows', () => {
  const trees = boostTrees(drawn(500, seededRandom(6)), { options: options({ trees: 3, rowShare: 0.5 }) });
  expect([...trees.starts.subarray(0, 3)].map((root) => trees.cover[root])).toEqual([250, 250, 250]);
});

test('more trees come closer to what they learn from', () => {
  const rows = drawn(800, seededRandom(7));
  const after = (trees: number): number => errorOf(boostTrees(rows, { options: options({ trees }) }), rows);
  expect(after(60)).toBeLessThan(after(10) / 4);
});

test('early stopping keeps the trees up to the lowest error on the validation rows', () => {
  const random = seededRandom(8);
  const [rows, validation] = [drawn(300, random), drawn(300, random)];
  const given = { trees: 300, depth: 5, minLeafRows: 2, learningRate: 0.3 };
  const stopped = boostTrees(rows, { options: readTreeOptions({ ...given, earlyStopping: 20 }), validation });
  const kept = stopped.starts.length - 1;
  expect(kept).toBeLessThan(280);
  const errors = Array.from({ length: kept + 20 }, (_, at) =>
    errorOf(boostTrees(rows, { options: options({ ...given, trees: at + 1 }) }), validation),
  );
  expect(errors.indexOf(Math.min(...errors)) + 1).toBe(kept);
});

test.for([
  { name: 'every round', given: {} },
  { name: 'trees that leave rows out', given: { rowShare: 0.5 } },
  { name: 'early stopping that is off', given: { earlyStopping: 0 } },
])('losses by round are those of the trees so far: $name', ({ given }) => {
  const random = seededRandom(8);
  const [rows, validation] = [drawn(300, random), drawn(200, random)];
  const losses: RoundLoss[] = [];
  const all = { trees: 30, depth: 3, minLeafRows: 2, earlyStopping: 30, ...given };
  const trees = boostTrees(rows, {
    options: readTreeOptions(all),
    validation,
    onLoss: (loss) => void losses.push(loss),
  });
  expect(losses.map(({ round }) => round)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  expect(trees).toEqual(boostTrees(rows, { options: readTreeOptions(all), validation }));
  const tenth = boostTrees(rows, { options: readTreeOptions({ ...all, trees: 10, earlyStopping: 0 }) });
  // The squared loss is half of the squared error.
  expect(losses[9]?.train).toBeCloseTo(errorOf(tenth, rows) / 2 / 300, 4);
  expect(losses[9]?.validation).toBeCloseTo(errorOf(tenth, validation) / 2 / 200, 4);
});

test('losses of many rounds are reported for a hundred, evenly spread', () => {
  const random = seededRandom(8);
  const [rows, validation] = [drawn(60, random), drawn(60, random)];
  const rounds: number[] = [];
  const options = readTreeOptions({ trees: 500, depth: 1, earlyStopping: 0 });
  boostTrees(rows, { options, validation, onLoss: ({ round }) => void rounds.push(round) });
  expect(rounds).toEqual(Array.from({ length: 100 }, (_, at) => at * 5 + 1));
});

test('a target that does not vary is answered without a split', () => {
  const trees = boostTrees(examples([[1, 2, 3]], [0.1, 0.1, 0.1]), {
    options: options({ trees: 2, minLeafRows: 1, l2: 0 }),
  });
  expect([...trees.feature]).toEqual([-1, -1]);
  expect(predictRow(trees, Float32Array.of(2))[0]).toBeCloseTo(0.1, 7);
  expect(gainShares(trees)).toEqual({ x0: 0 });
});

test.each([10, 999, 3001])('%d equal targets are not split on what rounding leaves', (rows) => {
  const values = Array.from({ length: rows }, (_, row) => row);
  const given = examples(
    [values],
    values.map(() => 0.1),
  );
  const trees = boostTrees(given, { options: options({ trees: 3, minLeafRows: 1, l2: 0 }) });
  expect([...trees.feature]).toEqual([-1, -1, -1]);
});

test('gain goes to the features that tell something', () => {
  const rows = drawn(2000, seededRandom(9));
  const shares = gainShares(boostTrees(rows, { options: options({ trees: 20 }) }));
  expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  expect((shares['x0'] ?? 0) + (shares['x1'] ?? 0)).toBeGreaterThan(0.95);
});

test('a whole block and a row alone are answered alike', () => {
  const rows = drawn(700, seededRandom(10));
  const trees = boostTrees(rows, { options: options({ trees: 15 }) });
  const alone = rows.matrix.columns[0]?.map((_, row) => {
    const values = Float32Array.from(rows.matrix.columns, (column) => column[row] ?? 0);
    return predictRow(trees, values)[0] ?? Number.NaN;
  });
  expect(predictColumns(trees, rows.matrix.columns, 700)).toEqual(alone);
});

test('a target that is no number is refused by its row', () => {
  const rows = examples([[1, 2]], [1, Number.NaN]);
  expect(() => boostTrees(rows, { options: options({}) })).toThrow(/\(target of training row 1: "NaN"/);
  expect(() => boostTrees(examples([[]], []), { options: options({}) })).toThrow(/at least one row/);
});

test.each([
  ['depth', 2.5],
  ['bins', 256],
  ['learningRate', 0],
  ['rowShare', 1.5],
  ['leavez', 31],
])('the option %s = %d is refused', (name, value) => {
  expect(() => readTreeOptions({ [name]: value })).toThrow(
    new RegExp(`trainer option ${name}.*(: |got )${value}\\)`),
  );
});
