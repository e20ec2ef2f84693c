import type { Digest } from '../kernel/digest.ts';
import type { ErrorBody } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

/**
 * A run as MLflow means it. One execution of a project's pipeline is a run in the experiment of the project's name; the
 * training of a model in it is a run nested in that, and a search trial one nested in the training.
 */
export interface Run {
  readonly id: RunId;
  readonly experimentId: string;
  /** Two words for people: 'brisk-heron'. */
  readonly name: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly parentId: RunId | undefined;
  /** The plan that the run executes, in the blob store; absent for runs that no pipeline made. */
  readonly plan: Digest | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** The last value of each: that of the highest step, then of the latest time, then the largest, as in MLflow. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewRun {
  readonly id: RunId;
  readonly experimentId: string;
  readonly name: string;
  readonly startedAt: number;
  readonly parentId?: RunId | undefined;
  readonly plan?: Digest | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly timestamp: number;
}

/** Everything of a batch is written, or nothing. Params are written once: another value is refused. */
export interface RunBatch {
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: readonly MetricPoint[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A task's place in a run of the pipeline. */
export interface RunTask {
  readonly task: string;
  /** The name of its operation. */
  readonly operation: string;
  /** The source, step or model of the project file that it was planned for. */
  readonly declared: { readonly kind: string; readonly name: string };
  /** Its place in the order of the graph. */
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
  /** The task that made it. */
  readonly task: string;
}
