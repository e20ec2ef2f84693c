import type { Matrix, ModelFile } from './models/trainer.ts';

/** One of Modelyard's scripts in `python/`, run once: files in, files out. */
export interface PythonJob {
  /** Lines of a requirements file, with exact versions: 'scikit-learn==1.9.1'. The same lines share one environment. */
  readonly requirements: readonly string[];
  /** Its name without `.py`. The script has a function `main(inputs: Path, outputs: Path)`. */
  readonly script: string;
  /** Written into the folder `inputs`. */
  readonly inputs: readonly ModelFile[];
  /** Called for each line that it prints. @default lines are dropped */
  readonly log?: (line: string) => void;
  /** Kills it and every process that it started. */
  readonly signal?: AbortSignal;
}

/** An MLflow model that is loaded by its flavor `python_function`. */
export interface PyfuncModel {
  /** The paths of the files of the model's folder. `MLmodel` is one; `requirements.txt` names what it needs. */
  readonly files: readonly string[];
  readonly read: (name: string) => Promise<Uint8Array>;
  /** Called for each line that the installation of its packages prints. @default lines are dropped */
  readonly log?: (line: string) => void;
  /** Stops the installation. */
  readonly signal?: AbortSignal;
}

/** What a model returned for rows. */
export interface PyfuncOutput {
  /** 'probabilities' are of the classes that `names` has; 'yes' is the probability of yes; 'labels' are classes alone. */
  readonly kind: 'values' | 'probabilities' | 'yes' | 'labels';
  /** The names of the columns. */
  readonly names: readonly string[];
  /** One array for each name, with a number for each row; none for labels. */
  readonly columns: readonly Float64Array[];
}

/** A loaded model in a process of its own, which starts again if it ends. */
export interface PyfuncProcess extends AsyncDisposable {
  /** The flavor that it was logged with: 'sklearn'. */
  readonly flavor: string;
  /** The names of its inputs, in order. */
  readonly features: readonly string[];
  /**
   * @param as what to return: numbers, or the classes of its rows
   * @throws PlatformError MODEL_UNSUPPORTED with the model's own error; MODEL_TIMED_OUT; MODEL_BUSY if too many requests
   * wait; NOT_READY if it does not start again
   */
  predict(rows: Matrix, as: 'values' | 'classes'): Promise<PyfuncOutput>;
}

/** The times of series that a forecaster forecasts: one entry for each in every array. */
export interface ForecastRows {
  /** The columns of the data frame. */
  readonly columns: { readonly series: string; readonly time: string };
  readonly series: readonly string[];
  readonly times: readonly (string | number)[];
  /** Counted from the first value of the series, which is 0. */
  readonly positions: readonly number[];
  /** Steps after the last value that the model may have learned from, which is 0. */
  readonly steps: readonly number[];
}

/** A loaded forecaster in a process of its own. */
export interface ForecasterProcess extends AsyncDisposable {
  /** The flavor that it was logged with: 'statsmodels'. */
  readonly flavor: string;
  /**
   * @throws PlatformError MODEL_UNSUPPORTED with the model's own error; MODEL_TIMED_OUT; MODEL_BUSY if too many requests
   * wait; NOT_READY if it does not start again
   */
  forecast(rows: ForecastRows): Promise<Float64Array>;
}

/** Python beside Modelyard. Only the server and the processes of tasks have one; nothing of Python runs in them. */
export interface Python {
  /**
   * The files that a script wrote into `outputs`, with their paths there.
   * @throws PlatformError CONFIG_INVALID without Python; STEP_FAILED with the last lines of its output, or the error that it
   * reported
   */
  run(job: PythonJob): Promise<readonly ModelFile[]>;
  /**
   * Loads a model. Nothing of it is loaded in this process.
   * @throws PlatformError CONFIG_INVALID without Python; MODEL_UNSUPPORTED for a model that does not load
   */
  open(model: PyfuncModel): Promise<PyfuncProcess>;
  /** Like `open`, for a model that forecasts series. */
  openForecaster(model: PyfuncModel): Promise<ForecasterProcess>;
}
