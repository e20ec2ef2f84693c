import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { booleanMetrics, type ScoredBooleans } from '../metrics/boolean.ts';
import { cutoffsOf } from './cutoffs.ts';
import { areaUnder, rocOf, rocOfCutoffs } from './roc.ts';

function scored(
  rows: number,
  of: (row: number) => readonly [truth: boolean, probability: number],
): ScoredBooleans {
  const all = Array.from({ length: rows }, (_, row) => of(row));
  return {
    truth: all.map(([truth]) => Number(truth)),
    probability: all.map(([, probability]) => probability),
  };
}

const random = seededRandom(7);
/** One in 500 is a yes, and no probability reaches 1%. */
const rare = scored(10_000, (row) => [row < 20, row < 20 ? 0.009 - row / 1e5 : 0.002 - row / 1e7]);

test.each<[string, ScoredBooleans]>([
  ['a rare class', rare],
  [
    'a rare class that is ranked well',
    scored(20_000, (row) => [row < 40, (random() + Number(row < 40)) / 300]),
  ],
  ['a perfect ranking', scored(400, (row) => [row < 200, 1 - row / 400])],
  ['a ranking that is wrong throughout', scored(400, (row) => [row < 200, row / 400])],
  ['a random ranking', scored(5000, (row) => [row % 3 === 0, random()])],
  ['ties', scored(3000, (row) => [random() < (row % 4) / 4, (row % 4) / 4])],
  ['one probability for all', scored(300, (row) => [row % 2 === 0, 0.3])],
  ['two rows', scored(2, (row) => [row === 0, 1 - row])],
])('the area under the points is the AUC: %s', (_, of) => {
  const points = rocOf(of) ?? [];
  expect(points.length).toBeLessThanOrEqual(200);
  expect(points.at(-1)).toMatchObject({ falseAlarms: 1, found: 1 });
  expect(Math.abs(areaUnder(points) - booleanMetrics(of).auc)).toBeLessThan(0.01);
  for (const [at, { from, falseAlarms, found }] of points.entries()) {
    const before = points[at - 1] ?? { from: Infinity, falseAlarms: 0, found: 0 };
    expect(from).toBeLessThan(before.from);
    expect(falseAlarms).toBeGreaterThanOrEqual(before.falseAlarms);
    expect(found).toBeGreaterThanOrEqual(before.found);
  }
});

test('a perfect ranking has one corner, also of a class whose probabilities are all below 1%', () => {
  expect(rocOf(rare)).toEqual([
    { from: 0.009 - 19 / 1e5, falseAlarms: 0, found: 1 },
    { from: expect.closeTo(0.002 - 9999 / 1e7, 9) as number, falseAlarms: 1, found: 1 },
  ]);
});

test('equal probabilities are one point', () => {
  const tied = { truth: [1, 0, 1, 0, 0], probability: [0.5, 0.5, 0.2, 0.1, 0.1] };
  expect(rocOf(tied)).toEqual([
    { from: 0.5, falseAlarms: 1 / 3, found: 0.5 },
    { from: 0.2, falseAlarms: 1 / 3, found: 1 },
    { from: 0.1, falseAlarms: 1, found: 1 },
  ]);
});

test.each<[string, ScoredBooleans]>([
  ['no yes', { truth: [0, 0], probability: [0.1, 0.2] }],
  ['no no', { truth: [1, 1], probability: [0.1, 0.2] }],
  ['no rows', { truth: [], probability: [] }],
  ['a probability that is not known', { truth: [1, 0], probability: [0.1, Number.NaN] }],
])('there is no curve with %s', (_, of) => {
  expect(rocOf(of)).toBeUndefined();
  const cutoffs = cutoffsOf(of);
  expect(cutoffs && rocOfCutoffs(cutoffs)).toBeUndefined();
});

test('cutoffs give a point for each percent, the highest first', () => {
  expect(rocOfCutoffs({ rows: 10, yes: 4, called: [10, 5, 2], right: [4, 3, 2] })).toEqual([
    { from: 0.02, falseAlarms: 0, found: 0.5 },
    { from: 0.01, falseAlarms: 2 / 6, found: 0.75 },
    { from: 0, falseAlarms: 1, found: 1 },
  ]);
});
