import { expect, test } from 'vitest';
import { Point, writeSeries } from './series.ts';

const rowsOf = (seed: number): readonly (readonly string[])[] =>
  [...writeSeries({ seed, series: 20 })].flatMap(({ text }) =>
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')),
  );

test('without data the project forecasts made-up series', async () => {
  const { default: project, history, sales } = await import('./modelyard.config.ts');
  expect(project.forecasts).toEqual([sales]);
  expect(history.reader.from).toMatchObject({ kind: 'simulation' });
  expect(sales.promote).toMatchObject({
    when: { metric: 'smape', better: 'lower' },
    beats: ['seasonalNaive'],
  });
});

test('made-up series are rows of the schema, one value a month, and the same for the same seed', () => {
  const rows = rowsOf(1).map(([series, month, value]) =>
    Point.parse({ series, month, value: Number(value) }),
  );
  const keys = rows.map(({ series, month }) => `${series} ${month}`);
  expect(new Set(keys).size).toBe(keys.length);
  const first = rows.filter(({ series }) => series === 'S0001').map(({ month }) => month);
  const start = new Date(first[0] ?? '');
  const expected = first.map((_, at) =>
    new Date(Date.UTC(start.getUTCFullYear(), at, 1)).toISOString().slice(0, 10),
  );
  expect(first).toEqual(expected);
  expect(rows.every(({ value }) => value > 0)).toBe(true);
  expect(rowsOf(1)).toEqual(rowsOf(1));
  expect(rowsOf(2)).not.toEqual(rowsOf(1));
});
