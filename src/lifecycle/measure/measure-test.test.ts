import { expect, test } from 'vitest';
import type { Target } from '../../project/models/kind.ts';
import type { ScoredRows } from '../../training/metrics/metrics-of.ts';
import { type LoadedMeasure, measuring } from './measure-test.ts';

const rows = [{ over: 1 }, { over: 6 }, { over: 7 }];
const numbers: ScoredRows = {
  kind: 'number',
  truth: [10, 20, 30],
  predicted: [11, 22, 33],
  low: [0, 0, 0],
  high: [40, 40, 40],
};
const late: LoadedMeasure = {
  name: 'late',
  of: 'mae',
  where: (({ over }: { over: number }) => over > 5) as never,
};

const figures = (
  measure: LoadedMeasure,
  scored: ScoredRows = numbers,
  target: Target = { kind: 'number' },
): Readonly<Record<string, number>> =>
  measuring({
    target,
    metrics: ['mae'].slice(0, scored.kind === 'number' ? 1 : 0),
    measures: [measure],
    rows,
  })(scored);

test('a measure of a metric is that metric over the rows that it chooses', () => {
  expect(figures(late)).toEqual({ mae: 2, late: 2.5 });
});

test('drawn rows are chosen by their own values, as often as they were drawn', () => {
  const measure = measuring({ target: { kind: 'number' }, metrics: ['mae'], measures: [late], rows });
  expect(measure(numbers, { rows: Int32Array.of(0, 2, 2, 1) })).toEqual({ mae: 2.25, late: 8 / 3 });
  expect(measure(numbers, { rows: Int32Array.of(0), names: ['late'] })).toEqual({ late: Number.NaN });
  expect(measure(numbers, { names: ['mae'] })).toEqual({ mae: 2 });
});

const seen = (target: Target, scored: ScoredRows): readonly unknown[] => {
  const found: unknown[] = [];
  const value = (tested: Iterable<unknown>): number => found.push(...tested);
  expect(figures({ name: 'count', value: value as never }, scored, target)).toMatchObject({ count: 3 });
  return found;
};

test('a measure of its own gets every row with truth and prediction as the target has them', () => {
  expect(seen({ kind: 'number' }, numbers)[1]).toEqual({ row: { over: 6 }, truth: 20, prediction: 22 });
  expect(
    seen({ kind: 'boolean' }, { kind: 'boolean', truth: [1, 0, 1], probability: [0.9, 0.2, 0.4] }).slice(
      0,
      2,
    ),
  ).toEqual([
    { row: { over: 1 }, truth: true, prediction: 0.9 },
    { row: { over: 6 }, truth: false, prediction: 0.2 },
  ]);
  const target = { kind: 'class', classes: ['owned', 'free'] } as const;
  expect(
    seen(target, {
      kind: 'class',
      truth: [1, 0, 1],
      probabilities: [
        [0.25, 0.5, 0],
        [0.75, 0.5, 1],
      ],
    })[0],
  ).toEqual({ row: { over: 1 }, truth: 'free', prediction: { owned: 0.25, free: 0.75 } });
});

test.each<[string, LoadedMeasure, RegExp]>([
  [
    'where',
    { name: 'late', of: 'mae', where: (() => 1) as never },
    /measures\.late\.where must return true or false for every row \(got 1\)/,
  ],
  [
    'value',
    { name: 'cost', value: (() => '3') as never },
    /measures\.cost\.value must return a number; .*\(got "3"\)/,
  ],
])('a %s that returns something else is refused by its name', (_, measure, message) =>
  expect(() => figures(measure)).toThrow(message),
);
