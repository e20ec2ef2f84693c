import type { Lifecycle, RunStatus } from '../tracking/model.ts';

/** An experiment with what happened in it; deleted runs do not count. */
export interface ExperimentRow {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  readonly createdAt: number;
  /** Whether a project of this server writes its runs there. */
  readonly isProject: boolean;
  readonly runs: number;
  readonly running: number;
  /** Runs that started on each of the last 14 days, the earliest first; a day is 24 hours back from now. */
  readonly started: readonly number[];
  /** How many of these failed. */
  readonly failed: readonly number[];
  /** The run that started last. */
  readonly last: LastRunView | null;
}

export interface LastRunView {
  readonly id: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export interface ExperimentsFound {
  readonly experiments: readonly ExperimentRow[];
  /** The offset of the next page; null on the last. */
  readonly next: number | null;
}
