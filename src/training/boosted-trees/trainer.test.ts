import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { intervalCoverage } from '../metrics/regression.ts';
import { selectRows } from '../rows.ts';
import type { TrialResult } from '../../project/models/trainer.ts';
import type { NumberPrediction } from '../../project/models/prediction.ts';
import type { Predictor } from '../../project/models/predictor.ts';
import type { Fitted, Matrix, TrainingRows } from '../../project/models/trainer.ts';
import { type BoostedTreesOptions, readTreeOptions, type TreeOptions } from './options.ts';
import { boostedTrees } from './trainer.ts';

const { definition } = boostedTrees;

/** The noise of a row grows with its second feature; rows come in groups of ten. */
function simulated(rows: number): TrainingRows {
  const random = seededRandom(11);
  const columns = [0, 1, 2].map(() => new Float32Array(rows).map(() => random() * 10));
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const target = new Float64Array(rows).map((_, row) => {
    const [a = 0, b = 0] = columns.map((column) => column[row] ?? 0);
    return 100 + 3 * a + normal() * (b < 5 ? 1 : 8);
  });
  return {
    matrix: { features: ['a', 'b', 'c'], rows, columns },
    target,
    group: new Int32Array(rows).map((_, row) => Math.floor(row / 10)),
    order: new Float64Array(rows).map((_, row) => row),
  };
}

const all = simulated(6000);
const part = (from: number, to: number): TrainingRows =>
  selectRows(
    all,
    Int32Array.from({ length: to - from }, (_, at) => from + at),
  );
const sides = { train: part(0, 3000), validation: part(3000, 4000) };
const held = part(4000, 6000);
const options = { trees: 200, depth: 4 };
const whole = (given: BoostedTreesOptions): TreeOptions => readTreeOptions({ ...given });
const tried = async (given: BoostedTreesOptions): Promise<TrialResult> => {
  if (!definition.trial) throw new Error('boosted trees can be tried');
  return definition.trial(whole(given), sides, { target: { kind: 'number' } });
};
const intervalsOf = async (
  predictor: Predictor,
  matrix: Matrix,
): Promise<readonly Required<NumberPrediction>[]> =>
  (await predictor.predict(matrix)).map((prediction) => {
    if (prediction.kind !== 'number' || !prediction.interval) throw new Error('no interval was predicted');
    return { ...prediction, interval: prediction.interval };
  });
const open = (fitted: Fitted): Promise<Predictor> =>
  definition.open(async (name) => fitted.files.find((file) => file.name === name)?.bytes ?? new Uint8Array());
const quiet = { target: { kind: 'number' } as const, interval: 0.8, progress: (): void => undefined };
const fitting = definition.fit(whole(options), sides, quiet);

test('intervals hold their share of new outcomes, and are narrow where the noise is', async () => {
  const predictor = await open(await fitting);
  const predictions = await intervalsOf(predictor, held.matrix);
  const low = predictions.map(({ interval }) => interval.low);
  const high = predictions.map(({ interval }) => interval.high);
  const coverage = intervalCoverage({ truth: held.target, low, high });
  expect(coverage).toBeGreaterThan(0.76);
  expect(coverage).toBeLessThan(0.84);
  const width = (quietRows: boolean): number => {
    const widths = high.flatMap((top, row) =>
      (held.matrix.columns[1]?.[row] ?? 0) < 5 === quietRows ? [top - (low[row] ?? 0)] : [],
    );
    return widths.reduce((sum, one) => sum + one, 0) / widths.length;
  };
  expect(width(false)).toBeGreaterThan(4 * width(true));
  expect(predictions.every(({ value, interval }) => interval.low <= value && value <= interval.high)).toBe(
    true,
  );
});

test('a row is predicted alone as in a batch, and its explanation sums to the prediction', async () => {
  const predictor = await open(await fitting);
  const batch = await predictor.predict(held.matrix);
  const explanations = (await predictor.explain?.(held.matrix)) ?? [];
  for (const row of [0, 7, 1999]) {
    const [alone] = await intervalsOf(predictor, selectRows(held, Int32Array.of(row)).matrix);
    expect(alone).toEqual(batch[row]);
    expect(alone?.interval.level).toBe(0.8);
    const explanation = explanations[row];
    if (!explanation || 'classes' in explanation) throw new Error('no number was explained');
    const { baseline, contributions } = explanation;
    expect(contributions.reduce((sum, one) => sum + one, baseline)).toBeCloseTo(alone?.value ?? 0, 3);
  }
});

test('columns are found by name, in whatever order they come', async () => {
  const predictor = await open(await fitting);
  const { features, columns, rows } = selectRows(held, Int32Array.of(0, 1)).matrix;
  const turned = { rows, features: features.toReversed(), columns: columns.toReversed() };
  expect(await predictor.predict(turned)).toEqual(await predictor.predict({ rows, features, columns }));
});

test('the same rows give the same bytes', async () => {
  const again = await definition.fit(whole(options), sides, quiet);
  expect(again).toEqual(await fitting);
});

test('the model is fitted on train and validation with as many trees as validation fittedParams', async () => {
  const { files, fittedParams = {} } = await fitting;
  const trial = await tried(options);
  expect(fittedParams).toEqual(trial.fittedParams);
  expect(fittedParams['trees']).toBeLessThan(200);
  const saved = JSON.parse(new TextDecoder().decode(files[0]?.bytes)) as {
    learner: { gradient_booster: { model: { trees: { sum_hessian: number[] }[] } } };
  };
  expect(saved.learner.gradient_booster.model.trees.map((tree) => tree.sum_hessian[0])).toEqual(
    Array.from({ length: fittedParams['trees'] ?? 0 }, () => 4000),
  );
});

test('a target that never changes makes a model that opens and predicts it', async () => {
  const constant = (rows: TrainingRows): TrainingRows => ({ ...rows, target: rows.target.map(() => 42) });
  const few = { train: constant(part(0, 300)), validation: constant(part(300, 400)) };
  const predictor = await open(await definition.fit(whole({ trees: 20 }), few, quiet));
  const [prediction] = await intervalsOf(predictor, selectRows(held, Int32Array.of(0)).matrix);
  expect(prediction).toMatchObject({ value: 42, interval: { low: 42, high: 42 } });
});

test('progress counts up to its total', async () => {
  const seen: [number, number][] = [];
  const few = { train: part(0, 300), validation: part(300, 400) };
  await definition.fit(whole({ trees: 5 }), few, {
    target: { kind: 'number' },
    interval: 0.5,
    progress: (done, total) => seen.push([done, total]),
  });
  const [done, total] = seen.at(-1) ?? [0, 1];
  expect(done).toBe(total);
  expect(seen.map(([one]) => one)).toEqual(seen.map((_, at) => at + 1));
});

test('a trial is measured on the validation rows', async () => {
  const { metrics, loss } = await tried(options);
  expect(loss).toBe(metrics['rmse']);
  expect(metrics['r2']).toBeGreaterThan(0.5);
  const worse = await tried({ trees: 1, depth: 1 });
  expect(worse.loss).toBeGreaterThan(loss);
});

test('what cannot be answered is refused', async () => {
  const predictor = await open(await fitting);
  const narrow = { features: ['a'], rows: 1, columns: [Float32Array.of(1)] };
  await expect(predictor.predict(narrow)).rejects.toThrow(/\(feature b: missing/);
  await expect(predictor.explain?.(narrow)).rejects.toThrow(/\(feature b: missing/);
  const lacking = definition.open(async (name) =>
    name === 'interval.json'
      ? new TextEncoder().encode('{"format":2}')
      : ((await fitting).files[0]?.bytes ?? new Uint8Array()),
  );
  await expect(lacking).rejects.toThrow(/model not supported: .*\(interval\.json/);
  await expect(definition.fit(whole({}), sides, { ...quiet, interval: 1 })).rejects.toThrow(
    /interval must be .*\(got 1\)/,
  );
});
