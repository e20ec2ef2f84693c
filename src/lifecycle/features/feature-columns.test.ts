import { expect, test } from 'vitest';
import { featuresOf, vectorOf } from './feature-code.ts';
import { FeatureColumns } from './feature-columns.ts';

const first = { b: 1, a: 2, __proto: 3 };

function columnsOf(rows: readonly unknown[]): Readonly<Record<string, readonly number[]>> {
  const columns = new FeatureColumns(first, rows.length);
  for (const row of rows) columns.add(row);
  const batch = columns.take();
  return Object.fromEntries(
    Object.entries(batch.columns).map(([name, values]) => [name, [...values] as number[]]),
  );
}

test('features are columns by name, in whatever order each row has them', () => {
  class Own {
    a = 5;
    b = Number.NaN;
    __proto = -3.4e38;
  }
  expect(columnsOf([first, { a: 3, b: 4, __proto: 0 }, new Own(), { b: -0, a: 0.1, __proto: 7 }])).toEqual({
    __proto: [3, 0, -3.4e38, 7],
    a: [2, 3, 5, 0.1],
    b: [1, 4, Number.NaN, -0],
  });
});

test('columns are taken in parts', () => {
  const columns = new FeatureColumns({ a: 1 }, 2);
  columns.add({ a: 1 });
  columns.add({ a: 2 });
  expect([...(columns.take().columns['a'] ?? [])]).toEqual([1, 2]);
  columns.add({ a: 3 });
  expect(columns.take()).toMatchObject({ rows: 1, columns: { a: Float64Array.of(3) } });
});

test.each([
  ['another name', { b: 1, a: 2, c: 3 }],
  ['a name less', { b: 1, a: 2 }],
  ['a name more', { ...first, c: 4 }],
  ['an infinite number', { ...first, a: Infinity }],
  ['a number beyond float32', { ...first, a: 3.5e38 }],
  ['a text', { ...first, a: '1' }],
  ['undefined', { ...first, a: undefined }],
  ['nothing', {}],
  ['a promise', Promise.resolve(first)],
  ['null', null],
])('%s is refused as one row alone is', (_, features) => {
  let refused: unknown;
  try {
    vectorOf(featuresOf({ features: () => features as never }, {}), Object.keys(first).toSorted());
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: 'USER_CODE_FAILED' });
  expect(() => columnsOf([first, features])).toThrow(refused as Error);
});
