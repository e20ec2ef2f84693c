import type { Lifecycle, RunStatus } from '../tracking/model.ts';

/** JSON has no other numbers than finite ones. */
export type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

/** A run that a search found, of our pipeline or of a client of MLflow. */
export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly experiment: { readonly id: string; readonly name: string };
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  /** Who started it, as the client says; '' where it says nothing. */
  readonly user: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly artifactUri: string;
  readonly params: Readonly<Record<string, string>>;
  /** The last value of each. */
  readonly metrics: Readonly<Record<string, MetricValue>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A run with what leads to it and away from it. */
export interface RunRecord extends FoundRun {
  /** The project of this server whose pipeline it belongs to. */
  readonly project: string | null;
  readonly parent: { readonly id: string; readonly name: string } | null;
  /** How many runs are nested directly in it. */
  readonly children: number;
  readonly datasets: readonly RunDatasetView[];
  /** Ids of logged models. */
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly string[];
  /** Versions that name it as their run, at most 100; the last changed first. */
  readonly registered: readonly { readonly model: string; readonly version: number }[];
  /** The step of the last value of each metric. */
  readonly steps: Readonly<Record<string, number>>;
}

export interface RunDatasetView {
  readonly name: string;
  readonly digest: string;
  /** What the run used it for, as 'training'; '' where the client says nothing. */
  readonly context: string;
}

export interface RunsFound {
  readonly runs: readonly FoundRun[];
  /** How many runs the search finds on all its pages; null where it was not asked for. */
  readonly total: number | null;
  /** The offset of the next page; null on the last. */
  readonly next: number | null;
}

export interface RunsMoved {
  /** Ids; nested ones too. */
  readonly moved: readonly string[];
}
