import type { z } from 'zod';
import type { BlobStore } from '../data/blob-store.ts';
import type { Dataset } from '../data/dataset.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Project } from '../project/project.ts';
import type { Python } from '../project/python.ts';
import type { Journal } from './journal.ts';
import type { Bundler } from './ports.ts';
import type {
  CodeRef,
  OutputSpec,
  Task,
  TaskEvent,
  TaskInput,
  TaskLimits,
  TaskName,
  TaskSpec,
} from './task.ts';

/** A kind of declaration in a project file, such as a source or a model. */
export interface DeclaredKind<Declaration extends { readonly name: string } = { readonly name: string }> {
  /** Stored with each task, and displayed: 'model'. */
  readonly name: string;
  /** All declarations, each after those that it reads. */
  list(project: Project): readonly Declaration[];
}

/**
 * Kinds of an operation's input datasets, by name. `?` marks an optional input, a name such as 'view-*' any number of inputs
 * with that prefix; 'tables' is any number of tables.
 */
export type InputKinds = 'tables' | Readonly<Record<string, Dataset['kind'] | `${Dataset['kind']}?`>>;

/** What a task records on the MLflow run of its declaration. */
export interface RunEntries {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Tables that it read, by input, with their use in the run: `{ rows: 'training', 'view-*': 'lookup' }`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Names of the outputs that are recorded as the run's datasets. */
  readonly datasets?: readonly string[];
  /** File names of outputs, JSON values, that are stored among the run's artifacts: `{ report: 'report.json' }`. */
  readonly artifacts?: Readonly<Record<string, string>>;
}

/** What an operation can use to plan its task. */
export interface Planning {
  readonly bundle: Bundler['bundle'];
  /** An output of another operation on the same declaration. */
  readonly from: (operation: Pick<Operation, 'name' | 'taskName'>, output: string) => TaskInput;
}

/** The part of a task that its operation plans. */
export interface PlannedTask<Params> {
  readonly inputs: Readonly<Record<string, TaskInput>>;
  /** @default {} */
  readonly code?: Readonly<Record<string, CodeRef>>;
  readonly params: Params;
  /** If the declaration decides them. @default the operation's */
  readonly outputs?: Readonly<Record<string, OutputSpec>>;
  /** @default 'by-key' */
  readonly reuse?: Task['reuse'];
  /** Where the declaration sets them. @default the operation's */
  readonly limits?: Partial<TaskLimits>;
  /** Names of secrets that the task uses. @default [] */
  readonly secrets?: readonly string[];
  /** Tasks whose last results it looks at, by name. @default {} */
  readonly last?: Readonly<Record<string, TaskName>>;
}

/**
 * One kind of task. The plan, the processes, the record of a run and every page are derived from this object; all
 * operations are listed in one table.
 */
export interface Operation<
  Declaration extends { readonly name: string } = { readonly name: string },
  Params = unknown,
  Facts extends object = object,
> {
  readonly name: string;
  /** One sentence for people who see this kind of task for the first time. */
  readonly description: string;
  /** The kind of declarations that it is planned for. */
  readonly declared: DeclaredKind<Declaration>;
  /** 'declaration' gives the task its declaration's name. @default '<declaration>.<operation>' */
  readonly taskName?: 'declaration';
  readonly inputs: InputKinds;
  /** 'declared' if the declaration decides them. */
  readonly outputs: Readonly<Record<string, OutputSpec>> | 'declared';
  readonly params: z.ZodType<Params>;
  /** Small values for people, the run and later tasks. They are stored as JSON, where NaN becomes null: see `measurement`. */
  readonly facts: z.ZodType<Facts>;
  /** 'own': each task has its own process. 'server': it uses the database, so it runs in the server's process. */
  readonly process: 'own' | 'server';
  /** @default one attempt, no timeout */
  readonly limits?: Partial<TaskLimits>;
  /** @returns undefined if a declaration does not need this task */
  plan(declaration: Declaration, planning: Planning): Promise<PlannedTask<Params> | undefined>;
  /** The outcome in a few words: '96,214 rows'. */
  summary(facts: Facts): string;
  /** What people should see at the end of a run, also when the result was there before: a line each. @default nothing */
  notes?(facts: Facts): readonly string[];
  /** What a finished task records on the run of its declaration. @default nothing, and such a declaration has no run */
  records?(facts: Facts): RunEntries;
  /** The facts that a run stores. @default all */
  storedFacts?(facts: Facts): Partial<Facts>;
}

/** An operation that runs in its own process. */
export interface TaskOperation<
  Declaration extends { readonly name: string } = { readonly name: string },
  Params = unknown,
  Facts extends object = object,
> extends Operation<Declaration, Params, Facts> {
  readonly process: 'own';
  run(context: OperationContext<Params>): Promise<OperationResult<Facts>>;
}

/** The context of an operation inside a task's process. */
export interface OperationContext<Params = unknown> {
  readonly spec: TaskSpec;
  readonly params: Params;
  readonly blobs: BlobStore;
  /** The dataset of an input, of the kind that the operation declares. */
  input(name: string): Promise<Dataset>;
  /** The export `fn` of a bundle. */
  code<Fn>(name: string): Promise<Fn>;
  /** The address of a bundle's module, for threads. @default the operation runs without threads */
  readonly codeAddress?: (name: string) => Promise<string>;
  /** Of this key: an attempt that was killed left it for the next. */
  readonly journal: Journal;
  /** Relative addresses in the project file start here. */
  readonly projectFolder: string;
  /** For temporary files; emptied when the task ends. */
  readonly scratch: string;
  emit(event: TaskEvent): void;
  readonly now: () => number;
  /** Python beside Modelyard. @default trainers that need it cannot run */
  readonly python?: Python;
  /** The value of a secret. @throws PlatformError CONFIG_INVALID naming it */
  secret(name: string): string;
}

export interface OperationResult<Facts extends object = object> {
  readonly outputs: Readonly<Record<string, Dataset>>;
  readonly facts: Facts;
}

/** Declares an operation; its types are inferred from `declared`, `params` and `facts`. */
export function taskOperation<Declaration extends { readonly name: string }, Params, Facts extends object>(
  operation: TaskOperation<Declaration, Params, Facts>,
): TaskOperation<Declaration, Params, Facts> {
  return operation;
}

/** Whether an input has a declared name: 'view-*' stands for all that begin so. */
export function isInputOf(declared: string, name: string): boolean {
  return declared.endsWith('*') ? name.startsWith(declared.slice(0, -1)) : declared === name;
}

/** A finished task's facts, as stored in a result or a run. */
interface StoredFacts {
  readonly operation: string;
  readonly facts: JsonObject;
}

/** The facts of a stored task; undefined if another operation, or an incompatible release, wrote them. */
export function factsOf<Facts extends object>(
  operation: Pick<Operation<never, never, Facts>, 'name' | 'facts'>,
  stored: StoredFacts,
): Facts | undefined {
  if (stored.operation !== operation.name) return undefined;
  const parsed = operation.facts.safeParse(stored.facts);
  return parsed.success ? parsed.data : undefined;
}

/** @throws PlatformError STATE_DAMAGED if the operation did not write them */
export function requireFacts<Facts extends object>(
  operation: Pick<Operation<never, never, Facts>, 'name' | 'facts'>,
  { facts, task }: { readonly facts: JsonObject; readonly task: string },
): Facts {
  const parsed = operation.facts.safeParse(facts);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PlatformError('STATE_DAMAGED', {
    field: `${task}, fact ${issue?.path.join('.')}`,
    value: issue?.message,
    remedy: `The stored result of this task is not one of "${operation.name}": delete the results folder of the state, and run again.`,
  });
}

/** '96,214 rows'; undefined if this build cannot read the facts. */
export function summaryOf(operations: readonly Operation[], stored: StoredFacts): string | undefined {
  const operation = operationNamed(operations, stored.operation);
  const facts = operation && factsOf(operation, stored);
  return facts && operation.summary(facts);
}

/** The lines of `Operation.notes`; none if this build cannot read the facts. */
export function notesOf(operations: readonly Operation[], stored: StoredFacts): readonly string[] {
  const operation = operationNamed(operations, stored.operation);
  const facts = operation && factsOf(operation, stored);
  return (facts && operation.notes?.(facts)) ?? [];
}

export function operationNamed<Listed extends Operation>(
  operations: readonly Listed[],
  name: string,
): Listed | undefined {
  return operations.find((operation) => operation.name === name);
}
