import { expect, test } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import { metricsOf, type ScoredRows } from './metrics/metrics-of.ts';
import { selectScored } from './metrics/scored-rows.ts';
import { standardErrors } from './standard-error.ts';

const random = seededRandom(4);
const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const draw = (count: number, of: (row: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => of(row));

const meanOf = (values: Float64Array) => (rows: Int32Array) => ({
  mean: rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length,
});

test('of a mean over independent rows it is the deviation by the root of their number', () => {
  const values = draw(400, gauss);
  const { mean = Number.NaN } = standardErrors(
    draw(400, (row) => row),
    meanOf(values),
  );
  expect(mean).toBeGreaterThan(0.04);
  expect(mean).toBeLessThan(0.06);
});

test('rows that are alike are drawn together: ten copies of a row know no more than one', () => {
  const single = draw(40, gauss);
  const values = draw(400, (row) => single[row % 40] as number);
  const alone = standardErrors(
    draw(40, (row) => row),
    meanOf(single),
  )['mean'] as number;
  const copies = standardErrors(
    draw(400, (row) => 1000 + (row % 40)),
    meanOf(values),
  )['mean'] as number;
  const ignored = standardErrors(
    draw(400, (row) => row),
    meanOf(values),
  )['mean'] as number;
  expect(copies / alone).toBeCloseTo(1, 1);
  expect(ignored / alone).toBeLessThan(0.5);
});

test('the error of a paired difference is far below that of each', () => {
  const hard = draw(300, () => 10 * gauss());
  const [one, other] = [draw(300, (row) => (hard[row] as number) + 1), hard];
  const errors = standardErrors(
    draw(300, (row) => row),
    (rows) => ({
      one: meanOf(one)(rows).mean,
      difference: meanOf(one)(rows).mean - meanOf(other)(rows).mean,
    }),
  );
  expect(errors['one']).toBeGreaterThan(0.4);
  expect(errors['difference']).toBeLessThan(1e-9);
});

test('the same rows give the same error', () => {
  const values = draw(100, gauss);
  const clusters = draw(100, (row) => row % 20);
  expect(standardErrors(clusters, meanOf(values))).toEqual(standardErrors(clusters, meanOf(values)));
});

test('too few clusters, and figures that most draws lack, have none', () => {
  const values = draw(100, gauss);
  expect(
    standardErrors(
      draw(100, (row) => row % 4),
      meanOf(values),
    ),
  ).toEqual({ mean: Number.NaN });
  expect(
    standardErrors(
      draw(100, (row) => row),
      () => ({ auc: Number.NaN }),
    ),
  ).toEqual({ auc: Number.NaN });
});

test('chosen rows are measured as if they were all', () => {
  const truth = [1, 0, 1, 0];
  const all: readonly ScoredRows[] = [
    { kind: 'number', truth, predicted: [1, 2, 3, 4], low: [0, 0, 0, 0], high: [2, 2, 2, 2] },
    { kind: 'boolean', truth, probability: [0.9, 0.2, 0.7, 0.6] },
    {
      kind: 'class',
      truth,
      probabilities: [
        [0.1, 0.8, 0.3, 0.4],
        [0.9, 0.2, 0.7, 0.6],
      ],
    },
  ];
  const chosen: readonly ScoredRows[] = [
    { kind: 'number', truth: [1, 1, 0], predicted: [3, 3, 4], low: [0, 0, 0], high: [2, 2, 2] },
    { kind: 'boolean', truth: [1, 1, 0], probability: [0.7, 0.7, 0.6] },
    {
      kind: 'class',
      truth: [1, 1, 0],
      probabilities: [
        [0.3, 0.3, 0.4],
        [0.7, 0.7, 0.6],
      ],
    },
  ];
  for (const [index, scored] of all.entries())
    expect(metricsOf(selectScored(scored, [2, 2, 3]))).toEqual(metricsOf(chosen[index] as ScoredRows));
});
