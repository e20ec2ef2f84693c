import type { ModelFile } from './trainer.ts';

/** What Python packages a script or a model needs. */
export interface PythonPackages {
  /** Lines of a requirements file, with exact versions: 'scikit-learn==1.9.1'. The same lines share one environment. */
  readonly requirements: readonly string[];
}

/** One of Modelyard's scripts in `python/`, run once: files in, files out. */
export interface PythonJob extends PythonPackages {
  /** Its name without `.py`. The script has a function `main(inputs: Path, outputs: Path)`. */
  readonly script: string;
  /** Written into the folder `inputs`. */
  readonly inputs: readonly ModelFile[];
  /** Threads of OpenMP and of the linear algebra libraries. @default 1 */
  readonly threads?: number;
  /** Called for each line that it prints. @default lines are dropped */
  readonly log?: (line: string) => void;
  /** Kills it and every process that it started. */
  readonly signal?: AbortSignal;
}

/** Python beside Modelyard. Only the server and the processes of tasks have one; nothing of Python runs in them. */
export interface Python {
  /**
   * The files that a script wrote into `outputs`, with their paths there.
   * @throws PlatformError CONFIG_INVALID without Python; STEP_FAILED with the last lines of its output, or the error that it
   * reported
   */
  run(job: PythonJob): Promise<readonly ModelFile[]>;
}
