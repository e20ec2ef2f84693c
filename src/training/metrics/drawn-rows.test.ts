import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { metricsOfDraws } from './drawn-rows.ts';
import { metricsOf, type ScoredRows } from './metrics-of.ts';
import { selectScored } from './scored-rows.ts';

const random = seededRandom(7);
const draw = (count: number, of: () => number): Float64Array => Float64Array.from({ length: count }, of);
const rows = 300;
const rounded = (): number => Math.round(random() * 20) / 20;
const triples = Array.from({ length: rows }, () => {
  const [a, b] = [rounded() / 2, rounded() / 2];
  return [a, b, 1 - a - b] as const;
});

const scored: Readonly<Record<string, ScoredRows>> = {
  numbers: {
    kind: 'number',
    truth: draw(rows, () => 1e6 + random()),
    predicted: draw(rows, () => 1e6 + random()),
    low: draw(rows, () => 1e6 - random()),
    high: draw(rows, () => 1e6 + random()),
  },
  'numbers without an interval': {
    kind: 'number',
    truth: draw(rows, rounded),
    predicted: draw(rows, rounded),
    low: draw(rows, () => Number.NaN),
    high: draw(rows, () => Number.NaN),
  },
  'yes and no, with equal probabilities': {
    kind: 'boolean',
    truth: draw(rows, () => Number(random() < 0.3)),
    probability: draw(rows, rounded),
  },
  classes: {
    kind: 'class',
    truth: draw(rows, () => Math.floor(random() * 3)),
    probabilities: [0, 1, 2].map((index) => triples.map((triple) => triple[index] as number)),
  },
};

/** The rows that `times` stand for. */
function repeated(times: Int32Array): number[] {
  return [...times].flatMap((count, row) => Array.from({ length: count }, () => row));
}

/** To nine digits. */
function figures(metrics: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, (value + 0).toFixed(9)] as const),
  );
}

function expectSame(of: ScoredRows, times: Int32Array): void {
  expect(figures(metricsOfDraws(of)(times))).toEqual(figures(metricsOf(selectScored(of, repeated(times)))));
}

test.each(Object.keys(scored))('%s drawn again have the metrics of the drawn rows', (name) => {
  const of = scored[name] as ScoredRows;
  for (let round = 0; round < 20; round++) {
    const times = new Int32Array(rows);
    for (let at = 0; at < rows; at++) {
      const row = Math.floor(random() * rows);
      times[row] = (times[row] as number) + 1;
    }
    expectSame(of, times);
  }
  expectSame(of, new Int32Array(rows));
  expectSame(of, new Int32Array(rows).fill(1, 3, 4));
});

test('a row without a prediction counts only where it is drawn', () => {
  const without: ScoredRows[] = [
    { kind: 'number', truth: [1, 2, 4], predicted: [1, Number.NaN, 3], low: [0, 1, 2], high: [2, 3, 4] },
    { kind: 'boolean', truth: [1, 0, 0], probability: [0.7, Number.NaN, 0.6] },
    {
      kind: 'class',
      truth: [0, 1, 1],
      probabilities: [
        [0.7, Number.NaN, 0.6],
        [0.3, Number.NaN, 0.4],
      ],
    },
  ];
  for (const of of without)
    for (const times of [
      [2, 0, 1],
      [1, 1, 1],
      [0, 3, 0],
    ])
      expectSame(of, Int32Array.from(times));
});

test('a truth that does not vary in a draw has no r2', () => {
  const of: ScoredRows = {
    kind: 'number',
    truth: [0.1, 0.1, 0.1, 5],
    predicted: [1, 2, 3, 4],
    low: [0, 0, 0, 0],
    high: [1, 1, 1, 1],
  };
  expect(metricsOfDraws(of)(Int32Array.of(3, 7, 9, 0)).r2).toBeNaN();
});
