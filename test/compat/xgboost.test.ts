import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { readTreeOptions } from '../../src/training/boosted-trees/options.ts';
import { boostedTrees, modelFiles } from '../../src/training/boosted-trees/trainer.ts';
import { prepareExplain } from '../../src/training/boosted-trees/shapley.ts';
import { predictColumns, type Trees } from '../../src/training/boosted-trees/trees.ts';
import { xgboostNames } from '../../src/training/boosted-trees/xgboost-names.ts';
import { mlflowModelFiles } from '../../src/training/mlflow-model.ts';
import { readXgboost } from '../../src/training/boosted-trees/xgboost-read.ts';
import { selectRows } from '../../src/training/rows.ts';
import type { Contributions, NumberExplanation } from '../../src/project/models/predictor.ts';
import type { TrainingRows } from '../../src/project/models/trainer.ts';
import { type PythonChecker, startChecker } from './python-checker.ts';

const python = process.env['MODELYARD_COMPAT_PYTHON'];
const skipped = python === undefined;
const why = skipped ? ' (skipped: MODELYARD_COMPAT_PYTHON names no Python with xgboost)' : '';

interface Checked {
  readonly version: string;
  readonly features: readonly string[];
  readonly predictions: readonly number[];
  readonly contributions: readonly (readonly number[])[];
  readonly gain: Readonly<Record<string, number>>;
  /** The predictions of MLflow's pyfunc, if the request names `pyfunc`. */
  readonly pyfunc?: readonly number[];
}

const features = ['form', 'rest', 'age', 'venue', 'toss'];
let folder = '';
let checker: PythonChecker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-xgboost-'));
  if (python !== undefined) checker = startChecker(python, 'xgboost_check.py', folder);
});
afterAll(async () => {
  if (!skipped) await checker[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Units of the target: XGBoost must also read large and small numbers with many digits. */
const units = [1, 1e10, 1e-6];

test.skipIf(skipped).each(units)(
  `XGBoost predicts our numbers from our file, in units of %d${why}`,
  async (unit) => {
    const all = simulated(6000, unit);
    const fitted = await boostedTrees.definition.fit(
      readTreeOptions({ trees: 120, depth: 6, learningRate: 0.15, rowShare: 0.8, featureShare: 0.8 }),
      { train: part(all, 0, 4000), validation: part(all, 4000, 5000) },
      { target: { kind: 'number' }, interval: 0.8, progress: () => undefined },
    );
    for (const file of fitted.files) await writeFile(join(folder, file.name), file.bytes);
    const file = (name: string): Uint8Array =>
      fitted.files.find((one) => one.name === name)?.bytes ?? new Uint8Array();
    const predictor = await boostedTrees.definition.open(async (name) => file(name));
    const asked = part(all, 5000, 6000);
    const theirs = await xgboost({ model: join(folder, modelFiles.model), rows: asked });
    expect(theirs.features).toEqual(features);
    expect(theirs.predictions).toEqual(
      (await predictor.predict(asked.matrix)).map((one) => 'value' in one && one.value),
    );
    const explanations = (await predictor.explain?.(asked.matrix)) ?? [];
    expectSameContributions(theirs, explanations as readonly NumberExplanation[], unit);
    const gain = Object.values(theirs.gain).reduce((sum, one) => sum + one, 0);
    for (const name of features)
      expect(fitted.importances?.[name]).toBeCloseTo((theirs.gain[name] ?? 0) / gain, 5);
    const scale = await xgboost({ model: join(folder, modelFiles.scale), rows: asked });
    expect(scale.predictions).toEqual([
      ...predictColumns(read(file(modelFiles.scale)), asked.matrix.columns, 1000),
    ]);
  },
);

test.skipIf(skipped)(
  `XGBoost and pyfunc load a model whose features have names that XGBoost refuses${why}`,
  async () => {
    const odd = ['near <1H OCEAN', 'size [m2]', 'a]b', 'a_b', 'toss'];
    const all = simulated(1500, 1);
    const renamed = (rows: TrainingRows): TrainingRows => ({
      ...rows,
      matrix: { ...rows.matrix, features: odd },
    });
    const fitted = await boostedTrees.definition.fit(
      readTreeOptions({ trees: 20 }),
      { train: renamed(part(all, 0, 1000)), validation: renamed(part(all, 1000, 1200)) },
      { target: { kind: 'number' }, interval: 0.8, progress: () => undefined },
    );
    const folderPath = join(folder, 'odd-names');
    await mkdir(folderPath);
    const described = mlflowModelFiles({
      features: odd,
      trainer: 'boosted-trees',
      mlflow: boostedTrees.definition.mlflow?.([]),
      modelUuid: '0'.repeat(32),
    });
    for (const { name, bytes } of [...fitted.files, ...described])
      await writeFile(join(folderPath, name), bytes);
    const file = (name: string): Uint8Array =>
      fitted.files.find((one) => one.name === name)?.bytes ?? new Uint8Array();
    const predictor = await boostedTrees.definition.open(async (name) => file(name));
    expect(predictor.features).toEqual(odd);
    const asked = renamed(part(all, 1200, 1500));
    const names = xgboostNames(odd);
    const theirs = await xgboost({
      model: join(folderPath, modelFiles.model),
      rows: asked,
      features: names,
      pyfunc: folderPath,
    });
    expect(theirs.features).toEqual(['near _1H OCEAN', 'size _m2_', 'a_b_2', 'a_b', 'toss']);
    const ours = await predictor.predict(asked.matrix);
    expect(theirs.predictions).toEqual(ours.map((one) => 'value' in one && one.value));
    expect(theirs.pyfunc).toEqual(theirs.predictions);
  },
);

test.skipIf(skipped)(`we predict XGBoost's numbers from its file${why}`, async () => {
  const model = join(folder, 'theirs.json');
  const rows = simulated(2000, 1);
  const theirs = await xgboost({
    model,
    rows,
    train: { max_depth: 5, eta: 0.2, tree_method: 'hist', nthread: 1 },
    rounds: 40,
  });
  const trees = read(await readFile(model));
  expect(theirs.predictions).toEqual([...predictColumns(trees, rows.matrix.columns, 2000)]);
  const explain = prepareExplain(trees);
  expectSameContributions(
    theirs,
    theirs.contributions.flatMap((_contributions, row) => explain(rowOf(rows, row))),
    1,
  );
});

function read(bytes: Uint8Array): Trees {
  return readXgboost(bytes, 'model').trees;
}

/** XGBoost sums in float32, and gives the baseline last. */
function expectSameContributions(theirs: Checked, ours: readonly Contributions[], unit: number): void {
  const worst = ours.map(({ baseline, contributions }, row) => {
    const expected = theirs.contributions[row] ?? [];
    return Math.max(
      ...[...contributions, baseline].map((value, at) => Math.abs(value - (expected[at] ?? Infinity))),
    );
  });
  expect(worst).toHaveLength(theirs.contributions.length);
  expect(Math.max(...worst)).toBeLessThan(1e-4 * unit);
}

interface Question {
  readonly model: string;
  readonly rows: TrainingRows;
  readonly train?: object;
  readonly rounds?: number;
  /** @default the features of the simulated rows */
  readonly features?: readonly string[];
  /** A model folder that MLflow also loads. */
  readonly pyfunc?: string;
}

/** JSON writes NaN as null, which numpy reads as missing. */
function xgboost({ rows, ...rest }: Question): Promise<Checked> {
  const values = Array.from({ length: rows.matrix.rows }, (_, row) => [...rowOf(rows, row)]);
  return checker.ask({ features, ...rest, rows: values, target: [...rows.target] });
}

function rowOf({ matrix }: TrainingRows, row: number): Float32Array {
  return Float32Array.from(matrix.columns, (column) => column[row] ?? Number.NaN);
}

function part(all: TrainingRows, from: number, to: number): TrainingRows {
  return selectRows(
    all,
    Int32Array.from({ length: to - from }, (_, at) => from + at),
  );
}

/** Rows with one value in ten missing, where missing values are informative. */
function simulated(rows: number, unit: number): TrainingRows {
  const random = seededRandom(7);
  const draw = (): number => (random() < 0.1 ? Number.NaN : random() * 20 - 10);
  const columns = features.map(() => new Float32Array(rows).map(draw));
  const at = (feature: number, row: number): number => columns[feature]?.[row] ?? Number.NaN;
  const orElse = (value: number, otherwise: number): number => (Number.isNaN(value) ? otherwise : value);
  const target = new Float64Array(rows).map((_, row) => {
    const product = orElse(at(0, row), 5) * orElse(at(1, row), -3);
    const steps = (at(3, row) > 2 ? 15 : 0) + (Number.isNaN(at(4, row)) ? 12 : 0);
    return unit * (150 + product + Math.sin(orElse(at(2, row), 0)) * 20 + steps + random() * 10);
  });
  const group = new Int32Array(rows).map((_, row) => Math.floor(row / 5));
  return {
    matrix: { features, rows, columns },
    target,
    group,
    order: new Float64Array(rows).map((_, row) => row),
  };
}
