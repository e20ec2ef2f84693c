import { expect, test } from 'vitest';
import { mae } from '../metrics/regression.ts';
import { confusionOf } from './confusion.ts';
import { cutoffsOf } from './cutoffs.ts';
import { reportOf } from './report.ts';
import { scatterOf } from './scatter.ts';
import { segmentsOf } from './segments.ts';

const count = 60;
const rows = Array.from({ length: count }, (_, row) => row);
const missing = rows.map(() => Number.NaN);
const numbers = {
  kind: 'number',
  truth: rows.map((row) => row * 10),
  predicted: rows.map((row) => row * 10 + (row % 3 === 0 ? 6 : -1)),
  low: missing,
  high: missing,
} as const;
const constant = { ...numbers, predicted: rows.map(() => 300) };
const columns = {
  date: rows.map((row) => `2026-01-${String(1 + Math.floor(row / 2)).padStart(2, '0')}`),
  town: rows.map((row) => (row % 3 === 0 ? 'A' : 'B')),
  size: rows.map((row) => (row === 7 ? null : row * 2)),
  same: rows.map(() => 'x'),
};
const report = reportOf({
  target: { kind: 'number' },
  version: numbers,
  others: { constant },
  row: rows.map((row) => 1000 + row),
  columns,
  time: 'date',
});

test('errors by segment are beside those of simpler predictions, and name where the model is wrong', () => {
  expect(report.segments.map(({ column }) => column)).toEqual(['town', 'size']);
  const [town] = report.segments;
  expect(town?.groups.map(({ value, rows: of, metrics }) => [value, of, metrics.mae])).toEqual([
    ['B', 40, 1],
    ['A', 20, 6],
  ]);
  expect(report.others['constant']?.mae).toBe(mae(constant));
  expect(report.metrics.intervalCoverage).toBeNull();
});

test('errors over time are in order, with rows of one time together', () => {
  expect(report.overTime.map(({ rows: of }) => of).reduce((sum, of) => sum + of)).toBe(count);
  expect(report.overTime[0]).toMatchObject({ from: '2026-01-01', to: '2026-01-03' });
  expect(report.overTime.at(-1)?.to).toBe('2026-01-30');
  expect(report.overTime.length).toBeLessThanOrEqual(12);
});

test('the worst rows come first, with their index in the table and their values', () => {
  expect(report.worst).toHaveLength(20);
  expect(report.worst[0]).toEqual({
    row: 1000,
    loss: 6,
    truth: 0,
    predicted: 6,
    values: { date: '2026-01-01', town: 'A', size: 0, same: 'x' },
  });
});

test('a report has its columns in the order of the caller, with the range of numbers', () => {
  expect(report.columns).toEqual([
    { name: 'date' },
    { name: 'town' },
    { name: 'size', range: [0, 118] },
    { name: 'same' },
  ]);
});

test('residuals have quantiles and a histogram of all rows', () => {
  expect(report.residuals?.quantiles).toMatchObject({ '0.05': -6, '0.5': 1, '0.95': 1 });
  expect(report.residuals?.histogram.counts.reduce((sum, of) => sum + of)).toBe(count);
  expect(report.reliability).toBeUndefined();
});

test('yes or no and classes have a reliability plot, and classes one each', () => {
  const ofBoolean = reportOf({
    target: { kind: 'boolean' },
    version: { kind: 'boolean', truth: [1, 0, 1], probability: [0.9, 0.2, 0.15] },
    others: {},
    row: [0, 1, 2],
    columns: {},
  });
  expect(ofBoolean.reliability?.[0]?.bins.filter(({ rows: of }) => of > 0)).toEqual([
    { rows: 2, meanProbability: 0.175, shareOfYes: 0.5 },
    { rows: 1, meanProbability: 0.9, shareOfYes: 1 },
  ]);
  expect(ofBoolean.worst[0]).toMatchObject({ row: 2, truth: true, predicted: { true: 0.15 } });
  const ofClasses = reportOf({
    target: { kind: 'class', classes: ['a', 'b'] },
    version: {
      kind: 'class',
      truth: [0, 1],
      probabilities: [
        [0.8, 0.9],
        [0.2, 0.1],
      ],
    },
    others: {},
    row: [0, 1],
    columns: {},
  });
  expect(ofClasses.reliability?.map((one) => one.class)).toEqual(['a', 'b']);
  expect(ofClasses.worst[0]).toMatchObject({ row: 1, truth: 'b', predicted: { a: 0.9, b: 0.1 } });
});

test('one extreme residual is counted beside the bins instead of widening them', () => {
  const { residuals } = reportOf({
    target: { kind: 'number' },
    version: { ...numbers, predicted: numbers.predicted.map((value, row) => (row === 4 ? 1e9 : value)) },
    others: {},
    row: rows,
    columns: {},
  });
  const { from, to, counts, outside } = residuals?.histogram ?? { from: 0, to: 0, counts: [] };
  expect(outside).toEqual([1, 0]);
  expect([from, to]).toEqual([-13, 1]);
  expect(counts.reduce((sum, of) => sum + of)).toBe(count - 1);
});

test('a scatter has all of a few rows, and evenly spread ones of many', () => {
  expect(report.scatter).toHaveLength(count);
  expect(report.scatter?.[1]).toEqual([10, 9]);
  const many = Array.from({ length: 2000 }, (_, row) => row);
  const predicted = many.map((row) => (row === 4 ? Number.NaN : row));
  const points = scatterOf({ kind: 'number', truth: many, predicted, low: many, high: many });
  expect(points).toHaveLength(499);
  expect(points.slice(0, 2)).toEqual([
    [0, 0],
    [8, 8],
  ]);
});

test('cutoffs count who is called a yes from each probability on, and who of them is one', () => {
  const cutoffs = cutoffsOf({ truth: [1, 0, 1, 0], probability: [0.9, 0.29, 0.15, 1] });
  expect([0, 15, 16, 29, 30, 90, 91, 100].map((from) => cutoffs?.called[from])).toEqual([
    4, 4, 3, 3, 2, 2, 1, 1,
  ]);
  expect([0, 15, 16, 90, 91].map((from) => cutoffs?.right[from])).toEqual([2, 2, 1, 1, 0]);
  expect(cutoffs).toMatchObject({ rows: 4, yes: 2 });
  expect(cutoffsOf({ truth: [1], probability: [Number.NaN] })).toBeUndefined();
  expect(cutoffsOf({ truth: [], probability: [] })).toBeUndefined();
});

test('a confusion table has the most frequent classes first, and the rare ones together', () => {
  const few = confusionOf(
    {
      truth: [1, 1, 0],
      probabilities: [
        [0.2, 0.7, 0.9],
        [0.8, 0.3, 0.1],
      ],
    },
    ['a', 'b'],
  );
  expect(few).toEqual({
    classes: ['b', 'a'],
    counts: [
      [1, 1],
      [0, 1],
    ],
  });
  const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
  const many = confusionOf(
    { truth: names.map((_, index) => index), probabilities: names.map(() => names.map(() => 1 / 40)) },
    names,
  );
  expect(many?.classes).toEqual([...names.slice(0, 11), null]);
  expect(many?.counts.map(([first]) => first)).toEqual([...Array.from({ length: 11 }, () => 1), 29]);
  expect(confusionOf({ truth: [0], probabilities: [[Number.NaN]] }, ['a'])).toBeUndefined();
});

test('a report of no rows is empty, and can be written as JSON', () => {
  const empty = reportOf({
    target: { kind: 'number' },
    version: { kind: 'number', truth: [], predicted: [], low: [], high: [] },
    others: {},
    row: [],
    columns: { town: [] },
    time: 'town',
  });
  expect(empty).toMatchObject({ rows: 0, segments: [], overTime: [], worst: [], metrics: { mae: null } });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('numbers with many values are divided into ranges, and text with many into the most frequent and others', () => {
  const sizes = segmentsOf({ column: 'size', values: columns.size });
  expect(sizes.map(({ value }) => value)).toEqual([
    '0 to 24',
    '26 to 48',
    '50 to 72',
    '74 to 96',
    '98 to 118',
    'missing',
  ]);
  const names = segmentsOf({ column: 'name', values: rows.map((row) => `n${Math.floor(row / 3)}`) });
  expect(names).toHaveLength(12);
  expect(names.at(-1)).toMatchObject({ value: 'others', rows: expect.objectContaining({ length: 27 }) });
});

test('columns without an end are cut: the fields where errors differ most, and short texts', () => {
  const wide = reportOf({
    target: { kind: 'number' },
    version: numbers,
    others: {},
    row: rows,
    columns: {
      ...Object.fromEntries(
        rows.flatMap((column) => [[`flat${column}`, rows.map((row) => (row + column) % 2 === 0)]]),
      ),
      town: columns.town,
      text: rows.map((row) => 'x'.repeat(5000) + (row % 2)),
    },
  });
  expect(wide.segments).toHaveLength(40);
  expect(wide.segments[0]?.column).toBe('town');
  expect(Object.keys(wide.worst[0]?.values ?? {})).toHaveLength(30);
  expect(JSON.stringify(wide).length).toBeLessThan(100_000);
});

test('ten thousand values of a field and a thousand classes give a small report', () => {
  const many = Array.from({ length: 10_000 }, (_, row) => row);
  const classes = Array.from({ length: 1000 }, (_, index) => `class ${index}`);
  const wide = reportOf({
    target: { kind: 'class', classes },
    version: {
      kind: 'class',
      truth: many.map((row) => row % 1000),
      probabilities: classes.map((_, index) => many.map((row) => (row % 7 === index % 7 ? 0.007 : 0))),
    },
    others: {},
    row: many,
    columns: { id: many.map((row) => `id ${row}`) },
  });
  expect(wide.segments[0]?.groups).toHaveLength(12);
  expect(wide.reliability).toHaveLength(12);
  expect(Object.keys(wide.worst[0]?.predicted ?? {}).length).toBeLessThanOrEqual(4);
});

test('a prediction that is no number is the worst, and the report can be stored', () => {
  const predicted = numbers.predicted.map((value, row) => (row === 7 ? Number.NaN : value));
  const stored: unknown = JSON.parse(
    JSON.stringify(
      reportOf({
        target: { kind: 'number' },
        version: { ...numbers, predicted },
        others: {},
        row: rows,
        columns,
        time: 'date',
      }),
    ),
  );
  expect(stored).toMatchObject({
    worst: expect.arrayContaining([expect.objectContaining({ row: 7, predicted: null })]) as unknown,
  });
  expect(stored).toMatchObject({ residuals: { histogram: { from: -6, to: 1 } } });
});
