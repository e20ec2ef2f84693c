import type { ErrorBody } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';

/** A version, trained again from its record, beside what was registered. All of it is JSON. */
export interface Reproduction {
  readonly model: string;
  readonly version: number;
  /**
   * `reproduced`: the same files and metrics, and the project still has the version's code and settings. `impossible`: it was
   * not tried, because something is missing. `failed`: a task failed.
   */
  readonly status: 'reproduced' | 'differs' | 'impossible' | 'failed';
  /** The run that trained the version; null if it is gone. */
  readonly trained: { readonly runId: string; readonly runName: string; readonly at: number } | null;
  /** Why it was not tried. */
  readonly missing: readonly Missing[];
  /** The data that it was trained from. */
  readonly data: readonly TrainingData[];
  /** The model's files; null where one side has no such file. */
  readonly files: readonly Compared<string>[];
  /** The metrics of the version; null for a figure that is not finite. */
  readonly metrics: readonly Compared<number>[];
  /** The first output that differs, in the order of the tasks: the difference begins there. */
  readonly firstDifference: { readonly task: string; readonly output: string } | null;
  /** What the project declares otherwise today. The version was trained again as recorded. */
  readonly project: readonly ProjectDifference[];
  /** What else has changed, and may explain a difference. */
  readonly environment: readonly EnvironmentDifference[];
  readonly failures: readonly { readonly task: string; readonly error: ErrorBody }[];
}

export interface Missing {
  readonly kind: 'data' | 'code' | 'record' | 'build';
  /** 'houses (rows)', 'toFeatures in home.ts' */
  readonly name: string;
  /** A sentence with what is wrong and what to do. */
  readonly text: string;
}

export interface TrainingData {
  /** The task that wrote it, and its output. */
  readonly task: string;
  readonly output: string;
  readonly digest: string;
  /** Null for data that is not a table. */
  readonly rows: number | null;
}

export interface Compared<Value> {
  readonly name: string;
  readonly recorded: Value | null;
  readonly reproduced: Value | null;
}

export type ProjectDifference =
  | { readonly kind: 'declaration'; readonly name: string }
  | {
      readonly kind: 'code';
      /** What the function is for: 'features'. */
      readonly name: string;
      /** 'toFeatures in home.ts'; null if it has no such function. */
      readonly recorded: string | null;
      readonly present: string | null;
    }
  | {
      readonly kind: 'setting';
      /** 'house-price.train trainer.options.trees' */
      readonly name: string;
      readonly recorded: Json;
      readonly present: Json;
    };

export interface EnvironmentDifference {
  readonly kind: 'commit' | 'changes' | 'modelyard' | 'node' | 'platform' | 'package' | 'lock' | 'search';
  readonly name: string;
  readonly recorded: string | null;
  readonly present: string | null;
  /** A sentence, with what to do where something can be done. */
  readonly text: string;
}

/** Whether both sides are the same. */
export function isSame({ recorded, reproduced }: Compared<unknown>): boolean {
  return Object.is(recorded, reproduced);
}
