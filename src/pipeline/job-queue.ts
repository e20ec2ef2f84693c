import type { ErrorBody } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import type { Job, JobStatus, Trigger } from './job.ts';
import type { JobRetention } from './prune-jobs.ts';

export interface NewJob {
  readonly id: RunId;
  readonly project: string;
  readonly target?: string | undefined;
  readonly trigger: Trigger;
  readonly queuedAt: number;
  /** Refuses a new job when so many of the project are queued. @default any number */
  readonly mostQueued?: number;
}

export interface Claim {
  /** The projects that this process hosts. */
  readonly projects: readonly string[];
  /** The process that runs the job and sends heartbeats. */
  readonly owner: string;
  readonly now: number;
  /** Only this job. @default the one queued first */
  readonly id?: RunId;
}

export interface JobEnd {
  readonly status: Extract<JobStatus, 'finished' | 'failed' | 'cancelled'>;
  readonly endedAt: number;
  /** Stored as JSON. */
  readonly outcome?: object | undefined;
  readonly error?: ErrorBody | undefined;
}

export interface Interruption {
  readonly interrupted: Job;
  /** Absent after too many attempts, or if the job was cancelled. */
  readonly resumedBy?: Job;
}

/** The queue of jobs. Every method is one transaction, on disk when it returns. */
export interface JobQueue {
  /**
   * Queues a job. For a trigger whose key was used before, returns the job that it queued then.
   * @throws PlatformError INPUT_INVALID for an id in use; KEY_REUSED if that job has another target; RUN_IN_PROGRESS if too
   * many are queued
   */
  enqueue(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  find(id: RunId): Promise<Job | undefined>;
  /** The ids that start with a prefix of hex digits, at most `limit` of them, in their order. */
  idsWithPrefix(prefix: string, limit: number): Promise<readonly RunId[]>;
  /** Without their outcomes, the latest first. */
  list(filter: {
    readonly project?: string;
    readonly statuses?: readonly JobStatus[];
    readonly limit: number;
  }): Promise<readonly Omit<Job, 'outcome'>[]>;
  /** Claims a queued job of a project that has no running job; only one process gets it. */
  claim(claim: Claim): Promise<Job | undefined>;
  /** Ends a running job of this owner. @returns whether the owner still had it */
  end(id: RunId, owner: string, end: JobEnd): Promise<boolean>;
  /** Cancels a queued job at once, and asks a running one to stop. @returns the job; undefined if it does not exist */
  cancel(id: RunId, now: number): Promise<Job | undefined>;
  /** Removes jobs that ended, as `jobsToPrune` decides. @returns how many */
  prune(project: string, retention: JobRetention): Promise<number>;
  /**
   * Marks running jobs of dead processes as interrupted, and queues each again at its old position, up to `attempts` times in
   * all. A waiting job with the same target completes it instead, and a trigger that restarts itself is not queued. `owner` is the caller.
   */
  interruptAbandoned(options: {
    readonly owner: string;
    /** Whether the caller runs no job, so that jobs in its name are abandoned too. @default false */
    readonly isIdle?: boolean;
    readonly now: number;
    readonly attempts: number;
    readonly newId: () => RunId;
  }): Promise<readonly Interruption[]>;
}
