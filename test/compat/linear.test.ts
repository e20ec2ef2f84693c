import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Target } from '../../src/project/models/kind.ts';
import type { Prediction } from '../../src/project/models/prediction.ts';
import type { TrainerDefinition, TrainingRows } from '../../src/project/models/trainer.ts';
import {
  applyCalibration,
  type CalibrationMethod,
  fitCalibration,
} from '../../src/training/calibration/calibration.ts';
import { linear } from '../../src/training/linear/linear.ts';
import { logistic } from '../../src/training/linear/logistic.ts';
import { mlflowModelFiles } from '../../src/training/mlflow-model.ts';
import { type PythonChecker, startChecker } from './python-checker.ts';

const python = process.env['MODELYARD_COMPAT_PYTHON'];
const skipped = python === undefined;
const why = skipped ? ' (skipped: MODELYARD_COMPAT_PYTHON names no Python with mlflow)' : '';

const features = ['form', 'rest'];
let checkerFolder = '';
let checker: PythonChecker;

beforeAll(async () => {
  checkerFolder = await mkdtemp(join(tmpdir(), 'modelyard-linear-'));
  if (python !== undefined) checker = startChecker(python, 'linear_check.py', checkerFolder);
});
afterAll(async () => {
  if (!skipped) await checker[Symbol.asyncDispose]();
  await rm(checkerFolder, { recursive: true, force: true });
});

test.skipIf(skipped).each<{
  readonly definition: TrainerDefinition;
  readonly target: Target;
  readonly method: CalibrationMethod;
}>([
  { definition: linear.definition, target: { kind: 'number' }, method: 'none' },
  { definition: logistic.definition, target: { kind: 'boolean' }, method: 'none' },
  { definition: logistic.definition, target: { kind: 'boolean' }, method: 'sigmoid' },
  {
    definition: logistic.definition,
    target: { kind: 'class', classes: ['a', 'b', 'c'] },
    method: 'isotonic',
  },
])(
  `MLflow predicts a $target.kind like us, calibration: $method${why}`,
  async ({ definition, target, method }) => {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-linear-'));
    const all = simulated(400, target);
    const fitted = await definition.fit(
      definition.options.parse({}),
      { train: all, validation: all },
      { target, interval: 0.8, progress: () => undefined },
    );
    const predictor = await definition.open(
      async (name) => fitted.files.find((file) => file.name === name)?.bytes ?? new Uint8Array(),
    );
    const raw = (await predictor.predict(all.matrix)).map((prediction) => valuesOf(prediction, target));
    const expected = calibrated(raw, { target, method, truth: all.target });
    const rule = JSON.stringify({ calibration: expected.calibration });
    const files = [
      ...fitted.files,
      ...mlflowModelFiles({
        features,
        trainer: definition.name,
        mlflow: definition.mlflow?.(features, target),
        modelUuid: '0'.repeat(32),
      }),
      { name: 'modelyard/prediction.json', bytes: new TextEncoder().encode(rule) },
    ];
    for (const { name, bytes } of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    const theirs = await pyfunc(folder, all);
    await rm(folder, { recursive: true, force: true });
    const names = target.kind === 'class' ? target.classes : ['prediction'];
    expect(Object.keys(theirs)).toEqual(names);
    for (const [row, values] of expected.rows.entries())
      expect(names.map((name) => theirs[name]?.[row])).toEqual(
        [...values].map((value) => expect.closeTo(value, 9) as number),
      );
  },
);

function simulated(rows: number, target: Target): TrainingRows {
  const random = seededRandom(8);
  const columns = features.map(() =>
    new Float32Array(rows).map(() => (random() < 0.05 ? Number.NaN : random() * 10)),
  );
  const size = (row: number): number => (columns[0]?.[row] || 5) + random() * 4;
  const value = (row: number): number =>
    target.kind === 'number'
      ? size(row)
      : Math.min(target.kind === 'boolean' ? 1 : 2, Math.floor(size(row) / 6));
  return {
    matrix: { features, rows, columns },
    target: new Float64Array(rows).map((_, row) => value(row)),
    group: new Int32Array(rows),
    order: new Float64Array(rows),
  };
}

function valuesOf(prediction: Prediction, target: Target): Float64Array {
  if (prediction.kind === 'number') return Float64Array.of(prediction.value);
  const probabilities: Readonly<Record<string, number>> =
    prediction.kind === 'class' ? prediction.probabilities : {};
  const names = target.kind === 'class' ? target.classes : ['true'];
  return Float64Array.from(names, (name) => probabilities[name] ?? Number.NaN);
}

function calibrated(
  raw: readonly Float64Array[],
  {
    target,
    method,
    truth,
  }: { readonly target: Target; readonly method: CalibrationMethod; readonly truth: Float64Array },
): { readonly calibration?: object; readonly rows: readonly Float64Array[] } {
  if (target.kind === 'number' || method === 'none') return { rows: raw };
  const classes = Array.from(raw[0] ?? [], (_, index) =>
    Float64Array.from(raw, (row) => row[index] ?? Number.NaN),
  );
  const clusters = { of: truth.map((_, row) => row), time: undefined };
  const calibration = fitCalibration(method, { target, probabilities: classes, truth, clusters });
  return { calibration, rows: raw.map((row) => applyCalibration(calibration, row)) };
}

function pyfunc(
  folder: string,
  { matrix }: TrainingRows,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const rows = Object.fromEntries(features.map((name, index) => [name, [...(matrix.columns[index] ?? [])]]));
  return checker.ask({ folder, rows });
}
