import type { BlobStore } from '../data/blob-store.ts';
import { readDataset, saveDataset } from '../data/dataset.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Operation } from './operation.ts';
import type { TaskEvent, TaskResult, TaskSpec } from './task.ts';

export interface ExecuteTaskDeps {
  /** By name. */
  readonly operations: Readonly<Record<string, Operation>>;
  readonly blobs: BlobStore;
  readonly loadCode: <Value>(bundle: Digest) => Promise<Value>;
  readonly projectFolder: string;
  readonly emit: (event: TaskEvent) => void;
  readonly now: Clock;
}

/**
 * Carries out one task and keeps what it made. A result exists only when all that it names is kept.
 * @throws PlatformError of the operation; USER_CODE_FAILED for what the project's own code threw
 */
export async function executeTask(spec: TaskSpec, deps: ExecuteTaskDeps): Promise<TaskResult> {
  const operation = deps.operations[spec.operation];
  if (!operation) throw internal(spec, `operation ${spec.operation}`);
  await using scratch = await deps.blobs.scratch();
  const startedAt = deps.now();
  const made = await operation({
    spec,
    blobs: deps.blobs,
    projectFolder: deps.projectFolder,
    scratch: scratch.path,
    emit: deps.emit,
    now: deps.now,
    async input(name) {
      const digest = spec.inputs[name];
      if (!digest) throw internal(spec, `input ${name}`);
      return readDataset(digest, deps.blobs);
    },
    async code(name) {
      const code = spec.code[name];
      if (!code) throw internal(spec, `code ${name}`);
      return deps.loadCode(code.bundle);
    },
  });
  const outputs: Record<string, Digest> = {};
  for (const [name, dataset] of Object.entries(made.outputs))
    outputs[name] = await saveDataset(dataset, deps.blobs);
  return { key: spec.key, task: spec.task, outputs, facts: made.facts, startedAt, endedAt: deps.now() };
}

function internal({ task }: TaskSpec, missing: string): PlatformError {
  return new PlatformError('INTERNAL', {
    field: task,
    value: missing,
    remedy: 'The task was planned without it; this is a fault of Modelyard.',
  });
}
