import { normalNumber as normal, type Random, seededRandom } from '../../src/kernel/random.ts';

/** A made-up problem: its columns and targets are drawn by its seed. */
export interface Problem {
  readonly name: string;
  readonly kind: 'number' | 'boolean';
  readonly features: number;
  /** The first features are codes of so many categories. */
  readonly categories?: readonly number[];
  /** The share of values that are missing. */
  readonly missing?: number;
  readonly target: (x: readonly number[], random: Random) => number;
}

const yes = (logOdds: number, random: Random): number => Number(random() < 1 / (1 + Math.exp(-logOdds)));
/** An effect of a category that has no order. */
const effect = (code: number): number => (((code + 1) * 7919) % 101) / 25 - 2;

/** Regression and classification, clean, noisy, with missing values, with categories, and with few of one class. */
export const problems: readonly Problem[] = [
  {
    name: 'lines',
    kind: 'number',
    features: 10,
    target: ([a = 0, b = 0, c = 0], r) => 3 * a - 2 * b + c + normal(r) / 2,
  },
  {
    name: 'waves and products',
    kind: 'number',
    features: 10,
    target: ([a = 0, b = 0, c = 0, d = 0], r) =>
      4 * Math.sin(2 * a) + b * c + (d > 0 ? 2 : 0) + normal(r) / 2,
  },
  {
    name: 'noise',
    kind: 'number',
    features: 20,
    target: ([a = 0, b = 0], r) => a + (b > 0 ? 1 : 0) + 5 * normal(r),
  },
  {
    name: 'missing values',
    kind: 'number',
    features: 10,
    missing: 0.3,
    target: ([a = 0, b = 0, c = 0], r) => 3 * a + Math.abs(b) * 2 + (c > 0.5 ? b : 0) + normal(r) / 2,
  },
  {
    name: 'categories',
    kind: 'number',
    features: 8,
    categories: [50, 12],
    target: ([a = 0, b = 0, c = 0], r) => 2 * effect(a) + effect(b) * c + normal(r) / 2,
  },
  {
    name: 'yes or no, lines',
    kind: 'boolean',
    features: 10,
    target: ([a = 0, b = 0, c = 0], r) => yes(2 * a - b + c, r),
  },
  {
    name: 'yes or no, products',
    kind: 'boolean',
    features: 10,
    target: ([a = 0, b = 0, c = 0], r) => yes(3 * a * b + 2 * Math.sin(3 * c), r),
  },
  {
    name: 'yes or no, missing values',
    kind: 'boolean',
    features: 10,
    missing: 0.3,
    target: ([a = 0, b = 0, c = 0], r) => yes(2 * a + 2 * Math.abs(b) - 2 + c, r),
  },
  {
    name: 'yes or no, categories',
    kind: 'boolean',
    features: 8,
    categories: [50, 12],
    target: ([a = 0, b = 0, c = 0], r) => yes(1.5 * effect(a) + effect(b) * c, r),
  },
  {
    name: 'one in fifty is yes',
    kind: 'boolean',
    features: 10,
    target: ([a = 0, b = 0], r) => yes(-5.5 + 1.5 * a + (b > 1 ? 2 : 0), r),
  },
];

/** Columns and target of a problem. */
export function drawn(
  problem: Problem,
  rows: number,
  seed: number,
): { columns: Float32Array[]; target: Float32Array } {
  const random = seededRandom(seed);
  const columns = Array.from({ length: problem.features }, (_, feature) => {
    const codes = problem.categories?.[feature];
    return Float32Array.from({ length: rows }, () =>
      codes === undefined ? normal(random) : Math.floor(random() * codes),
    );
  });
  const target = Float32Array.from({ length: rows }, (_, row) =>
    problem.target(
      columns.map((column) => column[row] ?? 0),
      random,
    ),
  );
  for (const column of columns)
    for (let row = 0; row < rows; row += 1) if (random() < (problem.missing ?? 0)) column[row] = Number.NaN;
  return { columns, target };
}
