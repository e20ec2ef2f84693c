import type { Digest } from '../kernel/digest.ts';
import type { RunId } from '../kernel/ids.ts';

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

/** The states in which a run has ended. */
export type EndStatus = Exclude<RunStatus, 'RUNNING' | 'SCHEDULED'>;

/** A deleted entity can be read and restored, but not changed, until it is purged. */
export type Lifecycle = 'active' | 'deleted';

/** Which of the two a search reads; MLflow's ViewType. */
export type View = Lifecycle | 'all';

/** A param or a tag, as MLflow lists them. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface Experiment {
  /** An integer as a text; '0' is the experiment named Default that every database has. */
  readonly id: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycle: Lifecycle;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly KeyValue[];
}

export interface NewExperiment {
  readonly name: string;
  /** @default `mlflow-artifacts:/` and the id */
  readonly artifactLocation?: string;
  readonly tags: readonly KeyValue[];
  readonly now: number;
}

/**
 * A run without its logged values. One execution of a project's pipeline is a run in the experiment with the project's
 * name; each training in it is a run nested in that, and each search trial a run nested in the training.
 */
export interface RunInfo {
  readonly id: RunId;
  readonly experimentId: string;
  /** Two words for people: 'brisk-heron'. */
  readonly name: string;
  /** The user that the client named; '' if it named none. */
  readonly user: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** The folder of its artifacts: the experiment's location, its id, 'artifacts'. */
  readonly artifactUri: string;
  readonly lifecycle: Lifecycle;
  /** Undefined while the parent that its tag names is not in this database. */
  readonly parentId: RunId | undefined;
  /** The plan that a pipeline run executes, in the blob store. */
  readonly plan: Digest | undefined;
}

export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly timestamp: number;
}

/** A version of a dataset; its digest has at most 36 characters. */
export interface Dataset {
  readonly name: string;
  readonly digest: string;
  /** 'local', 's3', 'http'; 'modelyard' for a dataset of ours. */
  readonly sourceType: string;
  /** How to get it, as JSON in the words of its source type. */
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
}

export interface DatasetInput {
  readonly dataset: Dataset;
  /** In the order in which they were logged; `mlflow.data.context` says what the run used it for. */
  readonly tags: readonly KeyValue[];
}

/** A logged model that a run wrote, and the step at which it did. */
export interface ModelOutput {
  readonly modelId: string;
  readonly step: number;
}

/** A run and what it logged. Lists are in the order of their keys. */
export interface Run {
  readonly info: RunInfo;
  /** The last point of each metric: the highest step, then the latest time, then the largest value, as in MLflow. */
  readonly metrics: readonly MetricPoint[];
  readonly params: readonly KeyValue[];
  /** With `mlflow.runName` and `mlflow.parentRunId`, which are the run's name and parent. */
  readonly tags: readonly KeyValue[];
  readonly datasets: readonly DatasetInput[];
  /** Ids of logged models that it read. */
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly ModelOutput[];
}

export interface NewRun {
  readonly id: RunId;
  readonly experimentId: string;
  readonly name: string;
  /** @default '' */
  readonly user?: string;
  readonly startedAt: number;
  /** `runTag.name` is ignored. `runTag.parent` may name a run that is not in this database. @default none */
  readonly tags?: readonly KeyValue[];
  /** A run of this database; set as its `runTag.parent` too. */
  readonly parentId?: RunId | undefined;
  /** A run that a pipeline started ends with the process that executes it. @default 'client' */
  readonly startedBy?: 'client' | 'pipeline';
  readonly plan?: Digest | undefined;
}

/** Absent fields stay as they are. */
export interface RunChange {
  readonly status?: RunStatus;
  /** Null removes it. */
  readonly endedAt?: number | null;
  readonly name?: string;
}

/** A point of a metric and, if the client named them, the logged model and the dataset that it measures. */
export interface LoggedPoint extends MetricPoint {
  readonly modelId?: string;
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

export interface RunEntries {
  readonly metrics?: readonly LoggedPoint[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
}

/** A param that was logged before with another value. */
export interface ParamConflict {
  readonly key: string;
  readonly old: string;
  readonly new: string;
}

export interface RunLinks {
  readonly datasets?: readonly DatasetInput[];
  readonly modelInputs?: readonly string[];
  readonly modelOutputs?: readonly ModelOutput[];
}

/** A dataset that runs of an experiment used, once for each context. */
export interface DatasetSummary {
  readonly experimentId: string;
  readonly name: string;
  readonly digest: string;
  readonly context: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; absent on the last. */
  readonly next: number | undefined;
}

/** Tags that are fields of the run: setting one sets the field. */
export const runTag = { name: 'mlflow.runName', parent: 'mlflow.parentRunId' } as const;

/** The tag that says what a run used a dataset for. */
export const contextTag = 'mlflow.data.context';
