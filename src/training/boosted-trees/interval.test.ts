import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../kernel/random.ts';
import { intervalCoverage } from '../metrics/regression.ts';
import type { TrainingRows } from '../../project/models/trainer.ts';
import { boostTrees } from './boost.ts';
import {
  fitInterval,
  fitIntervalOfLeftOut,
  type Interval,
  isEnoughForInterval,
  readInterval,
} from './interval.ts';
import { readTreeOptions } from './options.ts';
import { predictColumns, type Trees } from './trees.ts';

function normalFrom(random: Random): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Rows of two features in groups of ten; `target` is told row, values and noise. */
function rowsOf(
  count: number,
  target: (given: { readonly row: number; readonly x: number; readonly noise: number }) => number,
  { seed = 1, second }: { readonly seed?: number; readonly second?: (row: number) => number } = {},
): TrainingRows {
  const random = seededRandom(seed);
  const normal = normalFrom(random);
  const x = new Float32Array(count).map(() => random() * 10);
  const z = new Float32Array(count).map((_, row) => second?.(row) ?? random());
  return {
    matrix: { features: ['x', 'z'], rows: count, columns: [x, z] },
    target: new Float64Array(count).map((_, row) => target({ row, x: x[row] ?? 0, noise: normal() })),
    group: new Int32Array(count).map((_, row) => Math.floor(row / 10)),
    order: new Float64Array(count).map((_, row) => row),
  };
}

interface Fit {
  readonly model: Trees;
  readonly scale: Trees;
  readonly interval: Interval;
}

function fit(rows: TrainingRows, given: Readonly<Record<string, number>>, level = 0.8): Fit {
  const options = readTreeOptions({ earlyStopping: 0, ...given });
  return { model: boostTrees(rows, { options }), ...fitInterval(rows, { options, level }) };
}

function coverage({ model, scale, interval }: Fit, fresh: TrainingRows): number {
  const { columns, rows } = fresh.matrix;
  const [values, scales] = [predictColumns(model, columns, rows), predictColumns(scale, columns, rows)];
  const bound = (quantile: number): Float64Array =>
    Float64Array.from(values, (value, row) => value + quantile * Math.max(interval.floor, scales[row] ?? 0));
  return intervalCoverage({ truth: fresh.target, low: bound(interval.low), high: bound(interval.high) });
}

/** Trees that know every row by heart: they err on fresh rows only. */
const byHeart = { trees: 120, depth: 8, minLeafRows: 1, learningRate: 0.3, l2: 0 };

test.each([0.5, 0.8, 0.95])(
  'an interval of %d holds that share of fresh rows, however the model overfits',
  (level) => {
    const noisy = ({ x, noise }: { x: number; noise: number }): number => 3 * x + 5 * noise;
    const fitted = fit(rowsOf(1200, noisy), byHeart, level);
    expect(coverage(fitted, rowsOf(3000, noisy, { seed: 2 }))).toBeCloseTo(level, 1);
  },
);

test.each([0.5, 0.9])('errors of rows that were left out give an interval of %d too', (level) => {
  // Errors are three times as large where x is large.
  const noisy = ({ x, noise }: { x: number; noise: number }): number => 3 * x + (x > 5 ? 6 : 2) * noise;
  const options = readTreeOptions({ ...byHeart, earlyStopping: 0 });
  const model = boostTrees(rowsOf(1200, noisy), { options });
  const leftOut = rowsOf(3000, noisy, { seed: 5 });
  const predictions = predictColumns(model, leftOut.matrix.columns, leftOut.matrix.rows);
  const fitted = { model, ...fitIntervalOfLeftOut(leftOut, predictions, { options, level }) };
  const fresh = rowsOf(4000, noisy, { seed: 6 });
  expect(coverage(fitted, fresh)).toBeCloseTo(level, 1);
  const [x = []] = fresh.matrix.columns;
  const sizes = predictColumns(fitted.scale, fresh.matrix.columns, fresh.matrix.rows);
  const meanSize = (isLarge: boolean): number => {
    const some = sizes.filter((_, row) => (x[row] as number) > 5 === isLarge);
    return some.reduce((sum, size) => sum + size, 0) / some.length;
  };
  expect(meanSize(true) / meanSize(false)).toBeGreaterThan(1.5);
});

test('left-out rows are enough by their groups', () => {
  const group = (count: number, size: number): Int32Array =>
    Int32Array.from({ length: count }, (_, row) => Math.floor(row / size));
  expect(
    [group(19_999, 1), group(20_000, 1), group(20_000, 2)].map((of) => isEnoughForInterval({ group: of })),
  ).toEqual([false, true, false]);
});

test('errors are measured on groups that were left out, not on rows', () => {
  // Each group of ten rows shares an error, and a feature by which it is known.
  const effect = (seed: number): ((row: number) => number) => {
    const normal = normalFrom(seededRandom(seed));
    const effects = Array.from({ length: 400 }, normal);
    return (row) => 20 * (effects[Math.floor(row / 10)] ?? 0);
  };
  const grouped = (seed: number): TrainingRows => {
    const of = effect(seed);
    const secondColumn = effect(seed + 100);
    return rowsOf(2000, ({ row, noise }) => of(row) + noise, { seed, second: secondColumn });
  };
  const fitted = fit(grouped(3), { trees: 60, depth: 8, minLeafRows: 2, learningRate: 0.3 });
  expect(coverage(fitted, grouped(4))).toBeGreaterThan(0.7);
});

test('how large errors are is learned out of fold too', () => {
  // One group in twenty has errors of its own size; a model that saw the group knows it by its second feature.
  const second = (row: number): number => (row < 20 ? 1 : 0);
  const rows: TrainingRows = {
    ...rowsOf(400, ({ row, noise }) => (row < 20 ? (row % 2 === 0 ? 300 : -300) : noise), { second }),
    group: new Int32Array(400).map((_, row) => Math.floor(row / 20)),
  };
  const { interval } = fit(rows, { trees: 5, depth: 2 }, 0.97);
  expect(interval.high).toBeGreaterThan(20);
  expect(interval.low).toBeLessThan(-20);
});

test('a target that never changes has an interval that can be read', () => {
  const { interval, scale } = fit(
    rowsOf(60, () => 7),
    { trees: 5 },
  );
  const bytes = new TextEncoder().encode(JSON.stringify(interval));
  expect(readInterval(bytes, 'interval.json')).toEqual(interval);
  expect(interval).toMatchObject({ low: expect.any(Number), high: expect.any(Number) });
  expect(Math.abs(interval.low) + interval.high).toBeLessThan(1e-6);
  expect(scale.bases[0]).toBe(0);
});

test('the seed decides which groups are left out together', () => {
  const rows = rowsOf(300, ({ x, noise }) => x + noise);
  expect(fit(rows, { trees: 5, seed: 1 }).model).toEqual(fit(rows, { trees: 5, seed: 2 }).model);
  expect(fit(rows, { trees: 5, seed: 1 }).interval).not.toEqual(fit(rows, { trees: 5, seed: 2 }).interval);
});

test('the model of the errors has as many bins as the model', () => {
  const rows = rowsOf(2000, ({ x, noise }) => x * noise);
  const thresholds = (bins: number): number => {
    const { scale } = fit(rows, { trees: 5, bins });
    return new Set([...scale.value].filter((_, node) => scale.feature[node] === 0)).size;
  };
  expect(thresholds(2)).toBe(1);
  expect(thresholds(255)).toBeGreaterThan(3);
});
