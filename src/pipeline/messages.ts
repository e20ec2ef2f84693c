import type { BlobCacheOptions, BlobLocation } from '../data/blob-location.ts';
import type { ErrorBody } from '../kernel/errors.ts';
import type { TaskEvent, TaskResult, TaskSpec } from './task.ts';

/** The first message to a task's process. Folders are those of its machine; none of it is part of a key. */
export interface TaskOrder {
  readonly spec: TaskSpec;
  /** Where inputs are read and outputs written, on any machine. */
  readonly blobs: BlobLocation;
  /** For copies of remote blobs. */
  readonly cache: BlobCacheOptions;
  /** For bundles, which are imported from files. */
  readonly moduleFolder: string;
  /** Relative addresses in the project file start here. */
  readonly projectFolder: string;
}

/** Messages of the process: events, and finally a result or an error. */
export type TaskReply =
  | { readonly type: 'event'; readonly event: TaskEvent }
  | { readonly type: 'result'; readonly result: TaskResult }
  | { readonly type: 'error'; readonly error: ErrorBody };
