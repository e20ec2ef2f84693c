import {
  defineTrainer,
  type FitContext,
  type Fitted,
  type Predictor,
  type TrainingSubsets,
  z,
} from 'modelyard';

interface Line {
  readonly features: readonly string[];
  readonly weights: readonly number[];
  readonly intercept: number;
  /** Half the width of an interval. */
  readonly reach: number;
  readonly level: number;
}

/** Least squares by gradient descent, with an intercept. A missing value counts as 0. */
export const linear = defineTrainer({
  name: 'linear',
  options: z.object({
    steps: z.int().min(1).max(100_000).default(2000),
    ridge: z.number().min(0).default(0),
  }),
  learns: ['number'],
  fit,
  open: async (read) => predictorOf(JSON.parse(new TextDecoder().decode(await read('linear.json'))) as Line),
  mlflow: () => ({
    flavors: { python_function: { loader_module: 'linear_model', code: 'code', data: 'linear.json' } },
    requirements: ['pandas>=2'],
  }),
});

interface Options {
  readonly steps: number;
  readonly ridge: number;
}

async function fit(
  { steps, ridge }: Options,
  { train: { matrix, target } }: TrainingSubsets,
  { interval, progress }: FitContext,
): Promise<Fitted> {
  const { features, rows } = matrix;
  const columns = matrix.columns.map((column) => Float64Array.from(column, (value) => value || 0));
  const scales = columns.map((column) => Math.max(...column.map(Math.abs)) || 1);
  const means = columns.map((column) => sum(column) / rows);
  const mean = sum(target) / rows;
  let weights = features.map(() => 0);
  for (let step = 0; step < steps; step += 1) {
    const errors = target.map(
      (value, row) =>
        value -
        mean -
        sum(weights.map((w, f) => w * (((columns[f]?.[row] ?? 0) - (means[f] ?? 0)) / (scales[f] ?? 1)))),
    );
    weights = weights.map((w, f) => {
      const column = columns[f] ?? new Float64Array();
      const pull = sum(
        errors.map((error, row) => error * (((column[row] ?? 0) - (means[f] ?? 0)) / (scales[f] ?? 1))),
      );
      return w + (pull / rows - ridge * w);
    });
    if (step % 500 === 0) progress(step, steps, 'steps');
  }
  const unscaled = weights.map((w, f) => w / (scales[f] ?? 1));
  const intercept = mean - sum(unscaled.map((w, f) => w * (means[f] ?? 0)));
  const residuals = Array.from(target, (value, row) =>
    Math.abs(value - intercept - sum(unscaled.map((w, f) => w * (columns[f]?.[row] ?? 0)))),
  ).toSorted((a, b) => a - b);
  const line: Line = {
    features,
    weights: unscaled,
    intercept,
    reach: residuals[Math.floor(interval * (rows - 1))] ?? 0,
    level: interval,
  };
  return {
    files: [
      { name: 'linear.json', bytes: new TextEncoder().encode(JSON.stringify(line)) },
      { name: 'code/linear_model.py', bytes: new TextEncoder().encode(python) },
    ],
    fittedParams: { intercept },
  };
}

function predictorOf({ features, weights, intercept, reach, level }: Line): Predictor {
  return {
    features,
    async predict(rows) {
      const columns = features.map((name) => rows.columns[rows.features.indexOf(name)]);
      return Array.from({ length: rows.rows }, (_, row) => {
        const value = intercept + sum(weights.map((w, f) => w * (columns[f]?.[row] || 0)));
        return {
          kind: 'number',
          value,
          interval: { low: value - reach, high: value + reach, level },
        } as const;
      });
    },
  };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** How MLflow loads it in Python. */
const python = `import json
import pathlib


class Linear:
    def __init__(self, line):
        self.line = line

    def predict(self, model_input):
        pairs = zip(self.line["features"], self.line["weights"])
        return self.line["intercept"] + sum(w * model_input[name].fillna(0) for name, w in pairs)


def _load_pyfunc(path):
    return Linear(json.loads(pathlib.Path(path).read_text()))
`;
