import { z } from 'zod';
import type { Json } from '../kernel/json.ts';
import type { Predictor } from './predictor.ts';

/** Numbers by feature. A missing value is NaN. */
export interface Matrix {
  readonly features: readonly string[];
  readonly rows: number;
  /** One array a feature, each of `rows` values. */
  readonly columns: readonly Float32Array[];
}

export interface TrainingRows {
  readonly matrix: Matrix;
  readonly target: Float64Array;
  /** Rows with the same number belong together and are never in two subsets. */
  readonly group: Int32Array;
  /** Rows in the order of time; without one, 0, 1, 2 … */
  readonly order: Float64Array;
}

export interface TrainingSubsets {
  readonly train: TrainingRows;
  readonly validation: TrainingRows;
}

export interface FitContext {
  /** The share of outcomes that an interval is made to hold. */
  readonly interval: number;
  readonly progress: (done: number, total: number, what: string) => void;
}

/** A file of the model folder. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Fitted {
  readonly files: readonly ModelFile[];
  /** How much each feature matters to the model, summing to 1. @default not shown */
  readonly importances?: Readonly<Record<string, number>>;
  /** Params that the fit determined, such as the number of trees kept. @default none */
  readonly fittedParams?: Readonly<Record<string, number>>;
}

export interface TrialResult {
  readonly metrics: Readonly<Record<string, number>>;
  /** The best trial has the lowest. */
  readonly loss: number;
  readonly fittedParams?: Readonly<Record<string, number>>;
}

/** What a trainer can learn to predict. */
export type Learnable = 'number' | 'class' | 'forecast';

/** Options by name. */
export type TrainerOptions = Readonly<Record<string, Json>>;

/** What MLflow can load from a model's folder. */
export interface MlflowFlavors {
  /** By name, as they stand in the file MLmodel: `python_function`, `xgboost`, `onnx`. */
  readonly flavors: Readonly<Record<string, object>>;
  /** The Python packages that loading takes: 'xgboost>=2.0,<4'. */
  readonly requirements: readonly string[];
  /** The features as the signature names them, one name a feature, for a library that refuses some names. @default as they are */
  readonly columnNames?: (features: readonly string[]) => readonly string[];
  /** The outputs of MLflow's signature. @default one column of doubles */
  readonly outputs?: readonly object[];
}

/**
 * A kind of model: its options, how it is fitted, and how its files are opened again. The same rows and options must
 * give the same files.
 */
export interface TrainerDefinition<
  Name extends string = string,
  Options extends object = object,
  Given extends object = object,
> {
  /** Shown to people, and stored with each version. */
  readonly name: Name;
  /**
   * Raise it where the code changes the model and stays outside of the project, as in a package that hides its code behind
   * data. Changed code in the project retrains by itself. @default 1
   */
  readonly version?: number;
  /** Options with their limits and defaults. A project file with another option, or one outside its limits, is refused. */
  readonly options: z.ZodObject<z.ZodRawShape> & z.ZodType<Options, Given>;
  readonly learns: readonly Learnable[];
  /** Fits on `train`, using `validation` to know when to stop; may then fit on both. */
  fit(options: Options, rows: TrainingSubsets, context: FitContext): Promise<Fitted>;
  /** Fits on `train` and measures on `validation`: one trial of a search. @default models with a search are refused */
  trial?(options: Options, rows: TrainingSubsets): Promise<TrialResult>;
  /** Opens the files that `fit` returned. @param read throws for a file that the folder does not have */
  open(read: (name: string) => Promise<Uint8Array>): Promise<Predictor>;
  /** What MLflow can load from the files that `fit` returned. @default nothing: MLflow lists the model and its files alone */
  mlflow?(features: readonly string[]): MlflowFlavors;
}

/** A trainer with its options, as `model({ trainer })` takes it. */
export interface Trainer<Name extends string = string, Options extends object = object> {
  readonly kind: 'trainer';
  readonly name: Name;
  /** As they were given, with the defaults of the others; checked by `defineProject`. */
  readonly options: Options;
  /** What `defineTrainer` returned. The processes of tasks find it by identity among the project's exports. */
  readonly type: { readonly definition: TrainerDefinition };
}

/** Takes options and gives a trainer for a model. */
export interface TrainerType<
  Name extends string = string,
  Options extends object = object,
  Given extends object = object,
> {
  (options?: Given): Trainer<Name, Options>;
  readonly definition: TrainerDefinition<Name, Options, Given>;
}

/**
 * Declares a kind of model. Export it by name, so that the processes of tasks can import it.
 * @example
 * export const mean = defineTrainer({ name: 'mean', options: z.object({ shift: z.number().default(0) }), learns: ['number'], fit, open });
 * // model('price', { trainer: mean({ shift: 2 }), … })
 */
export function defineTrainer<const Name extends string, Schema extends z.ZodObject<z.ZodRawShape>>(
  definition: TrainerDefinition<Name, z.output<Schema>, z.input<Schema>> & { readonly options: Schema },
): TrainerType<Name, z.output<Schema>, z.input<Schema>> {
  type Given = z.input<Schema>;
  const type = (given?: Given): Trainer<Name, z.output<Schema>> => ({
    kind: 'trainer',
    name: definition.name,
    options: withDefaults(definition.options, given ?? {}) as z.output<Schema>,
    type: made,
  });
  const made: TrainerType<Name, z.output<Schema>, Given> = Object.assign(type, { definition });
  return made;
}

/** Options that are wrong stay as they are: `defineProject` lists them with all other mistakes. */
function withDefaults(schema: z.ZodObject, given: object): object {
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
