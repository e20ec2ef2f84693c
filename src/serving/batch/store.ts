import type { ErrorBody } from '../../kernel/errors.ts';
import type { Batch, BatchId, BatchInput, BatchProgress, BatchStatus } from './batch.ts';

interface NewBatch {
  readonly id: BatchId;
  readonly project: string;
  readonly endpoint: string;
  readonly input: BatchInput;
  /** The key of the caller. @default not known */
  readonly sender?: string | undefined;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Refuses another batch that goes beyond them. @default none */
  readonly limits?: BatchLimits;
}

/** What a project may have stored at one time. */
export interface BatchLimits {
  readonly batches: number;
  /** Of the files and their outputs. */
  readonly bytes: number;
}

interface BatchClaim {
  /** The projects that this process hosts. */
  readonly projects: readonly string[];
  /** The process that works on the batch and sends heartbeats. */
  readonly owner: string;
  readonly now: number;
  /** Only this batch. @default the one stored first */
  readonly id?: BatchId;
}

export interface BatchEnd {
  readonly status: Extract<BatchStatus, 'finished' | 'failed' | 'cancelled'>;
  readonly endedAt: number;
  readonly expiresAt: number;
  readonly error?: ErrorBody | undefined;
}

/** The batches of a database. Every method is one transaction, on disk when it returns. */
export interface BatchStore {
  /** Stores a batch that is ready. @throws PlatformError LIMIT_REACHED if the project has too many, or too large ones */
  create(batch: NewBatch): Promise<Batch>;
  /** What the batches of a project take up. */
  usage(project: string): Promise<BatchLimits>;
  find(id: BatchId): Promise<Batch | undefined>;
  /** The latest first. */
  list(filter: {
    readonly project: string;
    readonly endpoint?: string;
    /** Only those that this caller sent. @default of all callers */
    readonly sender?: string;
    readonly limit: number;
  }): Promise<readonly Batch[]>;
  /** Queues a batch that is ready, failed or cancelled; leaves any other as it is. @returns undefined if it does not exist */
  start(id: BatchId): Promise<Batch | undefined>;
  /** Cancels a waiting batch at once, and asks a running one to stop. @returns undefined if it does not exist */
  cancel(id: BatchId, end: Pick<BatchEnd, 'endedAt' | 'expiresAt'>): Promise<Batch | undefined>;
  /** Claims a queued batch, or one whose process is dead; only one process gets it. */
  claim(claim: BatchClaim): Promise<Batch | undefined>;
  /** Stores how far the owner is. @returns whether it continues: not after a cancellation, nor if another process has the batch */
  advance(id: BatchId, owner: string, progress: BatchProgress): Promise<boolean>;
  /** Ends a running batch of this owner. @returns whether the owner still had it */
  end(id: BatchId, owner: string, end: BatchEnd): Promise<boolean>;
  /** Batches that expired and that no process works on, at most 100. */
  expired(now: number): Promise<readonly Batch[]>;
  /** Removes a batch that expired, unless it was started meanwhile. @returns whether it is gone */
  removeExpired(id: BatchId, now: number): Promise<boolean>;
  /** Those of the ids that no batch has. */
  unknown(ids: readonly BatchId[]): Promise<readonly BatchId[]>;
}
