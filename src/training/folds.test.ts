import { expect, test } from 'vitest';
import { groupFolds, outOfFold } from './folds.ts';
import { joinRows, selectRows } from './rows.ts';
import type { TrainingRows } from '../project/models/trainer.ts';

const group = Int32Array.from({ length: 60 }, (_, row) => Math.floor(row / 6));

test('whole groups are dealt out evenly', () => {
  const fold = groupFolds(group, 4, 1);
  const pairs = new Set([...group].map((number, row) => `${number} in ${fold[row]}`));
  expect(pairs.size).toBe(10);
  const groups = [0, 1, 2, 3].map((number) => new Set(group.filter((_, row) => fold[row] === number)).size);
  expect(groups.toSorted((a, b) => a - b)).toEqual([2, 2, 3, 3]);
  expect(groupFolds(group, 4, 2)).not.toEqual(fold);
});

test('two groups make two folds, and one is refused', () => {
  expect(new Set(groupFolds(Int32Array.of(5, 5, 9), 4, 0)).size).toBe(2);
  expect(() => groupFolds(Int32Array.of(5, 5), 4, 0)).toThrow(/train on rows of at least two groups/);
});

const rows: TrainingRows = {
  matrix: { features: ['x'], rows: 60, columns: [Float32Array.from(group.keys())] },
  target: Float64Array.from(group.keys()),
  group,
  order: Float64Array.from(group.keys()),
};

test('a row is answered by a fit that has not seen its fold', () => {
  const fold = groupFolds(group, 3, 1);
  const predictions = outOfFold(rows, fold, (train, out) => {
    expect(train.matrix.rows).toBe(fold.filter((number) => number !== out).length);
    const seen = new Set(train.target);
    return (held) => held.matrix.columns[0]?.map((x) => (seen.has(x) ? -1 : x)) ?? new Float32Array(0);
  });
  expect(predictions).toEqual(rows.target);
});

test('rows that are taken apart join again', () => {
  const numbers = Int32Array.from(group.keys());
  const joined = joinRows(selectRows(rows, numbers.slice(0, 25)), selectRows(rows, numbers.slice(25)));
  expect(joined).toEqual(rows);
});
