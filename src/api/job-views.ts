import type { ErrorBody } from '../kernel/errors.ts';
import type { JobStatus, Trigger } from '../pipeline/job.ts';
import type { RunOutcome } from './views.ts';

/** A requested run, as lists have it: it waits, runs, or has ended. */
export interface JobRow {
  /** Also the id of the run that it records. */
  readonly id: string;
  readonly project: string;
  /** Null for everything. */
  readonly target: string | null;
  readonly trigger: Trigger;
  /** The trigger in words: 'command line', 'schedule nightly'. */
  readonly why: string;
  readonly status: JobStatus;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** 1, and one more for each time that it was interrupted before. */
  readonly attempt: number;
  /** The interrupted job that it completes. */
  readonly resumes: string | null;
  /** The job that completes it. */
  readonly resumedBy: string | null;
  /** Whether somebody asked it to stop. */
  readonly cancelRequested: boolean;
  /** Why it could not run at all. */
  readonly error: ErrorBody | null;
}

/** A requested run with its outcome. */
export interface JobView extends JobRow {
  /** What it came to; null until it has ended. */
  readonly outcome: RunOutcome | null;
}
