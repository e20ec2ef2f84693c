import { expect, test } from 'vitest';
import { normalNumber, seededRandom } from '../../kernel/random.ts';
import { type CalibrationMethod, fitCalibration } from './calibration.ts';
import { type Curve, valueOf } from './curve.ts';
import { lowersLoss } from './lowers-loss.ts';

const days = 100;
const rowsOfDay = 20;

/** Outcomes of some days, whose log-odds a trainer multiplies by `factor`, and to which each day and month adds its own. */
function curvesFor({
  factor = 1,
  daily = 0,
  always = 0,
  lastMonth = 0,
  ordered = true,
  calibrate = 'auto' as CalibrationMethod,
}): readonly Curve[] {
  const random = seededRandom(3);
  const rows = Array.from({ length: days }, (_, day) => {
    const ofDay = always + daily * normalNumber(random) + (day >= 0.8 * days ? lastMonth : 0);
    return Array.from({ length: rowsOfDay }, () => {
      const seen = normalNumber(random);
      const yes = Number(random() < 1 / (1 + Math.exp(-(seen + ofDay))));
      return { day, yes, probability: 1 / (1 + Math.exp(-factor * seen)) };
    });
  }).flat();
  const { curves } = fitCalibration(calibrate, {
    target: { kind: 'boolean' },
    probabilities: [Float64Array.from(rows, ({ probability }) => probability)],
    truth: Float64Array.from(rows, ({ yes }) => yes),
    clusters: { of: rows.map(({ day }) => day), time: ordered ? rows.map(({ day }) => day) : undefined },
  });
  return curves;
}

test.each([
  ['too sure', { factor: 2 }, 'sigmoid'],
  ['not sure enough', { factor: 0.5 }, 'sigmoid'],
  ['too sure, in no order', { factor: 2, ordered: false }, 'sigmoid'],
  ['right', {}, 'none'],
  ['right, in no order', { ordered: false }, 'none'],
  ['right on average over days that are alike within', { daily: 0.5 }, 'none'],
  ['right but for the last month', { lastMonth: 2 }, 'none'],
  ['right but for the share of yes', { always: 0.5 }, 'none'],
])('a sigmoid is kept where it is needed: probabilities that are %s', (_, given, method) => {
  expect(curvesFor(given)).toMatchObject([{ method }]);
});

test('a curve that is chosen leaves the mean, and predictions in their order', () => {
  const [curve] = curvesFor({ factor: 2, always: 0.5 });
  expect(curve).toMatchObject({ method: 'sigmoid', slope: expect.closeTo(0.5, 1) });
  expect(curve && valueOf(curve, 0.5)).toBeCloseTo(0.5, 1);
  expect(curve && valueOf(curve, 0.7)).toBeGreaterThan(0.6);
});

test('a method that the project names is always used', () => {
  expect(curvesFor({ calibrate: 'sigmoid' })).toMatchObject([{ method: 'sigmoid' }]);
  expect(curvesFor({ calibrate: 'isotonic' })).toMatchObject([{ method: 'isotonic' }]);
});

test('rows of a single day show nothing', () => {
  const { curves } = fitCalibration('auto', {
    target: { kind: 'boolean' },
    probabilities: [Float64Array.of(0.9, 0.9, 0.1, 0.1)],
    truth: Float64Array.of(0, 1, 0, 1),
    clusters: { of: [5, 5, 5, 5], time: [5, 5, 5, 5] },
  });
  expect(curves).toEqual([{ method: 'none' }]);
});

test.each([2, 3, 4])('each of %i days is predicted by a curve of the others', (count) => {
  const days = Array.from({ length: 4 * count }, (_, row) => Math.floor(row / 4));
  const learned: number[] = [];
  lowersLoss(
    (probability) => {
      learned.push(probability.length);
      return { method: 'none' };
    },
    {
      probability: days.map(() => 0.5),
      truth: days.map((_, row) => row % 2),
      clusters: { of: days, time: days },
    },
  );
  expect(learned).toEqual(Array.from({ length: count }, () => 4 * (count - 1)));
});

test('a fold whose other rows have one outcome fits no curve', () => {
  const fit = (): never => {
    throw new RangeError('one outcome');
  };
  const clusters = { of: [0, 0, 1, 1], time: [0, 0, 1, 1] };
  const rows = { probability: [0.5, 0.5, 0.5, 0.5], truth: [0, 0, 1, 1], clusters };
  expect(lowersLoss(fit, rows)).toBe(false);
});

test('clusters are divided by their first time', () => {
  const learned: (readonly number[])[] = [];
  lowersLoss(
    (probability) => {
      learned.push([...probability]);
      return { method: 'none' };
    },
    {
      probability: [0.1, 0.2, 0.3, 0.4],
      truth: [0, 1, 1, 0],
      clusters: { of: [7, 3, 7, 3], time: [1, 2, 9, 3] },
    },
  );
  expect(learned).toEqual([
    [0.2, 0.4],
    [0.1, 0.3],
  ]);
});
