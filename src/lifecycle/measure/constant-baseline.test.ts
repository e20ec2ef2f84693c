import { expect, test } from 'vitest';
import { constantBaseline } from './constant-baseline.ts';

const split = {
  subset: [0, 0, 0, 0, 2, 3],
  group: [0, 1, 2, 3, 4, 5],
  order: [0, 1, 2, 3, 4, 5],
  period: [0, 0, 0, 1, 2, 0],
  trainsFrom: [1, 1, 1, 2, 3, 3],
};
const tests = Int32Array.of(3, 4);

test('the median of each period is of the rows that its fit learns from', () => {
  const truth = Float64Array.of(10, 20, 30, 40, 50, 60);
  const scored = constantBaseline({ split, truth, tests }, { kind: 'number' }, 0.8);
  expect(scored).toMatchObject({ kind: 'number', truth: Float64Array.of(40, 50) });
  expect(scored.kind === 'number' && [...scored.predicted]).toEqual([20, 25]);
});

test('yes or no: the share of yes; classes: the share of each', () => {
  const truth = Float64Array.of(1, 0, 0, 1, 0, 1);
  const yes = constantBaseline({ split, truth, tests }, { kind: 'boolean' }, 0.8);
  expect(yes.kind === 'boolean' && Array.from(yes.probability)).toEqual([1 / 3, 0.5]);
  const classes = constantBaseline({ split, truth, tests }, { kind: 'class', classes: ['a', 'b', 'c'] }, 0.8);
  const each = classes.kind === 'class' ? classes.probabilities.map((values) => Array.from(values)) : [];
  expect(each.map(([first, second]) => [first?.toFixed(3), second])).toEqual([
    ['0.667', 0.5],
    ['0.333', 0.5],
    ['0.000', 0],
  ]);
});
