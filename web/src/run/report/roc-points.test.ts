import { expect, test } from 'vitest';
import { rocLine, rocPoints } from './roc-points.ts';

/** Ten rows, four of them a yes: from 0 % all are called, from 1 % five, from 2 % two. */
const cutoffs = { rows: 10, yes: 4, called: [10, 5, 2], right: [4, 3, 2] };

test('a cutoff has its share of the yes and its share of the no, the highest first', () => {
  expect(rocPoints(cutoffs)).toEqual([
    { percent: 2, falseAlarms: 0, found: 0.5 },
    { percent: 1, falseAlarms: 2 / 6, found: 0.75 },
    { percent: 0, falseAlarms: 1, found: 1 },
  ]);
});

test('the line begins where nobody is called and ends where all are', () => {
  const line = rocLine(rocPoints(cutoffs));
  expect(line[0]).toEqual([0, 0]);
  expect(line.at(-1)).toEqual([1, 1]);
  expect(line).toHaveLength(4);
});

test.each([
  ['no yes', { rows: 3, yes: 0, called: [3, 0], right: [0, 0] }],
  ['no no', { rows: 3, yes: 3, called: [3, 0], right: [3, 0] }],
  ['no rows', { rows: 0, yes: 0, called: [], right: [] }],
])('there is no curve with %s', (_name, of) => {
  expect(rocPoints(of)).toEqual([]);
});
