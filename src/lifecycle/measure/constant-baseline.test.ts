import { expect, test } from 'vitest';
import type { Target } from '../../project/models/kind.ts';
import { metricsOf, type ScoredRows } from '../../training/metrics/metrics-of.ts';
import { bestConstant } from './constant-baseline.ts';

const split = {
  subset: [0, 0, 0, 0, 2, 3],
  group: [0, 1, 2, 3, 4, 5],
  order: [0, 1, 2, 3, 4, 5],
  period: [0, 0, 0, 1, 2, 0],
  trainsFrom: [1, 1, 1, 2, 3, 3],
};
const tests = Int32Array.of(3, 4);

const figureOf =
  (metric: string) =>
  (scored: ScoredRows): number =>
    Number(new Map<string, number>(Object.entries(metricsOf(scored))).get(metric));
const byMae = { better: 'lower', figure: figureOf('mae') } as const;
const constantOf = (truth: Float64Array, target: Target): ScoredRows =>
  bestConstant({ split, truth, tests }, { target, interval: 0.8 }, byMae).scored;

test('the median of each period is of the rows that its fit learns from', () => {
  const truth = Float64Array.of(10, 20, 30, 40, 50, 60);
  const scored = constantOf(truth, { kind: 'number' });
  expect(scored).toMatchObject({ kind: 'number', truth: Float64Array.of(40, 50) });
  expect(scored.kind === 'number' && [...scored.predicted]).toEqual([20, 25]);
});

test('yes or no: the share of yes; classes: the share of each', () => {
  const truth = Float64Array.of(1, 0, 0, 1, 0, 1);
  const yes = constantOf(truth, { kind: 'boolean' });
  expect(yes.kind === 'boolean' && Array.from(yes.probability)).toEqual([1 / 3, 0.5]);
  const classes = constantOf(truth, { kind: 'class', classes: ['a', 'b', 'c'] });
  const each = classes.kind === 'class' ? classes.probabilities.map((values) => Array.from(values)) : [];
  expect(each.map(([first, second]) => [first?.toFixed(3), second])).toEqual([
    ['0.667', 0.5],
    ['0.333', 0.5],
    ['0.000', 0],
  ]);
});

/** Rows with a long tail: their median is 1 and their mean 20.8. */
const skewed = [1, 1, 2, 100, 0];
const longTail = {
  split: {
    subset: [...skewed, ...skewed].map((_, row) => (row < skewed.length ? 0 : 3)),
    group: [],
    order: [],
    period: [...skewed, ...skewed].map((_, row) => (row < skewed.length ? 0 : 1)),
    trainsFrom: [...skewed, ...skewed].map((_, row) => (row < skewed.length ? 1 : 2)),
  },
  truth: Float64Array.from([...skewed, ...skewed]),
  tests: Int32Array.of(5, 6, 7, 8, 9),
};

test.each([
  ['mae', 'lower', { predicts: 'median', value: 1 }],
  ['rmse', 'lower', { predicts: 'mean', value: 20.8 }],
  ['r2', 'higher', { predicts: 'mean', value: 20.8 }],
] as const)('the best constant by %s, where %s is better, is %o', (metric, better, { predicts, value }) => {
  const best = bestConstant(
    longTail,
    { target: { kind: 'number' }, interval: 0.8 },
    { better, figure: figureOf(metric) },
  );
  expect(best.predicts).toBe(predicts);
  expect(best.scored.kind === 'number' && best.scored.predicted[0]).toBeCloseTo(value);
});

test('a metric that cannot be measured leaves the median', () => {
  const figure = (): number => Number.NaN;
  const rule = { better: 'lower', figure } as const;
  const best = bestConstant(longTail, { target: { kind: 'number' }, interval: 0.8 }, rule);
  expect(best.predicts).toBe('median');
});
