import { expect, test } from 'vitest';
import { importanceRows, importancesOf } from './importances.ts';

const rows = 400;
const columns: Readonly<Record<string, readonly number[]>> = {
  noise: Array.from({ length: rows }, (_, row) => (row * 7) % 11),
  weak: Array.from({ length: rows }, (_, row) => (row * 3) % 10),
  strong: Array.from({ length: rows }, (_, row) => (row * 13) % 10),
};
const truth = Array.from({ length: rows }, (_, row) => at('weak', row) + 5 * at('strong', row));

function at(feature: string, row: number): number {
  return columns[feature]?.[row] ?? Number.NaN;
}

test('shuffling a feature costs as much as predictions rely on it', async () => {
  const found = await importancesOf({
    groups: Object.keys(columns).map((feature) => ({ features: [feature] })),
    rows,
    meanLoss: async (shuffled) => {
      const valueOf = (feature: string, row: number): number =>
        at(feature, shuffled?.features.includes(feature) ? (shuffled.from[row] as number) : row);
      const errors = truth.map((value, row) =>
        Math.abs(value - valueOf('weak', row) - 5 * valueOf('strong', row)),
      );
      return errors.reduce((sum, error) => sum + error) / rows;
    },
  });
  expect(found).toMatchObject({ rows, loss: 0 });
  expect(found.features.map(({ feature }) => feature)).toEqual(['strong', 'weak', 'noise']);
  const [strong, weak, noise] = found.features.map(({ increase }) => increase);
  // Two draws of 0 to 9 are 3.3 apart on average.
  expect(weak).toBeCloseTo(3.3, 0);
  expect(Number(strong) / Number(weak)).toBeCloseTo(5, 0);
  expect(noise).toBe(0);
});

test('features of one field are shuffled together, as one', async () => {
  const together: (readonly string[])[] = [];
  const origin = { fields: ['town'], lookups: [] };
  const found = await importancesOf({
    groups: [{ features: ['town: A', 'town: B'], origin }, { features: ['noise'] }],
    rows: 50,
    meanLoss: async (shuffled) => {
      if (shuffled) together.push(shuffled.features);
      return shuffled?.features.includes('town: B') ? 3 : 1;
    },
  });
  expect(new Set(together.map(String))).toEqual(new Set(['town: A,town: B', 'noise']));
  expect(found.features).toEqual([
    { feature: 'town: A', origin, increase: 2 },
    { feature: 'noise', increase: 0 },
  ]);
});

test('a shuffle moves every value to one row', async () => {
  const orders: Int32Array[] = [];
  await importancesOf({
    groups: [{ features: ['a'] }],
    rows: 50,
    meanLoss: async (shuffled) => {
      if (shuffled) orders.push(shuffled.from);
      return 0;
    },
  });
  const inOrder = Int32Array.from({ length: 50 }, (_, row) => row);
  expect(orders.length).toBeGreaterThan(1);
  for (const order of orders) {
    expect(order.toSorted()).toEqual(inOrder);
    expect(order).not.toEqual(inOrder);
  }
});

test.for([
  [20, 5000, 1000],
  [20, 300, 300],
  [200, 5000, 250],
  [20, 49, 0],
  [10_000, 5000, 0],
  [0, 5000, 0],
] as const)('%i features and %i test rows: %i rows are predicted', ([features, tests, used]) =>
  expect(importanceRows(tests, features)).toBe(used),
);
