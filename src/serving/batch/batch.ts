import { randomBytes } from 'node:crypto';
import type { Digest } from '../../kernel/digest.ts';
import type { ErrorBody } from '../../kernel/errors.ts';
import type { RandomBytes } from '../../kernel/ids.ts';
import type { Unlike } from '../../lifecycle/version/version-fields.ts';
import type { BatchColumns } from './columns.ts';
import type { BatchFormat } from './batch-format.ts';

/** 32 hex digits. */
export type BatchId = string & { readonly __brand: 'BatchId' };

/**
 * `ready`: its file is stored, and nobody has started it. `queued` waits for a worker, `running` has one. The others have
 * ended; a failed or cancelled batch can be started again and continues after its last row.
 */
export type BatchStatus = 'ready' | 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';

/** What a batch predicts, and how its file is read; fixed when the file is stored. */
export interface BatchInput {
  readonly model: string;
  /** The version that was live then predicts every row. */
  readonly version: number;
  /** The folder of the version: numbers start again after a model is purged. */
  readonly folder: Digest;
  /** The caller's name of the file. */
  readonly file: string;
  /** Of the file as it was sent, in bytes. */
  readonly size: number;
  readonly format: BatchFormat;
  readonly columns: BatchColumns;
  /** The caller; absent if nobody has to sign in. */
  readonly by?: string | undefined;
}

/** From this part on, the parts are those of this attempt: a stale one may have left others with the same numbers. */
export interface PartWriter {
  /** A part, from 0. */
  readonly from: number;
  /** 16 hex digits. */
  readonly attempt: string;
}

/** Predicted rows with a value of a field that is unlike those that the version learned from. */
export interface UnlikeRows {
  readonly field: string;
  readonly title: string;
  readonly unlike: Unlike;
  /** '1 to 7': what the version learned from, where it is a range. */
  readonly range?: string | undefined;
  readonly rows: number;
}

/** How far a batch is: everything up to here is on disk. */
export interface BatchProgress {
  /** Absent until the rows are counted. */
  readonly total?: number | undefined;
  readonly done: number;
  /** Of the rows that are done, those without a prediction. */
  readonly refused: number;
  /** Files of the output. */
  readonly parts: number;
  /** Bytes of the output. */
  readonly bytes: number;
  /** Who wrote the parts, in their order. Parts before the first one are of a release that did not record it. */
  readonly writers: readonly PartWriter[];
  readonly unlike: readonly UnlikeRows[];
}

/** Predictions for the rows of a file, as a job. */
export interface Batch extends BatchProgress {
  readonly id: BatchId;
  readonly project: string;
  readonly endpoint: string;
  readonly input: BatchInput;
  /** The key of the caller who sent the file; absent if nobody has to sign in. */
  readonly sender?: string;
  readonly status: BatchStatus;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Its files are removed then. */
  readonly expiresAt: number;
  /** Processes that have worked on the same rows. */
  readonly attempt: number;
  readonly cancelRequested: boolean;
  /** Why it failed. */
  readonly error?: ErrorBody;
}

export function newBatchId(bytes: RandomBytes = randomBytes): BatchId {
  return Buffer.from(bytes(16)).toString('hex') as BatchId;
}

export function newAttempt(bytes: RandomBytes = randomBytes): string {
  return Buffer.from(bytes(8)).toString('hex');
}

export function isBatchId(text: string): text is BatchId {
  return /^[0-9a-f]{32}$/.test(text);
}

/** How long the files of a batch stay: 7 days after it ended or was stored. */
export const batchFilesStay = 7 * 86_400_000;
