import type { Digest } from '../kernel/digest.ts';
import type { ErrorBody } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';

/** A task of the pipeline run that executed it. */
export interface RunTask {
  readonly task: string;
  /** The name of its operation. */
  readonly operation: string;
  /** The source, step or model of the project file that it was planned for. */
  readonly declared: { readonly kind: string; readonly name: string };
  /** Its index in the order of the graph. */
  readonly position: number;
  readonly status: 'waiting' | 'running' | 'hit' | 'done' | 'failed' | 'skipped';
  readonly key: Digest | undefined;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Tasks whose outputs it reads. */
  readonly needs: readonly string[];
  /** What it ran, for people: 'toFeatures in innings.ts'. */
  readonly code: readonly string[];
  readonly outputs: Readonly<Record<string, Digest>>;
  readonly facts: JsonObject;
  readonly error: ErrorBody | undefined;
}

/** A dataset that a run read, or an artifact that it wrote. */
export interface RunDataset {
  readonly direction: 'input' | 'output';
  /** 'rows', 'model'. */
  readonly name: string;
  readonly digest: Digest;
  /** The task that wrote it. */
  readonly task: string;
}

/**
 * What only runs of a pipeline have: their tasks, and the datasets and artifacts that tasks read and wrote. Every method is
 * one transaction, on disk when it returns.
 */
export interface RunTaskStore {
  /** Adds or replaces, by task name. @throws PlatformError RUN_NOT_FOUND */
  saveTasks(runId: RunId, tasks: readonly RunTask[]): Promise<void>;
  /** In the order of the graph. */
  listTasks(runId: RunId): Promise<readonly RunTask[]>;
  /** The failed tasks of runs and their tasks of these operations, by run id, in the order of the graph. */
  listOutcomes(
    runIds: readonly RunId[],
    operations: readonly string[],
  ): Promise<ReadonlyMap<string, readonly RunTask[]>>;
  /** Adds; a pair of direction and name is written once: the first stays. @throws PlatformError RUN_NOT_FOUND */
  saveDatasets(runId: RunId, datasets: readonly RunDataset[]): Promise<void>;
  listDatasets(runId: RunId): Promise<readonly RunDataset[]>;
}
