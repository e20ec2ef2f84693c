import { PlatformError } from '../kernel/errors.ts';
import { booleanPrediction, classPrediction } from '../project/models/class-prediction.ts';
import type { Target } from '../project/models/kind.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { Predictor } from '../project/models/predictor.ts';
import type { PyfuncOutput, PyfuncProcess } from '../project/python.ts';

/** Predicts with an MLflow model that runs in Python. */
export function pyfuncPredictor(process: PyfuncProcess, target: Target): Predictor {
  const as = target.kind === 'number' ? 'values' : 'classes';
  return {
    features: process.features,
    predict: async (rows) =>
      predictionsOf(await process.predict(rows, as), { process, target, rows: rows.rows }),
    close: async () => process[Symbol.asyncDispose](),
  };
}

interface About {
  readonly process: Pick<PyfuncProcess, 'flavor'>;
  readonly target: Target;
  readonly rows: number;
}

/** @throws PlatformError MODEL_UNSUPPORTED for labels without probabilities, and for other classes than the target's */
function predictionsOf(output: PyfuncOutput, { process, target, rows }: About): readonly Prediction[] {
  const { columns } = output;
  const each = Array.from({ length: rows }, (_, row) => row);
  if (target.kind === 'number')
    return each.map((row) => ({ kind: 'number', value: columns[0]?.[row] ?? Number.NaN }));
  if (output.kind === 'labels')
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: `${process.flavor} model`,
      value: 'labels',
      remedy:
        'It predicts classes without probabilities: log a model with predict_proba, or one that returns a DataFrame with a column of probabilities for each class.',
    });
  if (target.kind === 'boolean') {
    const yes = output.kind === 'yes' ? columns[0] : columns[indexOfYes(output.names)];
    return each.map((row) => booleanPrediction(yes?.[row] ?? Number.NaN));
  }
  const order = target.classes.map((name) => output.names.indexOf(name));
  if (output.kind === 'yes' || order.includes(-1) || order.length !== output.names.length)
    throw otherClasses(output.names, target.classes);
  return each.map((row) =>
    classPrediction(
      target.classes,
      order.map((index) => columns[index]?.[row] ?? Number.NaN),
    ),
  );
}

const yesNames = ['true', '1', 'yes', 'True'];

function indexOfYes(names: readonly string[]): number {
  const index = names.findIndex((name) => yesNames.includes(name));
  if (index >= 0 && names.length === 2) return index;
  throw otherClasses(names, ['false', 'true']);
}

function otherClasses(names: readonly string[], classes: readonly string[]): PlatformError {
  return new PlatformError('MODEL_UNSUPPORTED', {
    field: 'classes of the model',
    value: names.join(', '),
    remedy: `They must be ${classes.join(', ')}: train on these names, not on numbers for them.`,
  });
}

/** The error of a process without Python. */
export function needsPython(trainer: string): PlatformError {
  return new PlatformError('MODEL_UNSUPPORTED', {
    field: 'trainer',
    value: trainer,
    remedy: 'Its models predict in Python, which this process does not start.',
  });
}
