import type { RunId } from '../kernel/ids.ts';
import type { MetricPoint, RunStatus } from './model.ts';

/** What is deleted stays until it is purged: it can be read and restored, but not written to. */
export type Lifecycle = 'active' | 'deleted';

/** Which of both a search looks at; MLflow's ViewType. */
export type View = Lifecycle | 'all';

/** A param or a tag, as MLflow lists them. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** An experiment with all that MLflow tells of it. */
export interface ExperimentRecord {
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

export interface RunInfo {
  readonly id: RunId;
  readonly experimentId: string;
  readonly name: string;
  /** Who started it, as the client says; '' where it says nothing. */
  readonly user: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** The folder of its artifacts: the experiment's location, its id, 'artifacts'. */
  readonly artifactUri: string;
  readonly lifecycle: Lifecycle;
}

/** A version of some data, named by a digest of at most 36 characters. */
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

/** A logged model that a run made, and the step of the run at which it did. */
export interface ModelOutput {
  readonly modelId: string;
  readonly step: number;
}

/** A run with all that MLflow tells of it. Lists are in the order of their keys. */
export interface RunRecord {
  readonly info: RunInfo;
  /** The last point of each metric, by MLflow's rule. */
  readonly metrics: readonly MetricPoint[];
  readonly params: readonly KeyValue[];
  /** With `mlflow.runName` and `mlflow.parentRunId`, which are the run's name and parent. */
  readonly tags: readonly KeyValue[];
  readonly datasets: readonly DatasetInput[];
  /** Ids of logged models that it read. */
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly ModelOutput[];
}

/** A run that a client starts. Its name and parent stand among the tags, by `runTag`. */
export interface ClientRun {
  readonly id: RunId;
  readonly experimentId: string;
  readonly name: string;
  readonly user: string;
  readonly startedAt: number;
  readonly tags: readonly KeyValue[];
}

/** Absent fields stay as they are. */
export interface RunChange {
  readonly status?: RunStatus;
  /** Null takes it away. */
  readonly endedAt?: number | null;
  readonly name?: string;
}

/** A metric's point and, where the client said so, the logged model and the dataset that it is about. */
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

/** A param that has another value already. */
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

/** Tags that are a run's own facts: setting one sets the fact. */
export const runTag = { name: 'mlflow.runName', parent: 'mlflow.parentRunId' } as const;

/** The tag under which a client says what a run used a dataset for. */
export const contextTag = 'mlflow.data.context';
