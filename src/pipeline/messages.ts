import type { BlobCacheOptions, BlobLocation } from '../data/blob-location.ts';
import type { ErrorBody } from '../kernel/errors.ts';
import type { TaskEvent, TaskResult, TaskSpec } from './task.ts';

/** The first message to a task's process. Folders are those of its machine; none of this is part of a key. */
export interface TaskOrder {
  readonly spec: TaskSpec;
  /** Where its inputs are read and its outputs written, from whichever machine runs it. */
  readonly blobs: BlobLocation;
  /** For copies of blobs that lie elsewhere. */
  readonly cache: BlobCacheOptions;
  /** Where bundles are written to be imported. */
  readonly moduleFolder: string;
  /** Relative addresses in the project file start here. */
  readonly projectFolder: string;
}

/** What it answers: events, and in the end one of the others. */
export type TaskReply =
  | { readonly type: 'event'; readonly event: TaskEvent }
  | { readonly type: 'result'; readonly result: TaskResult }
  | { readonly type: 'error'; readonly error: ErrorBody };
