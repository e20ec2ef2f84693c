import type { RunId } from '../kernel/ids.ts';
import type { DatasetInput } from './record.ts';
import type {
  Experiment,
  MetricPoint,
  NewRun,
  Run,
  RunBatch,
  RunDataset,
  RunStatus,
  RunTask,
} from './model.ts';

export interface RunFilter {
  readonly experimentId?: string;
  /** The runs nested directly in this one; `null` for runs nested in none. */
  readonly parentId?: RunId | null;
  /** The latest first. */
  readonly limit: number;
  /** Only runs started before this time. */
  readonly startedBefore?: number;
}

/**
 * Experiments, runs and what they log. Every method is one transaction, on disk when it returns. A text that holds
 * U+0000 is refused with INPUT_INVALID: no database keeps it.
 */
export interface TrackingStore {
  /** The experiment of this name, made if there is none, restored if it is deleted. */
  ensureExperiment(name: string, now: number): Promise<Experiment>;
  findExperiment(name: string): Promise<Experiment | undefined>;
  /** @throws PlatformError INPUT_INVALID for an id in use or an unknown experiment; RUN_NOT_FOUND for an unknown parent */
  createRun(run: NewRun): Promise<void>;
  /** @throws PlatformError RUN_NOT_FOUND; INPUT_INVALID for a param that has another value already */
  logBatch(runId: RunId, batch: RunBatch): Promise<void>;
  /** @throws PlatformError RUN_NOT_FOUND */
  endRun(runId: RunId, status: Exclude<RunStatus, 'RUNNING' | 'SCHEDULED'>, endedAt: number): Promise<void>;
  findRun(runId: RunId): Promise<Run | undefined>;
  /** In no order; unknown ids are left out. */
  findRuns(runIds: readonly RunId[]): Promise<readonly Run[]>;
  /** Ends before its limit where the runs hold more than `pageBytes`. */
  listRuns(filter: RunFilter): Promise<readonly Run[]>;
  /** In the order of time. A point that was logged twice is there once. */
  metricHistory(runId: RunId, key: string): Promise<readonly MetricPoint[]>;
  /** Adds or replaces, by task name. @throws PlatformError RUN_NOT_FOUND */
  saveTasks(runId: RunId, tasks: readonly RunTask[]): Promise<void>;
  /** In the order of the graph. */
  listTasks(runId: RunId): Promise<readonly RunTask[]>;
  /** Adds; a pair of direction and name is written once: the first stays. @throws PlatformError RUN_NOT_FOUND */
  saveDatasets(runId: RunId, datasets: readonly RunDataset[]): Promise<void>;
  listDatasets(runId: RunId): Promise<readonly RunDataset[]>;
  /** Adds datasets that the run read, as MLflow's clients log them. @throws PlatformError RUN_NOT_FOUND */
  logInputs(runId: RunId, inputs: readonly DatasetInput[]): Promise<void>;
  /** Marks every run that still says RUNNING as KILLED: its process is gone. @returns how many */
  killUnfinished(endedAt: number): Promise<number>;
}
