import { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import { booleanPrediction, classPrediction } from '../project/models/class-prediction.ts';
import type { Target } from '../project/models/kind.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { Contributions, Predictor } from '../project/models/predictor.ts';
import {
  defineTrainer,
  type Matrix,
  type TrainerType,
  type TrainingRows,
} from '../project/models/trainer.ts';
import { jsonFile } from './model-file.ts';
import { joinRows } from './rows.ts';
import { trialResult } from './trial.ts';

const fileName = 'constant.json';

const stored = z.object({
  format: z.literal(1),
  features: z.array(z.string()),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('number') }),
    z.object({ kind: z.literal('boolean') }),
    z.object({ kind: z.literal('class'), classes: z.array(z.string()) }),
  ]),
  /** The mean of numbers, the share of yes, or the share of each class. */
  values: z.array(z.number()).min(1),
});
type Constant = Omit<z.infer<typeof stored>, 'features' | 'target'> & {
  readonly features: readonly string[];
  readonly target: Target;
};

/**
 * Predicts the mean of the training rows, or the shares of their classes, whatever the features: a baseline.
 * @example baselines: { alwaysUp: constant() }
 */
export const constant: TrainerType<
  'constant',
  Readonly<Record<string, never>>,
  Readonly<Record<string, never>>
> = defineTrainer({
  name: 'constant',
  options: z.object({}),
  learns: ['number', 'boolean', 'class'],
  async fit(_options, { train, validation }, { target }) {
    const model = constantOf(joinRows(train, validation), target);
    const heldOut = predictionsOf(constantOf(train, target), validation.matrix);
    return { files: [jsonFile(fileName, model)], heldOut };
  },
  trial: async (_options, { train, validation }, { target }) =>
    trialResult(target, validation, predictionsOf(constantOf(train, target), validation.matrix)),
  open: async (read) => predictorOf(readConstant(await read(fileName))),
});

function constantOf({ matrix, target: truth }: TrainingRows, target: Target): Constant {
  if (matrix.rows === 0) {
    const remedy = 'must be at least 1';
    throw new PlatformError('DATA_INVALID', { field: 'number of training rows', value: 0, remedy });
  }
  const share = (of: (value: number) => number): number =>
    truth.reduce((sum, value) => sum + of(value), 0) / truth.length;
  const values =
    target.kind === 'class'
      ? target.classes.map((_, index) => share((value) => Number(value === index)))
      : [share((value) => value)];
  return { format: 1, features: matrix.features, target, values };
}

function predictorOf(model: Constant): Predictor {
  return {
    features: model.features,
    predict: async (rows) => predictionsOf(model, rows),
    explain: async ({ rows }) => {
      const still = (baseline: number): Contributions => ({
        baseline,
        contributions: new Float64Array(model.features.length),
      });
      const explanation =
        model.target.kind === 'number'
          ? still(model.values[0] as number)
          : { scale: 'probability' as const, classes: model.values.map(still) };
      return Array.from({ length: rows }, () => explanation);
    },
  };
}

function predictionsOf({ target, values }: Constant, { rows }: Matrix): readonly Prediction[] {
  const prediction = ((): Prediction => {
    switch (target.kind) {
      case 'number':
        return { kind: 'number', value: values[0] as number };
      case 'boolean':
        return booleanPrediction(values[0] as number);
      case 'class':
        return classPrediction(target.classes, values);
    }
  })();
  return Array.from({ length: rows }, () => prediction);
}

function readConstant(bytes: Uint8Array): Constant {
  try {
    return stored.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    const remedy = 'This build reads format 1 of constant models; train the model again.';
    throw new PlatformError(
      'MODEL_UNSUPPORTED',
      { field: fileName, value: undefined, remedy },
      { cause: error },
    );
  }
}
