import type { RunStatus } from './model.ts';

export interface ActivityQuery {
  readonly experimentIds: readonly string[];
  /** When the first day starts, in ms since 1970; days have 24 hours. */
  readonly from: number;
  readonly days: number;
}

/** What happened in an experiment; deleted runs do not count. */
export interface ExperimentActivity {
  readonly experimentId: string;
  readonly runs: number;
  readonly running: number;
  /** Runs that started on each day, the earliest day first. */
  readonly started: readonly number[];
  /** How many of these failed. */
  readonly failed: readonly number[];
  readonly last: LastRun;
}

/** The run that started last. */
export interface LastRun {
  readonly id: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

/** Counts runs without reading them. */
export interface ExperimentActivityStore {
  /** In no order; an experiment without active runs is left out. */
  of(query: ActivityQuery): Promise<readonly ExperimentActivity[]>;
}
