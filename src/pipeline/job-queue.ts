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
}

export interface Claim {
  /** The projects that this process hosts. */
  readonly projects: readonly string[];
  /** The process, as it sends heartbeats. */
  readonly owner: string;
  readonly now: number;
  /** Only this one. @default the one queued first */
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
  /** Absent where it was tried too often, or nobody wants it any more. */
  readonly resumedBy?: Job;
}

/** Jobs wait here for a process that does them. Every method is one transaction, on disk when it returns. */
export interface JobQueue {
  /**
   * A trigger whose key is known answers with the job that it queued first.
   * @throws PlatformError INPUT_INVALID for an id in use; KEY_REUSED when that job has another target
   */
  enqueue(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  find(id: RunId): Promise<Job | undefined>;
  /** The ids that start with a prefix of hex digits, at most `limit` of them, in their order. */
  idsWithPrefix(prefix: string, limit: number): Promise<readonly RunId[]>;
  /** The latest first. */
  list(filter: {
    readonly project?: string;
    readonly statuses?: readonly JobStatus[];
    readonly limit: number;
  }): Promise<readonly Job[]>;
  /** Takes a queued job of a project none of whose jobs is running: of many processes one gets it. */
  claim(claim: Claim): Promise<Job | undefined>;
  /** Ends a running job of this owner. @returns whether it was still its own */
  end(id: RunId, owner: string, end: JobEnd): Promise<boolean>;
  /** A queued job is cancelled at once, and a running one is asked to stop. @returns the job; absent where there is none */
  cancel(id: RunId, now: number): Promise<Job | undefined>;
  /** The running jobs of this owner that were asked to stop. */
  cancelled(owner: string): Promise<readonly RunId[]>;
  /** Removes jobs that ended, as `jobsToPrune` decides. @returns how many */
  prune(project: string, retention: JobRetention): Promise<number>;
  /**
   * Marks running jobs whose process is gone as interrupted, and queues each again in its old place, up to `attempts`
   * times in all. A job of the same target that waits already completes it, and one that restarts by itself is left. `owner` is the caller, which is there.
   */
  interruptAbandoned(options: {
    readonly owner: string;
    /** Whether the caller does no job: what says that it does is abandoned, too. @default false */
    readonly isIdle?: boolean;
    readonly now: number;
    readonly attempts: number;
    readonly newId: () => RunId;
  }): Promise<readonly Interruption[]>;
}
