import { PlatformError } from '../../kernel/errors.ts';
import type { Matrix, Predictor } from '../trainer.ts';
import { type Interval, readInterval } from './interval.ts';
import { prepareExplain } from './shapley.ts';
import { predictColumns, predictRow, type Trees } from './trees.ts';
import { readXgboost } from './xgboost-read.ts';

/** The names of a model's files. */
export interface ModelFileNames {
  readonly model: string;
  readonly scale: string;
  readonly interval: string;
}

/** @throws PlatformError MODEL_UNSUPPORTED naming what this build cannot read */
export async function openPredictor(
  read: (name: string) => Promise<Uint8Array>,
  names: ModelFileNames,
): Promise<Predictor> {
  const [model, scale, interval] = await Promise.all([
    read(names.model),
    read(names.scale),
    read(names.interval),
  ]);
  const trees = readXgboost(model, names.model);
  return predictorOf(trees, readXgboost(scale, names.scale), readInterval(interval, names.interval));
}

function predictorOf(trees: Trees, scaleTrees: Trees, { low, high, level, floor }: Interval): Predictor {
  const explain = prepareExplain(trees);
  const { features } = trees;
  return {
    features,
    answer(values) {
      checkWidth(values.length, features.length);
      const value = predictRow(trees, values);
      const scale = Math.max(floor, predictRow(scaleTrees, values));
      return { value, interval: { low: value + low * scale, high: value + high * scale, level } };
    },
    explain(values) {
      checkWidth(values.length, features.length);
      return explain(values);
    },
    predict(matrix) {
      return predictColumns(trees, columnsByName(matrix, features), matrix.rows);
    },
  };
}

function columnsByName(matrix: Matrix, features: readonly string[]): readonly Float32Array[] {
  return features.map((name) => {
    const column = matrix.columns[matrix.features.indexOf(name)];
    if (column) return column;
    const remedy = `Give the features ${features.join(', ')}.`;
    throw new PlatformError('INPUT_INVALID', { field: `feature ${name}`, value: undefined, remedy });
  });
}

function checkWidth(given: number, wanted: number): void {
  if (given === wanted) return;
  const remedy = `must be ${wanted}; use NaN for a missing value`;
  throw new PlatformError('INPUT_INVALID', { field: 'number of feature values', value: given, remedy });
}
