import type { TableChecks } from '../project/tables/checks.ts';
import type { TableSchema } from '../project/tables/table.ts';
import type { Digest } from '../kernel/digest.ts';
import type { JsonObject } from '../kernel/json.ts';

export type TaskName = string;

/** Code of the user (or of ours) that a task runs, as bundled. */
export interface CodeRef {
  /** The digest of its meaning: it changes if and only if something changes that the function reaches. */
  readonly key: Digest;
  /** The blob with the module text, whose export `fn` is the function or value. */
  readonly bundle: Digest;
  /** For people: 'toFeatures in innings.ts'. */
  readonly label: string;
  /** Whether it is Modelyard's own and not the project's. @default false */
  readonly builtIn?: boolean;
}

/** The kind of an output: a table (without a schema if the code decides the columns), a set of files, or a JSON value. */
export type OutputSpec =
  | {
      readonly kind: 'table';
      readonly schema?: TableSchema;
      readonly checks?: TableChecks;
      /** Whether all of its data comes from simulations. */
      readonly simulated?: boolean;
    }
  | { readonly kind: 'files' }
  | { readonly kind: 'value' };

/** An output of another task. */
export interface TaskInput {
  readonly task: TaskName;
  readonly output: string;
}

/** The declaration that a task was planned for. */
export interface Declared {
  readonly kind: string;
  readonly name: string;
}

/** What a task may use. None of it is part of the key: the same work with other limits is the same work. */
export interface TaskLimits {
  /** Milliseconds after which the runner kills the task's process. Not for tasks of process 'server'. @default no limit */
  readonly timeout?: number;
  /** How often the task may be tried. The plan stores it for a runner that retries; this one tries once. @default 1 */
  readonly attempts: number;
  /** What it needs of a machine. The plan stores it for launchers that choose one; the one of this machine does not read it. */
  readonly resources?: { readonly cpus?: number; readonly memoryBytes?: number };
}

/** A node of the graph: one operation on outputs of others. */
export interface Task {
  readonly name: TaskName;
  /** The name of its operation. */
  readonly operation: string;
  readonly process: 'own' | 'server';
  readonly declared: Declared;
  readonly inputs: Readonly<Record<string, TaskInput>>;
  readonly code: Readonly<Record<string, CodeRef>>;
  readonly params: JsonObject;
  readonly outputs: Readonly<Record<string, OutputSpec>>;
  /**
   * 'by-key': a result with the same key is used again. 'always-look': runs each time to check something outside (a file, an
   * address), and returns the same dataset if nothing changed. 'never': decides each time.
   */
  readonly reuse: 'by-key' | 'always-look' | 'never';
  readonly limits: TaskLimits;
  /** Names of secrets that it uses. Their values are no part of the key. @default [] */
  readonly secrets?: readonly string[];
  /** Tasks whose last results it looks at, by name; they are no part of the key. @default {} */
  readonly last?: Readonly<Record<string, TaskName>>;
}

/** The input of a task's process, all of it JSON. */
export interface TaskSpec {
  readonly task: TaskName;
  readonly operation: string;
  readonly key: Digest;
  readonly inputs: Readonly<Record<string, Digest>>;
  readonly code: Readonly<Record<string, CodeRef>>;
  readonly params: JsonObject;
  readonly outputs: Readonly<Record<string, OutputSpec>>;
  /** The last result of an 'always-look' task, so that it can ask only for newer data. */
  readonly previous?: TaskResult;
  /** Names of its secrets. @default [] */
  readonly secrets?: readonly string[];
  /** The last results, whatever their keys, of the tasks that it looks at. */
  readonly last?: Readonly<Record<string, TaskResult>>;
}

/** The result of a finished task, written completely, after everything that it names. */
export interface TaskResult {
  readonly key: Digest;
  readonly task: TaskName;
  readonly outputs: Readonly<Record<string, Digest>>;
  /** Small values for people and lineage: row counts, addresses, ETags, trials. */
  readonly facts: JsonObject;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** An event of a running task. */
export type TaskEvent =
  | { readonly type: 'progress'; readonly done: number; readonly total?: number; readonly what?: string }
  | { readonly type: 'log'; readonly line: string }
  | {
      readonly type: 'trial';
      readonly index: number;
      readonly of: number;
      readonly params: JsonObject;
      readonly metrics: Readonly<Record<string, number>>;
    };
