import type { Digest } from '../kernel/digest.ts';
import type { ErrorBody } from '../kernel/errors.ts';
import type { CodeRef, TaskEvent, TaskName, TaskResult, TaskSpec } from './task.ts';

/** Results by key, beside the blobs: they make a task a cache hit. */
export interface ResultStore {
  find(key: Digest): Promise<TaskResult | undefined>;
  /** Stored completely or not at all, and on disk when it returns. */
  save(result: TaskResult): Promise<void>;
  /** The result that a task name had last, whatever its key. */
  last(task: TaskName): Promise<TaskResult | undefined>;
}

/** Runs a task in its own process, which ends when this one does. */
export interface Launcher {
  /** @throws PlatformError: USER_CODE_FAILED with the user's file and line, or the error of the operation. */
  launch(
    spec: TaskSpec,
    options: { readonly onEvent: (event: TaskEvent) => void; readonly signal: AbortSignal },
  ): Promise<TaskResult>;
}

/** Bundles functions of the project file, with a digest of their meaning. */
export interface Bundler {
  /** @param value a function or schema, found by identity among the named exports of the project's modules */
  bundle(value: unknown, field: string): Promise<CodeRef>;
}

export type TaskStatus = 'waiting' | 'running' | 'hit' | 'done' | 'failed' | 'skipped';

/** A task's state in one run, for the graph that people look at. */
export interface TaskState {
  readonly task: TaskName;
  readonly status: TaskStatus;
  readonly key?: Digest;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly progress?: { readonly done: number; readonly total?: number; readonly what?: string };
  readonly outputs?: Readonly<Record<string, Digest>>;
  readonly facts?: TaskResult['facts'];
  readonly error?: ErrorBody;
}
