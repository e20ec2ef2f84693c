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

export interface RunsFound {
  readonly runs: readonly FoundRun[];
  /** The offset of the next page; null on the last. */
  readonly next: number | null;
}

export interface RunsMoved {
  /** Ids; nested ones too. */
  readonly moved: readonly string[];
}
