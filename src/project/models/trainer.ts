import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import type { Kind, Target } from './kind.ts';
import type { Prediction } from './prediction.ts';
import type { Predictor } from './predictor.ts';
import type { Python } from '../python.ts';
import { isOptions } from './trainer-shape.ts';

/** Numbers by feature. A missing value is NaN. */
export interface Matrix {
  readonly features: readonly string[];
  readonly rows: number;
  /** One array for each feature, each with `rows` values. */
  readonly columns: readonly Float32Array[];
}

export interface TrainingRows {
  readonly matrix: Matrix;
  /** Numbers as they are; 1 for yes and 0 for no; the index of a class in `target.classes` of the context. */
  readonly target: Float64Array;
  /** Rows with the same number belong together and are always in the same subset. */
  readonly group: Int32Array;
  /** The order of rows in time; without one, 0, 1, 2 … */
  readonly order: Float64Array;
  /** How much each row counts. @default each counts 1 */
  readonly weight?: Float64Array | undefined;
}

export interface TrainingSubsets {
  readonly train: TrainingRows;
  readonly validation: TrainingRows;
}

/** A trainer inside another one, such as one of several whose predictions are averaged. */
export interface TrainerPart {
  readonly definition: TrainerDefinition;
  readonly options: TrainerOptions;
}

/** What the rows of a fit or a trial are about. */
export interface TrialContext {
  readonly target: Target;
  /** The trainers that this one was given. @default none */
  readonly parts?: readonly TrainerPart[];
  /** Python beside Modelyard. @default a trainer that needs it cannot run here */
  readonly python?: Python;
  /** Adds a line to the log of the task. @default lines are dropped */
  readonly log?: (line: string) => void;
}

/** What opened models can use. */
export interface OpenContext {
  /** What the model predicts. @default the trainer's own files say it */
  readonly target?: Target;
  /** Python beside Modelyard. @default a model that needs it cannot be opened here */
  readonly python?: Python;
}

export interface FitContext extends TrialContext {
  /** The share of outcomes that the interval around a number should contain. */
  readonly interval: number;
  readonly progress: (done: number, total: number, what: string) => void;
}

/** A file of the model folder. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The loss on the rows of a fit and on rows that it did not learn from, after each round. */
export interface LearningCurve {
  /** What the fit lowers: 'RMSE', 'log loss'. */
  readonly loss: string;
  /** What is added in each round: 'trees', 'epochs'. */
  readonly rounds: string;
  /** In order, at most a few hundred. */
  readonly points: readonly { readonly round: number; readonly train: number; readonly validation: number }[];
  /** The last round that the model kept. */
  readonly kept: number;
}

export interface Fitted {
  readonly files: readonly ModelFile[];
  /** How much each feature matters to the model, summing to 1. @default not shown */
  readonly importances?: Readonly<Record<string, number>>;
  /** Params that the fit determined, such as the number of trees. @default none */
  readonly fittedParams?: Readonly<Record<string, number>>;
  /** How the loss fell while it was fitted on `train`. @default not shown */
  readonly learning?: LearningCurve;
  /** Versions of Python and of the packages that fitted it, by name. @default none */
  readonly packages?: Readonly<Record<string, string>>;
  /**
   * What a model fitted on `train` alone predicts for each row of `validation`. Calibration and intervals are fitted on it.
   * @default a second fit on a part of `train`, where they are needed
   */
  readonly heldOut?: readonly Prediction[];
}

export interface TrialResult {
  readonly metrics: Readonly<Record<string, number>>;
  /** The best trial has the lowest. */
  readonly loss: number;
  readonly fittedParams?: Readonly<Record<string, number>>;
  /** What it predicts for each row of `validation`. @default such a trainer has no ensembles */
  readonly heldOut?: readonly Prediction[];
}

/** Options by name. */
export type TrainerOptions = Readonly<Record<string, Json>>;

/** The flavors by which MLflow can load a model's folder. */
export interface MlflowFlavors {
  /** By flavor name in the file MLmodel: `python_function`, `xgboost`, `onnx`. */
  readonly flavors: Readonly<Record<string, object>>;
  /** The Python packages needed to load it: 'xgboost>=2.0,<4'. */
  readonly requirements: readonly string[];
  /** The features as the signature names them, one name a feature, for a library that refuses some names. @default as they are */
  readonly columnNames?: (features: readonly string[]) => readonly string[];
  /** The outputs of MLflow's signature. @default one column of doubles */
  readonly outputs?: readonly object[];
}

/**
 * A kind of model: its options, how it is fitted, and how its files are opened. The same rows and options must give the
 * same files.
 */
export interface TrainerDefinition<
  Name extends string = string,
  Options extends object = object,
  Given extends object = object,
> {
  /** Shown to people, and stored with each version. */
  readonly name: Name;
  /**
   * Raise it if the code changes the model but is outside of the project, as in a package that loads its code as data.
   * Changes to the project's code retrain automatically. @default 1
   */
  readonly version?: number;
  /** The schema of the options, with limits and defaults. Unknown options and values outside the limits are refused. */
  readonly options: z.ZodObject<z.ZodRawShape> & z.ZodType<Options, Given>;
  /** Mistakes in options that meet the schema, a sentence each. @default none */
  readonly check?: (options: TrainerOptions) => readonly string[];
  /** The kinds of target that it can learn. */
  readonly learns: readonly Kind[];
  /** The kinds that it can learn with these options. @default all of `learns` */
  readonly learnsWith?: (options: TrainerOptions) => readonly Kind[];
  /** The options that count for a target, as a run records them. @default all of them */
  readonly usedOptions?: (options: TrainerOptions, target: Target) => TrainerOptions;
  /** Whether versions are trained elsewhere, so that `fit` is never called. @default false */
  readonly external?: true;
  /** Why models with it are not trained: a sentence for people. @default they are */
  readonly unavailable?: string;
  /** Python packages that it fits with, each with its version: 'xgboost==3.2.0'. @default it fits without Python */
  readonly requirements?: readonly string[];
  /** Fits on `train`, using `validation` to know when to stop; may then fit on both. */
  fit(options: Options, rows: TrainingSubsets, context: FitContext): Promise<Fitted>;
  /** Fits on `train` and measures on `validation`: one trial of a search. @default models with a search are refused */
  trial?(options: Options, rows: TrainingSubsets, context: TrialContext): Promise<TrialResult>;
  /**
   * Opens the files that `fit` returned.
   * @param read throws for a file that the folder does not have
   * @param parts of the trainers that this one was given, in their order
   */
  open(
    read: (name: string) => Promise<Uint8Array>,
    parts?: readonly TrainerDefinition[],
    context?: OpenContext,
  ): Promise<Predictor>;
  /** The MLflow flavors of the files that `fit` returned. @default none: MLflow only lists the model and its files */
  mlflow?(features: readonly string[], target?: Target): MlflowFlavors;
}

/** The compiler names a property that is missing, so the names are what it should say. */
type LearnsTargets<Learns extends Kind> = { readonly [Each in Learns as `learns ${Each} targets`]: true };

/** A trainer with its options, as `model({ trainer })` takes it. `Learns` exists only in types. */
export interface Trainer<
  Name extends string = string,
  Options extends object = object,
  Learns extends Kind = never,
> {
  readonly kind: 'trainer';
  readonly name: Name;
  /** The given options with defaults; checked by `defineProject`. */
  readonly options: Options;
  /** The result of `defineTrainer`. Task processes find it by identity among the project's exports. */
  readonly type: { readonly definition: TrainerDefinition };
  /** The trainers that this one was given; each is bundled like this one. @default none */
  readonly parts?: readonly Trainer[] | undefined;
  readonly '~learns'?: LearnsTargets<Learns> | undefined;
}

/** Takes options and returns a trainer for a model. */
export interface TrainerType<
  Name extends string = string,
  Options extends object = object,
  Given extends object = object,
  Learns extends Kind = Kind,
> {
  (options?: Given): Trainer<Name, Options, Learns>;
  readonly definition: TrainerDefinition<Name, Options, Given>;
}

/**
 * Declares a kind of model. Export it by name, so that task processes can import it.
 * @example
 * export const mean = defineTrainer({ name: 'mean', options: z.object({ shift: z.number().default(0) }), learns: ['number'], fit, open });
 * // model('price', { trainer: mean({ shift: 2 }), … })
 */
export function defineTrainer<
  const Name extends string,
  Schema extends z.ZodObject<z.ZodRawShape>,
  const Learns extends Kind,
>(
  definition: TrainerDefinition<Name, z.output<Schema>, z.input<Schema>> & {
    readonly options: Schema;
    readonly learns: readonly Learns[];
  },
): TrainerType<Name, z.output<Schema>, z.input<Schema>, Learns> {
  type Given = z.input<Schema>;
  const type = (given?: Given): Trainer<Name, z.output<Schema>, Learns> => ({
    kind: 'trainer',
    name: definition.name,
    options: withDefaults(definition.options, given) as z.output<Schema>,
    type: trainerType,
  });
  const trainerType: TrainerType<Name, z.output<Schema>, Given, Learns> = Object.assign(type, { definition });
  return trainerType;
}

/** Invalid options are kept: `defineProject` lists them with all other mistakes. */
function withDefaults(schema: z.ZodObject, given: object = {}): object {
  if (!isOptions(given)) return given;
  const parsed = schema.strict().safeParse(given);
  return parsed.success ? parsed.data : { ...defaultsOf(schema), ...given };
}

function defaultsOf({ shape }: z.ZodObject): object {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, option]) => {
      const value = z.safeParse(option, undefined);
      return value.success && value.data !== undefined ? [[name, value.data]] : [];
    }),
  );
}
