import { expect, test } from 'vitest';
import type { Split } from '../project/models/split.ts';
import { checkSplit, splitRows, type SplitRows, subsets } from './split.ts';

const numbersOf = ({ subsets: assigned }: SplitRows): readonly number[] => [...assigned];

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

const people = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `p${at}`);

function subsetByGroup(
  group: readonly string[],
  split: Partial<Split> = {},
): Readonly<Record<string, number>> {
  const { subsets: assigned } = splitRows({ rows: group.length, group }, {
    group: 'person',
    test: 0.25,
    validation: 0.2,
    ...split,
  } as Split);
  checkSplit(assigned, group, 'person');
  return Object.fromEntries(group.map((name, row) => [name, assigned[row] ?? -1]));
}

test('groups without a time are drawn by the seed, whatever the order of the rows', () => {
  const group = Array.from({ length: 200 }, (_, row) => `p${row % 40}`);
  const { counts } = splitRows({ rows: 200, group }, { group: 'person', test: 0.25, validation: 0.2 });
  expect([counts.train.groups, counts.validation.groups, counts.test.groups]).toEqual([22, 7, 11]);
  expect(counts.test.rows).toBe(55);
  expect(subsetByGroup(group.toReversed(), { seed: 1 })).toEqual(subsetByGroup(group, { seed: 1 }));
  expect(subsetByGroup(group, { seed: 2 })).not.toEqual(subsetByGroup(group, { seed: 1 }));
});

test('the share of groups that are drawn is near the one that was asked', () => {
  const { counts } = splitRows({ rows: 4000, group: people(4000) }, { group: 'person', test: 0.25 });
  expect(counts.test.groups / 4000).toBeCloseTo(0.25, 1);
  expect(counts.validation.groups / (counts.validation.groups + counts.train.groups)).toBeCloseTo(0.15, 1);
});

test('more groups, or fewer, or a larger test share move no group from training to the test', () => {
  const before = subsetByGroup(people(400));
  const [grown, shrunk, wider] = [
    subsetByGroup(people(600)),
    subsetByGroup(people(400).filter((_, at) => at % 3 > 0)),
    subsetByGroup(people(400), { test: 0.4 }),
  ];
  for (const name of people(400)) {
    expect(grown[name]).toBe(before[name]);
    expect(shrunk[name] ?? before[name]).toBe(before[name]);
    expect([wider[name], before[name]]).not.toEqual([subsets.train, subsets.test]);
    expect([wider[name], before[name]]).not.toEqual([subsets.validation, subsets.test]);
  }
});

test('of few groups one tests, and one that trained does not come to test as others are added', () => {
  let before = subsetByGroup(people(3), { test: 0.02 });
  expect(new Set(Object.values(before))).toEqual(new Set([0, 1, 2]));
  for (let count = 4; count < 200; count++) {
    const now = subsetByGroup(people(count), { test: 0.02 });
    const learned = Object.entries(before).filter(([, subset]) => subset !== subsets.test);
    expect(learned.filter(([name]) => now[name] === subsets.test)).toEqual([]);
    before = now;
  }
});

test('a number and its text are one group', () => {
  const numbers = Float64Array.from({ length: 50 }, (_, at) => at);
  const [asNumber, asText] = [numbers, Array.from(numbers, String)].map((group) =>
    numbersOf(splitRows({ rows: 50, group }, { group: 'id', test: 0.3 })),
  );
  expect(asText).toEqual(asNumber);
});

test('without a group, rows of one time are never divided between training and the test', () => {
  const by = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3];
  const testOf = (test: number): readonly number[] =>
    by.filter((_, row) => splitRows({ rows: 10, by }, { by: 'year', test }).subsets[row] === subsets.test);
  expect(testOf(0.2)).toEqual([3, 3, 3, 3]);
  expect(testOf(0.6)).toEqual([2, 2, 2, 3, 3, 3, 3]);
  expect(() => splitRows({ rows: 3, by: [7, 7, 7] }, { by: 'year', test: 0.2 })).toThrow(
    /name a column of times.* \(column year: "one value for all 3 rows"\)/,
  );
});

test.each([
  ['nearly all rows', [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 990 }, () => 2)], 990],
  ['nearly no row', [...Array.from({ length: 990 }, () => 1), ...Array.from({ length: 10 }, () => 2)], 10],
])('a boundary that leaves %s to test is refused', (_, by, tests) => {
  expect(() => splitRows({ rows: 1000, by }, { by: 'year', test: 0.2 })).toThrow(
    new RegExp(`test: \\{ from: … \\}.*column year: "the nearest .* has ${tests} of 1000 rows after it"`),
  );
  expect(splitRows({ rows: 1000, by }, { by: 'year', test: { from: 2 } }).counts.test.rows).toBe(tests);
});

test('nor are rows of one time divided between training and validation, unless they are most of the rest', () => {
  const by = [1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3];
  const split = splitRows({ rows: 12, by }, { by: 'year', test: 0.25, validation: 0.2 });
  expect(numbersOf(split)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
  const oneTime = [1, 1, 1, 1, 1, 1, 2, 2, 2];
  const divided = splitRows({ rows: 9, by: oneTime }, { by: 'year', test: 0.3, validation: 0.3 });
  expect(divided.counts).toMatchObject({ train: { rows: 4 }, validation: { rows: 2 }, test: { rows: 3 } });
});

test('later rows move no row from training to the test, and the order of the rows does not count', () => {
  const days = Array.from({ length: 300 }, (_, row) => Math.floor(row / 7));
  const trains = (by: readonly number[]): ReadonlySet<number> => {
    const { subsets: assigned } = splitRows({ rows: by.length, by }, { by: 'day', test: 0.2 });
    return new Set(by.filter((_, row) => assigned[row] !== subsets.test));
  };
  let before = trains(days.slice(0, 40));
  for (let rows = 41; rows <= 300; rows += 13) {
    const now = trains(days.slice(0, rows));
    expect([...before].filter((day) => !now.has(day))).toEqual([]);
    expect(trains(days.slice(0, rows).toReversed())).toEqual(now);
    before = now;
  }
});

test('with a group, groups that start at one time are never divided, and a group stays together over time', () => {
  const by = [1, 4, 1, 2, 2, 3, 3, 4, 4];
  const group = ['long', 'long', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const split = splitRows({ rows: 9, by, group }, { by: 'day', group: 'id', test: 0.3, validation: 0.3 });
  expect(numbersOf(split)).toEqual([0, 0, 0, 0, 0, 1, 1, 2, 2]);
});

test('groups of one time have an order of their own, whatever the order of the rows', () => {
  const group = people(60);
  const subsetsOf = (names: readonly string[]): Readonly<Record<string, number>> => {
    const by = names.map((name) => Math.floor(Number(name.slice(1)) / 20));
    const { subsets: assigned } = splitRows(
      { rows: names.length, by, group: names },
      { by: 'year', group: 'person', test: 0.3, validation: 0.3 },
    );
    return Object.fromEntries(names.map((name, row) => [name, assigned[row] ?? -1]));
  };
  expect(subsetsOf(group.toReversed())).toEqual(subsetsOf(group));
});

test('rows without a target are set aside before anything is shared out', () => {
  const by = [1, 2, 3, 4, 5, 6, 7, 8];
  const target = [1, 1, null, 1, 1, 0, null, Number.NaN];
  const split = splitRows({ rows: 8, by, target }, { by: 'day', test: 0.4, validation: 0.3 });
  expect(numbersOf(split)).toEqual([0, 0, 3, 1, 2, 2, 3, 3]);
  expect(split.counts.test.rows + split.counts.validation.rows + split.counts.train.rows).toBe(5);
  const drawn = splitRows({ rows: 8, group: by, target }, { group: 'id', test: 0.4, validation: 0.3 });
  expect(numbersOf(drawn).map((subset) => subset === subsets.none)).toEqual(
    [0, 0, 1, 0, 0, 0, 1, 1].map(Boolean),
  );
  expect(() => splitRows({ rows: 2, by: [1, 2], target: [null, null] }, { by: 'day', test: 0.4 })).toThrow(
    /\(target: "missing in all 2 rows"\)/,
  );
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

test.each([
  ['an id', ['0022100001', '0022100002', '0022100003']],
  ['two formats', ['2020-01-05', '06/01/2020', '2020-01-07']],
])('%s is refused as an order', (_, by) =>
  expect(() => splitRows({ rows: 3, by }, { by: 'gameId', test: 0.4 })).toThrow(
    /unsafe split: The order of texts is only that of time.*an id is no order.*\(column gameId, row [01]/,
  ),
);

test('independent rows are drawn by their content: the same for any order, and equal rows together', () => {
  const content = Float64Array.from({ length: 500 }, (_, row) => (row * 7919) % 250);
  const split = { rows: 'independent', test: 0.3, seed: 1 } as const;
  const subsetOf = (contents: Float64Array): ReadonlyMap<number, Set<number>> => {
    const { subsets: assigned } = splitRows({ rows: contents.length, content: contents }, split);
    const found = new Map<number, Set<number>>();
    for (const [row, value] of contents.entries())
      found.set(value, (found.get(value) ?? new Set()).add(assigned[row] as number));
    return found;
  };
  const first = subsetOf(content);
  expect([...first.values()].every(({ size }) => size === 1)).toBe(true);
  expect(subsetOf(content.toReversed())).toEqual(new Map([...first].toReversed()));
  const grown = subsetOf(Float64Array.from([...content, ...Array.from({ length: 100 }, (_, i) => 1000 + i)]));
  for (const [value, subset] of first) expect(grown.get(value)).toEqual(subset);
  const other = splitRows({ rows: 500, content }, { ...split, seed: 2 }).subsets;
  expect([...other]).not.toEqual([...splitRows({ rows: 500, content }, split).subsets]);
});

const dated = (days: readonly number[]) => ({ rows: days.length, by: days });
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const firstTested = (days: readonly number[], notBefore?: number): number | undefined => {
  const { subsets: assigned } = splitRows(dated(days), { by: 'day', test: 0.2 }, notBefore);
  return days.filter((_, row) => assigned[row] === subsets.test).toSorted((a, b) => a - b)[0];
};

test('rows of the past that arrive late do not move the test to an earlier time', () => {
  const late = Array.from({ length: 100 }, (_, at) => -1 - at);
  expect(firstTested(upTo(200))).toBe(160);
  expect(firstTested([...upTo(200), ...late]), 'without the time of before').toBe(140);
  expect(firstTested([...upTo(200), ...late], 160)).toBe(160);
  expect(firstTested(upTo(300), 160), 'later rows move it forward').toBe(240);
});

test('the test never moves back: with few later groups it is smaller, and it grows with them', () => {
  expect(firstTested(upTo(180), 160), '20 of 36').toBe(160);
  expect(firstTested(upTo(170), 160), '10 of 34').toBe(160);
  expect(firstTested(upTo(161), 160), '1 of 32').toBe(160);
  const late = Array.from({ length: 1000 }, (_, at) => -1 - at);
  expect(firstTested([...upTo(200), ...late], 160), '40 of 240').toBe(160);
  expect(firstTested([...upTo(100), ...late], 80), '20 of 220').toBe(80);
  expect(firstTested([...upTo(250), ...late], 80), '170 of 250').toBe(80);
  expect(firstTested([...upTo(500), ...late], 80), 'enough of them move it forward').toBe(200);
});

test.each([
  ['single rows', (at: number) => at, 80],
  ['most rows of one late time', (at: number) => Math.max(at, 0), 80],
  ['a late time as near as the first test', (at: number) => (at < 0 ? 79 : at), 80],
])('a bulk of the past leaves every old row on its side: %s', (_, timeOf, from) => {
  const old = upTo(100);
  const late = Array.from({ length: 1000 }, (__, at) => timeOf(-1 - at));
  const sides = (days: readonly number[], notBefore?: number): readonly boolean[] =>
    numbersOf(splitRows(dated(days), { by: 'day', test: 0.2 }, notBefore))
      .slice(0, old.length)
      .map((subset) => subset === subsets.test);
  expect(firstTested(old)).toBe(from);
  expect(sides([...old, ...late], from)).toEqual(sides(old));
});

test('rows that are all before the earlier test are refused, with what to do', () => {
  expect(() => firstTested(upTo(120), 160)).toThrow(
    'no rows from 160 on, where earlier versions were tested',
  );
  const untested = { ...dated(upTo(20)), target: upTo(20).map((at) => (at < 16 ? at : null)) };
  expect(() => splitRows(untested, { by: 'day', test: 0.2 }, 16)).toThrow(/test: \{ from: … \}/);
});

test('a time of another type is no limit', () => {
  expect(numbersOf(splitRows(dated(upTo(20)), { by: 'day', test: 0.2 }, '2024-01-01'))).toEqual(
    numbersOf(splitRows(dated(upTo(20)), { by: 'day', test: 0.2 })),
  );
});
