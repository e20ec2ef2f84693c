import type { ErrorBody } from '../kernel/errors.ts';
import type { TaskEvent, TaskResult, TaskSpec } from './task.ts';

/** What a task's process is told first. Folders are of this machine; they are no part of any key. */
export interface TaskOrder {
  readonly spec: TaskSpec;
  /** Where the blob store lies. */
  readonly blobFolder: string;
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
