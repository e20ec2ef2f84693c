import { expect, test } from 'vitest';
import type { Prediction } from '../../project/models/prediction.ts';
import type { TrainingRows } from '../../project/models/trainer.ts';
import { chooseEnsemble } from './ensemble.ts';

const truth = [10, 20, 30, 40];
const validation: TrainingRows = {
  matrix: { features: [], rows: 4, columns: [] },
  target: Float64Array.from(truth),
  group: new Int32Array(4),
  order: new Float64Array(4),
};
const number = { kind: 'number' } as const;
const off = (...errors: readonly number[]): readonly Prediction[] =>
  truth.map((value, row) => ({ kind: 'number', value: value + (errors[row] ?? 0) }));

test('models whose errors cancel out are averaged, and their average is better than the best', () => {
  const candidates = [
    { index: 0, heldOut: off(2, -2, 2, -2) },
    { index: 1, heldOut: off(-2.2, 2.2, -2.2, 2.2) },
    { index: 2, heldOut: off(30, 30, 30, 30) },
  ];
  const { members, loss } = chooseEnsemble(candidates, { target: number, validation, most: 3 });
  expect(members.map(({ index }) => index)).toEqual([0, 1]);
  expect(members.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(loss).toBeLessThan(0.2);
});

test('the best model stays alone if no average is better', () => {
  const candidates = [
    { index: 4, heldOut: off(5, 5, 5, 5) },
    { index: 5, heldOut: off(1, 1, 1, 1) },
  ];
  expect(chooseEnsemble(candidates, { target: number, validation, most: 9 })).toEqual({
    members: [{ index: 5, share: 1 }],
    loss: 1,
  });
});

test('no more models are averaged than the search says', () => {
  const candidates = [off(3, 0, 0, 0), off(0, 3, 0, 0), off(0, 0, 3, 0), off(0, 0, 0, 3)].map(
    (heldOut, index) => ({
      index,
      heldOut,
    }),
  );
  expect(chooseEnsemble(candidates, { target: number, validation, most: 2 }).members).toHaveLength(2);
  expect(chooseEnsemble(candidates, { target: number, validation, most: 4 }).members).toHaveLength(4);
});
