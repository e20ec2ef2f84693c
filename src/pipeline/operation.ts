import type { BlobStore } from '../data/blob-store.ts';
import type { Dataset } from '../data/dataset.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { TaskEvent, TaskSpec } from './task.ts';

/** What an operation is given inside a task's process. */
export interface OperationContext {
  readonly spec: TaskSpec;
  readonly blobs: BlobStore;
  input(name: string): Promise<Dataset>;
  /** The export `fn` of a bundle. */
  code<Fn>(name: string): Promise<Fn>;
  /** Relative addresses in the project file start here. */
  readonly projectFolder: string;
  /** For unfinished files; emptied when the task ends. */
  readonly scratch: string;
  emit(event: TaskEvent): void;
  readonly now: () => number;
}

export interface OperationResult {
  readonly outputs: Readonly<Record<string, Dataset>>;
  readonly facts: JsonObject;
}

export type Operation = (context: OperationContext) => Promise<OperationResult>;

/** The params of a task, in the shape that its plan gave them: one function of ours writes them, another reads them. */
export function paramsOf<Params>({ spec }: Pick<OperationContext, 'spec'>): Params {
  return spec.params as unknown as Params;
}
