import { expect, test } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import { AdaptiveInterval } from './adaptive-conformal.ts';
import { conformalQuantiles } from './conformal.ts';
import { fitResidualInterval, residualInterval, withInterval } from './residual-interval.ts';

const level = 0.8;

/** Errors that triple and turn upwards from the middle on. */
function shifting(rows: number): readonly number[] {
  const random = seededRandom(11);
  return Array.from({ length: rows }, (_, row) => {
    const error = random() + random() + random() - 1.5;
    return row < rows / 2 ? error : 3 * error + 1;
  });
}

function covered(
  residuals: readonly number[],
  offsets: (row: number) => { readonly low: number; readonly high: number },
): number {
  const hits = residuals.filter(
    (residual, row) => offsets(row).low <= residual && residual <= offsets(row).high,
  );
  return hits.length / residuals.length;
}

test('the coverage of adaptive intervals holds where errors change, and that of fixed ones does not', () => {
  const residuals = shifting(6000);
  const interval = new AdaptiveInterval(level);
  const offsets = residuals.map((residual) => {
    const before = interval.offsets;
    interval.add(residual);
    return before;
  });
  const afterShift = residuals.slice(3000);
  expect(covered(afterShift, (row) => offsets[3000 + row] as { low: number; high: number })).toBeCloseTo(
    level,
    1.3,
  );
  const fixed = conformalQuantiles(Float64Array.from(residuals.slice(0, 3000)), level);
  expect(covered(afterShift, () => fixed)).toBeLessThan(0.55);
});

test('the ends are missed equally often after a shift', () => {
  const residuals = shifting(6000);
  const interval = new AdaptiveInterval(level);
  let [below, above] = [0, 0];
  for (const [row, residual] of residuals.entries()) {
    if (row >= 3000) {
      below += Number(residual < interval.offsets.low);
      above += Number(residual > interval.offsets.high);
    }
    interval.add(residual);
  }
  expect(below / 3000).toBeCloseTo(0.1, 1.5);
  expect(above / 3000).toBeCloseTo(0.1, 1.5);
});

test('validation rows in order give an interval for the rows that come next', () => {
  const residuals = shifting(6000);
  const [fitted, next] = [residuals.slice(0, 4500), residuals.slice(4500)];
  const rows = { truth: fitted, predicted: fitted.map(() => 0) };
  const adaptive = fitResidualInterval({ ...rows, ordered: true }, level);
  const overAll = fitResidualInterval({ ...rows, ordered: false }, level);
  expect(Math.abs(covered(next, () => adaptive) - level)).toBeLessThan(0.05);
  expect(covered(next, () => overAll)).toBeLessThan(0.7);
});

test('rows without an order have the coverage that was asked for', () => {
  const random = seededRandom(5);
  const draw = (): readonly number[] => Array.from({ length: 2000 }, () => random() ** 2);
  const truth = draw();
  const interval = fitResidualInterval({ truth, predicted: truth.map(() => 0.3), ordered: false }, 0.9);
  expect(
    Math.abs(covered(draw(), () => ({ low: 0.3 + interval.low, high: 0.3 + interval.high })) - 0.9),
  ).toBeLessThan(0.02);
});

test('an interval is added once, and is read from JSON', () => {
  const stored = residualInterval.parse(JSON.parse('{"level":0.8,"low":-2,"high":3}'));
  const prediction = { kind: 'number', value: 10 } as const;
  const withOne = withInterval(prediction, stored);
  expect(withOne.interval).toEqual({ level: 0.8, low: 8, high: 13 });
  expect(withInterval(withOne, { level: 0.5, low: -1, high: 1 })).toBe(withOne);
});

test('one residual is enough for an interval, however wide it then is', () => {
  expect(fitResidualInterval({ truth: [5], predicted: [3], ordered: true }, level)).toEqual({
    level,
    low: 0,
    high: 2,
  });
});
