import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../kernel/random.ts';
import { boostTrees, type Examples } from './boost.ts';
import { type BoostedTreesOptions, readTreeOptions, type TreeOptions } from './options.ts';
import { respond } from './objective.ts';
import { predictColumns, predictRow, type Trees } from './trees.ts';
import { readXgboost } from './xgboost-read.ts';
import { writeXgboost } from './xgboost-write.ts';

const options = (given: BoostedTreesOptions): TreeOptions =>
  readTreeOptions({ trees: 60, depth: 4, earlyStopping: 0, ...given });

interface Drawn {
  readonly rows?: number;
  readonly features?: number;
  readonly seed?: number;
  readonly target: (x: readonly number[], random: Random) => number;
}

function drawn({ rows = 1500, features = 3, seed = 1, target }: Drawn): Examples {
  const random = seededRandom(seed);
  const columns = Array.from({ length: features }, () => new Float32Array(rows).map(() => random() * 10));
  return {
    matrix: { features: columns.map((_, at) => `x${at}`), rows, columns },
    target: new Float64Array(rows).map((_, row) =>
      target(
        columns.map((column) => column[row] ?? 0),
        random,
      ),
    ),
  };
}

const predicted = (trees: Trees, { matrix }: Examples): Float32Array =>
  respond(trees.objective, predictColumns(trees, matrix.columns, matrix.rows), trees.bases.length);
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

test.each([0.1, 0.5, 0.9])(
  'the quantile loss predicts what a share %d of outcomes stays below',
  (quantile) => {
    const noisy = (seed: number): Examples =>
      drawn({ seed, rows: 4000, target: ([a = 0], random) => a + random() * (a + 1) });
    const trees = boostTrees(noisy(1), { options: options({ loss: 'quantile', quantile, minLeafRows: 50 }) });
    const fresh = noisy(2);
    const below = [...predicted(trees, fresh)].map((value, row) => Number((fresh.target[row] ?? 0) < value));
    expect(Math.abs(mean(below) - quantile)).toBeLessThan(0.04);
    expect(trees.objective).toBe('reg:quantileerror');
  },
);

test('the Poisson loss predicts the mean of counts, never below 0', () => {
  const counts = (seed: number): Examples =>
    drawn({
      seed,
      rows: 4000,
      target: ([a = 0], random) => Array.from({ length: 50 }, random).filter((one) => one < a / 50).length,
    });
  const trees = boostTrees(counts(1), { options: options({ loss: 'poisson' }) });
  const fresh = counts(2);
  const values = [...predicted(trees, fresh)];
  expect(Math.min(...values)).toBeGreaterThan(0);
  expect(mean(values) / mean([...fresh.target])).toBeCloseTo(1, 1);
  const errors = values.map((value, row) => Math.abs(value - (fresh.matrix.columns[0]?.[row] ?? 0)));
  expect(mean(errors)).toBeLessThan(0.8);
});

test('the Huber loss is not moved by outliers', () => {
  const far = drawn({ target: ([a = 0], random) => (random() < 0.05 ? 10_000 : a) });
  const error = (loss: 'squared' | 'huber'): number => {
    const values = [...predicted(boostTrees(far, { options: options({ loss }) }), far)];
    return mean(values.map((value, row) => Math.abs(value - (far.matrix.columns[0]?.[row] ?? 0))));
  };
  expect(error('huber')).toBeLessThan(1);
  expect(error('squared')).toBeGreaterThan(100);
});

test.each(['poisson', 'quantile', 'huber'] as const)(
  'a model of the loss %s reads back as itself',
  (loss) => {
    const trees = boostTrees(drawn({ target: ([a = 0]) => a }), { options: options({ loss, trees: 3 }) });
    expect(readXgboost(writeXgboost(trees), 'model').trees).toEqual(trees);
  },
);

/** Codes whose effect has no order. */
const venues = drawn({ rows: 3000, target: () => 0 });
const codes = new Float32Array(3000).map((_, row) => (row % 11 === 0 ? Number.NaN : ((row * 7) % 40) * 3));
const effect = (code: number): number => (Number.isNaN(code) ? 4 : (code * 37) % 11);
const byVenue: Examples = {
  matrix: {
    ...venues.matrix,
    features: ['venue', 'x1', 'x2'],
    columns: [codes, ...venues.matrix.columns.slice(1)],
  },
  target: new Float64Array(3000).map((_, row) => effect(codes[row] ?? 0)),
};

test('categories are split into sets, with fewer leaves than by their order', () => {
  const error = (categories: readonly string[]): number => {
    const given = { categories, trees: 1, depth: 3, learningRate: 1, l2: 0 };
    const trees = boostTrees(byVenue, { options: options(given) });
    const values = predicted(trees, byVenue);
    return mean([...values].map((value, row) => (value - (byVenue.target[row] ?? 0)) ** 2));
  };
  expect(error(['venue'])).toBeLessThan(error([]) / 5);
});

test.each([8, 40, 200])('of %i categories a split names at most 32', (count) => {
  const random = seededRandom(7);
  const venue = Float32Array.from({ length: 8000 }, () => Math.floor(random() * count));
  const byCode = {
    matrix: { features: ['venue'], columns: [venue], rows: venue.length },
    target: Float64Array.from(venue, (code) => (code % 8) % 2),
  };
  const tree = boostTrees(byCode, { options: options({ categories: ['venue'], trees: 1, depth: 1 }) });
  const named = Array.from(tree.categories, (mask) => mask.toString(2).replaceAll('0', '').length);
  expect(named.reduce((sum, bits) => sum + bits, 0)).toBe(Math.min(32, count / 2));
});

test('a model with categories reads back as itself, and unseen codes go left', () => {
  const trees = boostTrees(byVenue, { options: options({ categories: ['venue'], trees: 5 }) });
  expect(trees.categoryMasks.some((masks) => masks > 0)).toBe(true);
  const back = readXgboost(writeXgboost(trees), 'model').trees;
  expect(predictColumns(back, byVenue.matrix.columns, 3000)).toEqual(
    predictColumns(trees, byVenue.matrix.columns, 3000),
  );
  const one = boostTrees(byVenue, { options: options({ categories: ['venue'], trees: 1, depth: 1 }) });
  const left = one.value[one.left[0] ?? 0] ?? 0;
  for (const code of [-1, 5000, 2 ** 24, 1e30, -Infinity])
    expect(predictRow(one, Float32Array.of(code, 0, 0))[0]).toBe(Math.fround((one.bases[0] ?? 0) + left));
});

test.each(['rising', 'falling'] as const)(
  'a monotone feature only moves the prediction one way: %s',
  (way) => {
    const wavy = drawn({ target: ([a = 0, b = 0], random) => Math.sin(a) * 5 + a * b * 0.1 + random() });
    const movesAgainst = (monotone: BoostedTreesOptions['monotone']): boolean => {
      const trees = boostTrees(wavy, { options: options({ monotone, minLeafRows: 5, depth: 6 }) });
      return [0, 3, 7, 10].some((b) => {
        const values = Array.from(
          { length: 200 },
          (_, at) => predictRow(trees, Float32Array.of(at / 20, b, 5))[0] ?? 0,
        );
        return values.some(
          (value, at) => at > 0 && (value - (values[at - 1] ?? 0)) * (way === 'rising' ? 1 : -1) < 0,
        );
      });
    };
    expect(movesAgainst({})).toBe(true);
    expect(movesAgainst({ x0: way })).toBe(false);
  },
);

test('a limit on leaves splits the leaf that gains most first', () => {
  const rows = drawn({ target: ([a = 0, b = 0]) => (a < 5 ? 0 : b * b) });
  const given = { trees: 1, learningRate: 1, l2: 0, minLeafRows: 5 };
  const leafWise = boostTrees(rows, { options: options({ ...given, depth: 8, leaves: 8 }) });
  const levelWise = boostTrees(rows, { options: options({ ...given, depth: 3 }) });
  const leaves = (trees: Trees): number => [...trees.feature].filter((feature) => feature < 0).length;
  expect([leaves(leafWise), leaves(levelWise)]).toEqual([8, expect.any(Number)]);
  const error = (trees: Trees): number =>
    mean([...predicted(trees, rows)].map((value, row) => (value - (rows.target[row] ?? 0)) ** 2));
  expect(error(leafWise)).toBeLessThan(error(levelWise) / 2);
});

test('the L1 penalty takes small leaves to 0, and a minimum of hessians keeps leaves large', () => {
  const rows = drawn({ target: ([a = 0], random) => (a > 9.5 ? 40 : random()) });
  const trees = (given: BoostedTreesOptions): Trees =>
    boostTrees(rows, { options: options({ trees: 1, ...given }) });
  const values = (model: Trees): readonly number[] =>
    [...model.value].filter((_, node) => (model.feature[node] ?? 0) < 0);
  expect(values(trees({ l1: 5000 }))).toEqual([0]);
  const highest = (l1: number): number => Math.max(...values(trees({ l1, depth: 1 })));
  expect(highest(1000) / highest(0)).toBeCloseTo(1 - 1000 / gradientOf(rows), 2);
  const covers = (model: Trees): readonly number[] =>
    [...model.cover].filter((_, node) => (model.feature[node] ?? 0) < 0);
  expect(Math.min(...covers(trees({ minLeafRows: 1, minChildWeight: 100 })))).toBeGreaterThanOrEqual(100);
  expect(Math.min(...covers(trees({ minLeafRows: 1 })))).toBeLessThan(100);
});

/** Of the rows above 9.5. */
function gradientOf({ matrix, target }: Examples): number {
  const base = mean([...target]);
  return target.reduce(
    (sum, truth, row) => sum + ((matrix.columns[0]?.[row] ?? 0) > 9.5 ? truth - base : 0),
    0,
  );
}

test.each([
  [{ kind: 'number' }, 8],
  [{ kind: 'boolean' }, 2],
] as const)('a weight of 3 is three rows: %j', (target, minChildWeight) => {
  const noisy = ([a = 0, b = 0]: readonly number[], random: Random): number => a + b + random() * 4;
  const rows = drawn({
    rows: 200,
    target: (x, random) => (target.kind === 'number' ? noisy(x, random) : Number(noisy(x, random) > 12)),
  });
  const times = Array.from({ length: 200 }, (_, row) => (row % 4 === 0 ? 3 : 1));
  const repeated = times.flatMap((count, row) => Array.from({ length: count }, () => row));
  const thrice: Examples = {
    matrix: {
      ...rows.matrix,
      rows: repeated.length,
      columns: rows.matrix.columns.map((column) => Float32Array.from(repeated, (row) => column[row] ?? 0)),
    },
    target: Float64Array.from(repeated, (row) => rows.target[row] ?? 0),
  };
  const given = options({ trees: 10, minLeafRows: 1, minChildWeight });
  const weighted = boostTrees({ ...rows, weight: Float64Array.from(times) }, { options: given, target });
  const plain = boostTrees(thrice, { options: given, target });
  const [ofWeighted, ofPlain] = [predicted(weighted, rows), predicted(plain, rows)];
  for (const [row, value] of ofWeighted.entries()) expect(value).toBeCloseTo(ofPlain[row] ?? 9, 4);
  expect([...ofWeighted]).not.toEqual([...predicted(boostTrees(rows, { options: given, target }), rows)]);
});

test('training continues from an earlier model', () => {
  const rows = drawn({ target: ([a = 0, b = 0]) => a * b });
  const first = boostTrees(rows, { options: options({ trees: 20 }) });
  const more = boostTrees(rows, { options: options({ trees: 15 }), from: first });
  expect(more).toEqual(boostTrees(rows, { options: options({ trees: 35 }) }));
});

test.each([
  [{ categories: ['pitch'] }, /trainer option categories must name features: x0, x1, x2 \(got "pitch"\)/],
  [{ monotone: { pitch: 'rising' } }, /trainer option monotone must name features.*"pitch"/],
  [{ categories: ['x0'], monotone: { x0: 'rising' } }, /monotone must name features that are numbers/],
] as const)('options of features that the rows do not have are refused: %j', (given, message) => {
  const rows = drawn({ rows: 50, target: () => 1 });
  expect(() => boostTrees(rows, { options: options(given) })).toThrow(message);
});

test.each([
  [[1, -2], undefined, /target of training row 1 must be a count.*-2/],
  [[1, 2], [1, Number.NaN], /weight of training row 1 must be/],
  [[1, 2], [0, 0], /weights of the training rows must not all be 0/],
] as const)('targets %j and weights %j are refused', (target, weight, message) => {
  const rows = drawn({ rows: 2, target: () => 1 });
  const given = {
    ...rows,
    target: Float64Array.from(target),
    ...(weight && { weight: Float64Array.from(weight) }),
  };
  expect(() => boostTrees(given, { options: options({ loss: 'poisson' }) })).toThrow(message);
});

test.each(['constructor', 'toString', '__proto__'])(
  'a feature that is called %s has no direction',
  (name) => {
    const rows = drawn({ rows: 400, features: 1, target: ([a = 0]) => a });
    const renamed = { ...rows, matrix: { ...rows.matrix, features: [name] } };
    const [as, plain] = [renamed, rows].map((each) =>
      predicted(boostTrees(each, { options: options({}) }), each),
    );
    expect(as).toEqual(plain);
    expect(new Set(as).size).toBeGreaterThan(20);
  },
);
