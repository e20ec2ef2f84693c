import { expect, test } from 'vitest';
import { checkSplit, splitRows, type SplitRows } from './split.ts';

const numbersOf = ({ subsets }: SplitRows): readonly number[] => [...subsets];

const matches = {
  rows: 10,
  by: [
    '2020-01-05',
    '2020-01-05',
    '2020-01-01',
    '2020-01-09',
    '2020-01-09',
    '2020-01-03',
    '2020-01-07',
    '2020-01-07',
    '2020-01-02',
    '2020-01-04',
  ],
  group: ['m5', 'm5', 'm1', 'm9', 'm9', 'm3', 'm7', 'm7', 'm2', 'm4'],
};

test('the latest groups test, and the latest of the rest validate', () => {
  const split = splitRows(matches, { by: 'date', group: 'match', test: 0.3, validation: 0.2 });
  expect(numbersOf(split)).toEqual([1, 1, 0, 2, 2, 0, 2, 2, 0, 0]);
  expect(split.counts).toEqual({
    train: { rows: 4, groups: 4 },
    validation: { rows: 2, groups: 1 },
    test: { rows: 4, groups: 2 },
  });
  expect([...split.group]).toEqual([0, 0, 1, 2, 2, 3, 4, 4, 5, 6]);
  expect([...split.order]).toEqual([4, 4, 0, 6, 6, 2, 5, 5, 1, 3]);
});

test('a group counts by its first date', () => {
  const columns = { rows: 5, by: [1, 9, 2, 3, 4], group: ['long', 'long', 'b', 'c', 'd'] };
  expect(numbersOf(splitRows(columns, { by: 'day', group: 'person', test: 0.25 }))).toEqual([0, 0, 0, 1, 2]);
});

test('rows from a value on test', () => {
  const split = splitRows(matches, { by: 'date', group: 'match', test: { from: '2020-01-07' } });
  expect(numbersOf(split)).toEqual([1, 1, 0, 2, 2, 0, 2, 2, 0, 0]);
});

test('a group on both sides of that value is refused by its name', () => {
  const columns = { rows: 4, by: [1, 2, 3, 4], group: ['a', 'b', 'b', 'c'] };
  expect(() => splitRows(columns, { by: 'day', group: 'person', test: { from: 3 } })).toThrow(
    /unsafe split: Its rows would both train and test.*\(group person: "b"/,
  );
  expect(() => checkSplit(Int8Array.of(0, 0, 1), ['a', 'b', 'b'], 'person')).toThrow(/\(group person: "b"/);
  expect(() => checkSplit(Int8Array.of(0, 1, 1), ['a', 'b', 'b'], 'person')).not.toThrow();
});

test('without a group each row is one', () => {
  const split = splitRows({ rows: 5, by: Float64Array.of(5, 1, 4, 2, 3) }, { by: 'time', test: 0.4 });
  expect(numbersOf(split)).toEqual([2, 0, 2, 0, 1]);
  expect([...split.group]).toEqual([0, 1, 2, 3, 4]);
});

test('groups without a time are drawn by the seed, whatever the order of the rows', () => {
  const group = Array.from({ length: 200 }, (_, row) => `p${row % 40}`);
  const sidesBy = (rows: readonly string[], seed: number): Readonly<Record<string, number>> => {
    const { subsets, counts } = splitRows(
      { rows: rows.length, group: rows },
      { group: 'person', test: 0.25, validation: 0.2, seed },
    );
    expect([counts.train.groups, counts.validation.groups, counts.test.groups]).toEqual([24, 6, 10]);
    checkSplit(subsets, rows, 'person');
    return Object.fromEntries(rows.map((name, row) => [name, subsets[row] ?? -1]));
  };
  expect(sidesBy(group.toReversed(), 1)).toEqual(sidesBy(group, 1));
  expect(sidesBy(group, 2)).not.toEqual(sidesBy(group, 1));
});

test.each([
  [{ by: 'day', test: { from: 100 } } as const, /Move the split: \{"from":100\}.*\(the test subset: "empty"/],
  [{ by: 'day', test: { from: 0 } } as const, /\(the validation subset: "empty"/],
  [{ by: 'day', test: { from: 2 } } as const, /\(the train subset: "empty"/],
  [
    { by: 'day', test: { from: '2' } } as const,
    /test\.from must be a number, as in column day: 1 \(got "2"\)/,
  ],
  [
    { by: 'day', test: 1.2 } as const,
    /split test must be a share between 0 and 1, such as 0\.2 \(got 1\.2\)/,
  ],
  [{ by: 'day', test: 0.2, validation: 0 } as const, /split validation must be .*\(got 0\)/],
])('%j is refused with a way out', (split, message) => {
  expect(() => splitRows({ rows: 3, by: [1, 2, 3] }, split)).toThrow(message);
});

test('a missing value in a column of the split is refused by its row', () => {
  expect(() => splitRows({ rows: 2, by: [1, null] }, { by: 'day', test: 0.5 })).toThrow(
    /\(column day, row 1: null/,
  );
  expect(() =>
    splitRows({ rows: 2, group: Float64Array.of(Number.NaN, 1) }, { group: 'id', test: 0.5 }),
  ).toThrow(/column id, row 0/);
  expect(() => splitRows({ rows: 2, by: [1, 'x'] }, { by: 'day', test: 0.5 })).toThrow(
    /\(column day, row 1: "x"/,
  );
});
