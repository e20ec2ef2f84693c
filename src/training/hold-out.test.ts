import { expect, test } from 'vitest';
import type { TrainingRows } from '../project/models/trainer.ts';
import { holdOut } from './hold-out.ts';

function rowsOf(group: readonly number[], order: readonly number[]): TrainingRows {
  const columns = [Float32Array.from(group.keys())];
  return {
    matrix: { features: ['row'], rows: group.length, columns },
    target: Float64Array.from(group.keys()),
    group: Int32Array.from(group),
    order: Float64Array.from(order),
  };
}

test('the groups that begin latest are held out, and no group is divided', () => {
  const group = Array.from({ length: 40 }, (_, row) => Math.floor(row / 2));
  const order = group.map((number) => 100 - number);
  const held = holdOut(rowsOf(group, order));
  expect([...new Set(held?.validation.group)]).toEqual([0, 1, 2]);
  expect(held?.train.group).toHaveLength(34);
  expect([...(held?.train.target ?? [])]).toEqual(Array.from({ length: 34 }, (_, row) => row + 6));
});

test('of two groups one is held out, however large it is; of one group none', () => {
  expect([...(holdOut(rowsOf([3, 3, 4, 4, 4], [0, 0, 1, 1, 1]))?.validation.group ?? [])]).toEqual([4, 4, 4]);
  expect(holdOut(rowsOf([3, 3], [0, 1]))).toBeUndefined();
});
