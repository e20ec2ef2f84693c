import { expect, test } from 'vitest';
import {
  type CandidateRows,
  findLearnedRows,
  contentText,
  hashContent,
  hashGroup,
  type LearnedFrom,
  type LearnedHashes,
} from './learned.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const days = [1, 2, 3, 4, 5, 6];
const sizes = [70, 80, 90, 100, 110, 120];
const contentsOf = (values: readonly number[]): Float64Array =>
  Float64Array.from(values, (value) => hashContent([contentText()(value)]));

/** A version that learned from the first four rows. */
function learned(over: Partial<LearnedFrom & LearnedHashes> = {}): LearnedFrom & LearnedHashes {
  return {
    group: 'id',
    by: { column: 'day', to: 4 },
    columns: ['size'],
    groups: Float64Array.from(ids.slice(0, 4), hashGroup),
    contents: contentsOf(sizes.slice(0, 4)),
    ...over,
  };
}

const learnedRows = (of: LearnedFrom & LearnedHashes, rows: CandidateRows): readonly number[] | string => {
  const found = findLearnedRows(of, rows);
  return found.kind === 'known' ? [...found.isLearned] : found.reason;
};

/** The fourth row and the last two test. */
const tested = Int8Array.of(0, 0, 1, 2, 2, 2);

test('a row was learned when its group was, whatever its time and values are now', () => {
  expect(learnedRows(learned(), { subsets: tested, group: ids, by: [9, 9, 9, 9, 9, 9] })).toEqual([
    1, 1, 1, 1, 0, 0,
  ]);
  const corrected = contentsOf(sizes.map((size) => size + 0.1));
  expect(learnedRows(learned(), { subsets: tested, group: ids, contents: corrected })).toEqual([
    1, 1, 1, 1, 0, 0,
  ]);
});

test('a number and its text are the same group', () => {
  const groups = Float64Array.of(hashGroup(7), hashGroup(true));
  expect(learnedRows(learned({ groups }), { subsets: [2, 2, 2], group: ['7', 'true', '8'] })).toEqual([
    1, 1, 0,
  ]);
});

test('without a group the time tells, up to the latest that was learned from', () => {
  const ungrouped = learned({ group: null, groups: new Float64Array(4).fill(Number.NaN) });
  expect(learnedRows(ungrouped, { subsets: tested, by: days })).toEqual([1, 1, 1, 1, 0, 0]);
  expect(learnedRows(ungrouped, { subsets: tested, by: [5, 5, 5, 4.5, 4, null] })).toEqual([
    0, 0, 0, 0, 1, 1,
  ]);
  const dated = learned({ group: null, by: { column: 'day', to: '2024-01-02' } });
  expect(learnedRows(dated, { subsets: [2, 2], by: ['2024-01-02', '2024-01-03'] })).toEqual([1, 0]);
});

test('where the group column is gone the time tells, and without both the values', () => {
  expect(learnedRows(learned(), { subsets: tested, by: days })).toEqual([1, 1, 1, 1, 0, 0]);
  expect(learnedRows(learned(), { subsets: tested, contents: contentsOf(sizes) })).toEqual([
    1, 1, 1, 1, 0, 0,
  ]);
  const timeless = learned({ by: null });
  expect(learnedRows(timeless, { subsets: tested, contents: contentsOf(sizes) })).toEqual([1, 1, 1, 1, 0, 0]);
});

test('where nothing recognises the rows, that is said and not guessed', () => {
  const unknown =
    'the column "id" or "day" is missing or has changed, so the rows it learned from cannot be identified';
  expect(learnedRows(learned(), { subsets: tested })).toBe(unknown);
  expect(learnedRows(learned(), { subsets: tested, by: ids })).toBe(unknown);
  const others = contentsOf(sizes.map((size) => size + 0.1));
  expect(learnedRows(learned(), { subsets: tested, contents: others })).toBe(unknown);
});

test('a row that was given another number is recognised by its values', () => {
  const renumbered = ['f', 'e', 'x', 'y', 'z', 'b'];
  expect(
    learnedRows(learned(), { subsets: [2, 2, 2, 2, 0, 2], group: renumbered, contents: contentsOf(sizes) }),
  ).toEqual([1, 1, 1, 1, 0, 0]);
  const oneOfThem = ['a', 'b', 'c', 'x', 'y', 'd'];
  expect(
    learnedRows(learned(), { subsets: [0, 0, 0, 2, 0, 2], group: oneOfThem, contents: contentsOf(sizes) }),
  ).toEqual([1, 1, 1, 1, 0, 1]);
});

test('equal rows that both versions learned from tell nothing: they may test', () => {
  const contents = contentsOf([70, 70, 80, 70, 90, 80]);
  const before = learned({ contents: contentsOf([70, 70, 80, 90]) });
  expect(
    learnedRows(before, { subsets: [0, 0, 1, 2, 2, 2], group: ['a', 'b', 'c', 'n', 'o', 'p'], contents }),
  ).toEqual([1, 1, 1, 0, 1, 0]);
});

test('groups that were numbered anew are not taken for those that were learned', () => {
  // A new first row moved every number by one, and each value occurs twice.
  const numbers = [1, 2, 3, 4, 5, 6];
  const before = learned({
    by: null,
    groups: Float64Array.from([1, 2, 3, 4], hashGroup),
    contents: contentsOf([70, 70, 80, 80]),
  });
  const contents = contentsOf([60, 70, 70, 80, 80, 90]);
  expect(learnedRows(before, { subsets: [2, 0, 2, 0, 2, 2], group: numbers, contents })).toEqual([
    0, 1, 1, 1, 1, 0,
  ]);
  // With times, they decide.
  const timed = learned({ groups: before.groups, contents: before.contents });
  expect(
    learnedRows(timed, { subsets: [2, 0, 2, 0, 2, 2], group: numbers, by: [5, 1, 2, 3, 4, 6], contents }),
  ).toEqual([0, 1, 1, 1, 1, 0]);
});

test('groups whose values were corrected keep their names', () => {
  const before = learned({ by: null });
  const contents = contentsOf([70.1, 80.1, 90.1, 100, 110, 120]);
  expect(learnedRows(before, { subsets: tested, group: ids, contents })).toEqual([1, 1, 1, 1, 0, 0]);
});

test('a row before the first one that tested a version counts as learned, whatever its group', () => {
  const by = { column: 'day', to: 4, testsFrom: 5 };
  const rows = { subsets: [2, 2, 2, 2], group: ['new', 'newer', 'a', 'newest'], by: [4, 5, 6, 7] };
  expect(learnedRows(learned({ by }), rows)).toEqual([1, 0, 1, 0]);
  expect(learnedRows(learned(), rows), 'of a version that does not say').toEqual([0, 0, 1, 0]);
});
