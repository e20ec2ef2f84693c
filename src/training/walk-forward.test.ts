import { expect, test } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import type { Period, Split } from '../project/models/split.ts';
import { timeOf } from './calendar.ts';
import { splitRows, subsets } from './split.ts';
import { subsetsOfPeriod } from './walk-forward.ts';

const dayMs = 86_400_000;
const dateOf = (day: number): string =>
  new Date(Date.UTC(2020, 0, 1) + day * dayMs).toISOString().slice(0, 10);

/** Groups of some days each, in any order of rows. */
function drawnColumns(seed: number): {
  readonly rows: number;
  readonly by: readonly string[];
  readonly group: readonly string[];
} {
  const random = seededRandom(seed);
  const rows = Array.from({ length: 120 }, () => {
    const start = Math.floor(random() * 1000);
    return Array.from({ length: 1 + Math.floor(random() * 3) }, (_, day) => ({
      by: dateOf(start + day),
      group: `g${start}`,
    }));
  })
    .flat()
    .toSorted(() => random() - 0.5);
  return { rows: rows.length, by: rows.map(({ by }) => by), group: rows.map(({ group }) => group) };
}

/** The first day on which no group is under way. */
function quietDay({ by, group }: ReturnType<typeof drawnColumns>, after: number): string {
  for (let day = after; ; day++) {
    const from = dateOf(day);
    const early = new Set(group.filter((_, row) => (by[row] ?? '') < from));
    if (!group.some((name, row) => (by[row] ?? '') >= from && early.has(name))) return from;
  }
}

const cases = (['week', 'month', 'quarter', 'year'] satisfies Period[]).flatMap((refit) =>
  [0, 1, 10].flatMap((gap) => [1, 2, 3].map((seed) => ({ refit, gap, seed }))),
);

test.each(cases)(
  'by $refit with a gap of $gap days, draw $seed: each fit only learns from rows before its test',
  ({ refit, gap, seed }) => {
    const columns = drawnColumns(seed);
    const from = quietDay(columns, 500);
    const split: Split = {
      by: 'date',
      group: 'match',
      test: { from, refit },
      ...(gap > 0 && { gap: `${gap}d` as const }),
    };
    const { periods, counts } = splitRows(columns, split);
    expect(periods.names.length).toBeGreaterThan(1);
    const times = columns.by.map(timeOf);
    let tested = 0;
    for (const [index] of periods.names.entries()) {
      const assigned = subsetsOfPeriod(periods, index + 1, split);
      const rowsIn = (...chosen: readonly number[]): number[] =>
        [...assigned.keys()].filter((row) => chosen.includes(assigned[row] as number));
      const [learned, tests] = [rowsIn(subsets.train, subsets.validation), rowsIn(subsets.test)];
      expect(rowsIn(subsets.train).length).toBeGreaterThan(0);
      expect(rowsIn(subsets.validation).length).toBeGreaterThan(0);
      const groups = new Set(learned.map((row) => columns.group[row]));
      expect(tests.filter((row) => groups.has(columns.group[row] ?? ''))).toEqual([]);
      const start = Math.min(...tests.map((row) => times[row] as number));
      expect(learned.filter((row) => (times[row] as number) >= start - gap * dayMs)).toEqual(
        gap === 0 ? learned.filter((row) => (times[row] as number) >= start) : [],
      );
      expect(learned.filter((row) => (times[row] as number) >= start)).toEqual([]);
      const validation = new Set(rowsIn(subsets.validation).map((row) => columns.group[row]));
      expect(rowsIn(subsets.train).filter((row) => validation.has(columns.group[row] ?? ''))).toEqual([]);
      tested += tests.length;
    }
    const later = columns.by.filter((date: string) => date >= from).length;
    expect(tested, 'every row from `from` on tests once').toBe(later);
    expect(counts.test.rows).toBe(later);
  },
);

test('what a fit learns from grows by the period before it', () => {
  const columns = {
    rows: 8,
    by: ['2018', '2018', '2019', '2019', '2020', '2021', '2022', '2022'].map((y, i) => `${y}-0${i + 1}-01`),
  };
  const split: Split = { by: 'date', test: { from: '2020-01-01', refit: 'year' }, validation: 0.25 };
  const result = splitRows(columns, split);
  expect(result.periods.names).toEqual(['2020', '2021', '2022']);
  expect([1, 2, 3].map((index) => [...subsetsOfPeriod(result.periods, index, split)])).toEqual([
    [0, 0, 0, 1, 2, 3, 3, 3],
    [0, 0, 0, 0, 1, 2, 3, 3],
    [0, 0, 0, 0, 1, 1, 2, 2],
  ]);
  expect([...result.subsets]).toEqual([0, 0, 0, 0, 1, 1, 2, 2]);
  expect(result.counts).toEqual({
    train: { rows: 4, groups: 4 },
    validation: { rows: 2, groups: 2 },
    test: { rows: 4, groups: 4 },
  });
});

test('a group that is under way at the turn of the year tests once and trains the year after next', () => {
  const columns = {
    rows: 7,
    by: ['2019-01-01', '2019-06-01', '2020-03-01', '2020-12-31', '2021-01-01', '2021-05-01', '2022-01-01'],
    group: ['a', 'b', 'c', 'eve', 'eve', 'd', 'e'],
  };
  const split: Split = { by: 'date', group: 'match', test: { from: '2020-01-01', refit: 'year' } };
  const { periods } = splitRows(columns, split);
  expect([...subsetsOfPeriod(periods, 1, split)].slice(2, 5)).toEqual([2, 2, 2]);
  expect([...subsetsOfPeriod(periods, 2, split)].slice(3, 6)).toEqual(
    [0, 0, 2].map((x, i) => (i < 2 ? subsets.validation : x)),
  );
  expect([...subsetsOfPeriod(periods, 3, split)].slice(3, 5)).not.toContain(subsets.none);
});

test('too few rows before the first period are refused', () =>
  expect(() =>
    splitRows(
      { rows: 3, by: ['2019-01-01', '2020-01-01', '2021-01-01'] },
      { by: 'date', test: { from: '2020-01-01', refit: 'year' } },
    ),
  ).toThrow(/The model is trained for 2020 with the rows before it, and there are too few/));

test('no row from `from` on is refused', () =>
  expect(() =>
    splitRows(
      { rows: 3, by: ['2019-01-01', '2019-02-01', '2019-03-01'] },
      { by: 'date', test: { from: '2020-01-01', refit: 'year' } },
    ),
  ).toThrow(/leaves no rows to test on/));

test.each<[string, Split]>([
  ['gap', { by: 'day', test: 0.3, gap: '2d' }],
  ['test.refit', { by: 'day', test: { from: 3, refit: 'year' } }],
])('%s over numbers is refused', (option, split) =>
  expect(() => splitRows({ rows: 5, by: [1, 2, 3, 4, 5] }, split)).toThrow(`split ${option}`),
);

test('rows this close before the test train nothing', () => {
  const by = Array.from({ length: 20 }, (_, day) => dateOf(day));
  const {
    subsets: assigned,
    inGap,
    periods,
  } = splitRows({ rows: 20, by }, { by: 'date', test: { from: dateOf(15) }, gap: '3d' });
  expect(
    [...assigned].map((subset, day) => (subset === subsets.none ? day : -1)).filter((day) => day >= 0),
  ).toEqual([12, 13, 14]);
  expect(inGap).toBe(3);
  expect(Array.from(periods.trainsFrom).slice(11, 16)).toEqual([1, 2, 2, 2, 2]);
});

test('a group that begins before the test trains nothing with its rows after it, if there is a gap', () => {
  const by = [0, 1, 2, 3, 9, 4, 5, 6].map(dateOf);
  const group = ['a', 'b', 'c', 'd', 'a', 'e', 'f', 'g'];
  const { subsets: assigned } = splitRows(
    { rows: 8, by, group },
    { by: 'date', group: 'g', test: 0.3, gap: '1d' },
  );
  expect(assigned[4]).toBe(subsets.none);
  expect(assigned[0]).not.toBe(subsets.none);
});

test('a gap that leaves nothing to learn from is refused with the remedy', () =>
  expect(() =>
    splitRows({ rows: 5, by: [0, 1, 2, 3, 4].map(dateOf) }, { by: 'date', test: 0.2, gap: '90d' }),
  ).toThrow(/a gap shorter than 90d/));
