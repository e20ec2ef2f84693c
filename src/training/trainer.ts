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
  /** Gain by feature, summing to 1. */
  readonly importances: Readonly<Record<string, number>>;
  /** Params that the fit determined, such as the number of trees kept. */
  readonly fittedParams: Readonly<Record<string, number>>;
}

/** An answer for one row, all of it in the target's unit. */
export interface Answer {
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number; readonly level: number };
}

/** How far each feature moved an answer from the baseline; baseline and contributions sum to the value. */
export interface Explanation {
  readonly baseline: number;
  readonly contributions: Float64Array;
}

/** A model that is ready to answer. */
export interface Predictor {
  readonly features: readonly string[];
  /** @param values in the order of `features` */
  answer(values: Float32Array): Answer;
  /** Exact Shapley values of the trees' path-dependent expectation (TreeSHAP). */
  explain(values: Float32Array): Explanation;
  /** The values alone, one a row. */
  predict(matrix: Matrix): Float32Array;
}

/** One kind of model: how it is fitted, and how a folder of it is opened. */
export interface TrainerEngine {
  /** Fits on `train`, using `validation` to know when to stop; then on both, and makes the interval. */
  fit(
    options: Readonly<Record<string, number>>,
    rows: { readonly train: TrainingRows; readonly validation: TrainingRows },
    context: FitContext,
  ): Promise<Fitted>;
  /** Fits on `train` and measures on `validation`: one trial of a search. Lower loss is better. */
  trial(
    options: Readonly<Record<string, number>>,
    rows: { readonly train: TrainingRows; readonly validation: TrainingRows },
  ): Promise<{
    readonly metrics: Readonly<Record<string, number>>;
    readonly loss: number;
    readonly fittedParams: Readonly<Record<string, number>>;
  }>;
  /** Options that take whole numbers alone, for the search. */
  readonly wholeOptions: ReadonlySet<string>;
  /** @throws PlatformError MODEL_UNSUPPORTED naming what this build cannot read */
  open(read: (name: string) => Promise<Uint8Array>): Promise<Predictor>;
}
