import { PlatformError } from '../../kernel/errors.ts';
import type { Prediction } from '../../project/prediction.ts';
import type { Explanation, Predictor } from '../../project/predictor.ts';
import type { Matrix } from '../../project/trainer.ts';
import { type Interval, readInterval } from './interval.ts';
import { prepareExplain } from './shapley.ts';
import { predictColumns, rowMajor, type Trees } from './trees.ts';
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
  const { features } = trees;
  let explainRow: ((values: Float32Array) => Explanation) | undefined;
  return {
    features,
    async predict(rows) {
      const columns = columnsByName(rows, features);
      const values = predictColumns(trees, columns, rows.rows);
      const scales = predictColumns(scaleTrees, columns, rows.rows);
      return Array.from(values, (value, row): Prediction => {
        const scale = Math.max(floor, scales[row] ?? floor);
        return {
          kind: 'number',
          value,
          interval: { low: value + low * scale, high: value + high * scale, level },
        };
      });
    },
    async explain(rows) {
      // The tables for explanations need time and memory, and most versions never explain.
      const explain = (explainRow ??= prepareExplain(trees));
      const columns = columnsByName(rows, features);
      return Array.from({ length: rows.rows }, (_, row) => explain(rowMajor(columns, row, row + 1)));
    },
  };
}

function columnsByName(matrix: Matrix, features: readonly string[]): readonly Float32Array[] {
  if (matrix.features === features) return matrix.columns;
  const byName = new Map(matrix.features.map((name, index) => [name, matrix.columns[index]]));
  return features.map((name) => {
    const column = byName.get(name);
    if (column) return column;
    const remedy = `Give the features ${features.join(', ')}.`;
    throw new PlatformError('INPUT_INVALID', { field: `feature ${name}`, value: undefined, remedy });
  });
}
