import { PlatformError } from '../kernel/errors.ts';
import { booleanPrediction, classPrediction } from '../project/models/class-prediction.ts';
import { optionsLike } from '../project/models/given-options.ts';
import type { Kind, Target } from '../project/models/kind.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { Predictor } from '../project/models/predictor.ts';
import type {
  Matrix,
  Trainer,
  TrainerDefinition,
  TrainerOptions,
  TrainingRows,
} from '../project/models/trainer.ts';
import { columnsByName } from './columns-by-name.ts';
import { jsonFile } from './model-file.ts';
import { joinRows } from './rows.ts';
import { trialResult } from './trial.ts';

/** The rows that a trainer of a project learns from. */
export interface TrainingSet {
  readonly features: readonly string[];
  /** One array for each feature. NaN is a missing value. */
  readonly columns: readonly Float32Array[];
  /** Numbers as they are; 1 for yes and 0 for no; the index of a class. */
  readonly truth: Float64Array;
}

/** The functions of a trainer. */
export interface TrainerFunctions<Options> {
  /** The fitted model as bytes. The same rows and options must give the same bytes. */
  readonly fit: (rows: TrainingSet, options: Options) => Promise<Uint8Array>;
  /**
   * Opens these bytes. The function gets the features of a row, in the order of `features`, and returns the number, the
   * probability of yes, or a probability for each class.
   */
  readonly open: (model: Uint8Array) => (values: Float32Array) => number | readonly number[];
}

/**
 * A trainer of the project, from two functions. For a schema of options, importances or explanations, use `defineTrainer`.
 * @example
 * export const nearest = trainer('nearest', { options: { k: 5 }, learns: ['number'] }, { fit, open });
 * // model('price', { trainer: nearest, search: { trials: 5, space: { k: [1, 50, 'log'] } }, … })
 */
export function trainer<const Given extends TrainerOptions, const Learns extends Kind>(
  name: string,
  declared: { readonly options: Given; readonly learns: readonly Learns[] },
  functions: TrainerFunctions<NoInfer<Given>>,
): Trainer<string, Given, Learns> {
  // The schema, made of the given options, lets only such options through: the types cannot say so.
  const { fit, open } = functions as unknown as TrainerFunctions<TrainerOptions>;
  const definition: TrainerDefinition<string, TrainerOptions> = {
    name,
    options: optionsLike(declared.options) as TrainerDefinition<string, TrainerOptions>['options'],
    learns: declared.learns,
    async fit(options, { train, validation }, { target }) {
      const early = open(await fit(setOf(train), options));
      const model = await fit(setOf(joinRows(train, validation)), options);
      const header = { format: 1, features: train.matrix.features, target };
      return {
        files: [jsonFile(headerFile, header), { name: modelFile, bytes: checkedBytes(model) }],
        heldOut: predictionsOf(early, validation.matrix.columns, { rows: validation.matrix.rows, target }),
      };
    },
    async trial(options, { train, validation }, { target }) {
      const { columns, rows } = validation.matrix;
      const predict = open(await fit(setOf(train), options));
      return trialResult(target, validation, predictionsOf(predict, columns, { rows, target }));
    },
    open: async (read) => predictorOf(open(await read(modelFile)), await read(headerFile)),
  };
  const result: Trainer<string, Given, Learns> & { readonly definition: TrainerDefinition } = {
    kind: 'trainer',
    name,
    options: declared.options,
    definition: definition as TrainerDefinition,
    // The export of the project is this object, so that tasks find it among the exports.
    get type() {
      return result;
    },
  };
  return result;
}

const modelFile = 'model.bin';
const headerFile = 'trainer.json';

type Predict = ReturnType<TrainerFunctions<never>['open']>;

function setOf({ matrix, target }: TrainingRows): TrainingSet {
  return { features: matrix.features, columns: matrix.columns, truth: target };
}

function predictorOf(predict: Predict, header: Uint8Array): Predictor {
  const { features, target } = JSON.parse(new TextDecoder().decode(header)) as {
    readonly features: readonly string[];
    readonly target: Target;
  };
  return {
    features,
    predict: async (matrix: Matrix) =>
      predictionsOf(predict, columnsByName(matrix, features), { rows: matrix.rows, target }),
  };
}

function predictionsOf(
  predict: Predict,
  columns: readonly Float32Array[],
  { rows, target }: { readonly rows: number; readonly target: Target },
): readonly Prediction[] {
  return Array.from({ length: rows }, (_, row) => {
    const values = Float32Array.from(columns, (column) => column[row] ?? Number.NaN);
    return predictionOf(predict(values), target);
  });
}

function predictionOf(given: number | readonly number[], target: Target): Prediction {
  switch (target.kind) {
    case 'number':
      if (typeof given === 'number' && Number.isFinite(given)) return { kind: 'number', value: given };
      throw wrongOutput(given, 'a finite number');
    case 'boolean':
      if (isProbability(given)) return booleanPrediction(given);
      throw wrongOutput(given, 'a probability of yes, from 0 to 1');
    case 'class': {
      const { classes } = target;
      const isSound =
        typeof given === 'object' &&
        given.length === classes.length &&
        given.every(isProbability) &&
        Math.abs(given.reduce((sum, each) => sum + each, 0) - 1) < 1e-6;
      if (isSound) return classPrediction(classes, given);
      throw wrongOutput(given, `${classes.length} probabilities that sum to 1, of ${classes.join(', ')}`);
    }
  }
}

function isProbability(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function wrongOutput(value: unknown, expected: string): PlatformError {
  return new PlatformError('USER_CODE_FAILED', {
    field: "the result of the trainer's open function",
    value,
    remedy: `For a row, it must return ${expected}.`,
  });
}

function checkedBytes(model: unknown): Uint8Array {
  if (model instanceof Uint8Array) return model;
  throw new PlatformError('USER_CODE_FAILED', {
    field: "the result of the trainer's fit function",
    value: model,
    remedy: 'It must be a Uint8Array: the fitted model as bytes.',
  });
}
