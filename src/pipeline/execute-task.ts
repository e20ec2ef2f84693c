import type { BlobStore } from '../data/blob-store.ts';
import { type Dataset, readDataset, saveDataset } from '../data/dataset.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Python } from '../project/python.ts';
import { isInputOf, type Operation, operationNamed, type TaskOperation } from './operation.ts';
import { type Journal, memoryJournal } from './journal.ts';
import { taskPython } from './task-python.ts';
import type { TaskEvent, TaskResult, TaskSpec } from './task.ts';

export interface ExecuteTaskDeps {
  readonly operations: readonly Operation[];
  readonly blobs: BlobStore;
  readonly loadCode: <Value>(bundle: Digest) => Promise<Value>;
  /** The address of a bundle's module. @default tasks run without threads */
  readonly codeAddress?: (bundle: Digest) => Promise<string>;
  /** @default a journal that ends with the process */
  readonly journal?: Journal;
  readonly projectFolder: string;
  readonly emit: (event: TaskEvent) => void;
  readonly now: Clock;
  /** The value of a secret. @throws PlatformError CONFIG_INVALID naming it */
  readonly secret: (name: string) => string;
  /** Python beside Modelyard. @default trainers that need it cannot run */
  readonly python?: Python;
}

/**
 * Runs one task and stores its outputs. A result exists only if everything that it names is stored.
 * @throws PlatformError of the operation; USER_CODE_FAILED for errors of the project's code
 */
export async function executeTask(spec: TaskSpec, deps: ExecuteTaskDeps): Promise<TaskResult> {
  const operation = operationNamed(deps.operations.filter(runsInTask), spec.operation);
  if (!operation) throw internal(spec, `operation ${spec.operation}`);
  const params = operation.params.safeParse(spec.params);
  if (!params.success) throw internal(spec, `param ${params.error.issues[0]?.path.join('.')}`);
  await using scratch = await deps.blobs.scratch();
  const { codeAddress, python } = deps;
  const startedAt = deps.now();
  const result = await operation.run({
    spec,
    params: params.data,
    blobs: deps.blobs,
    projectFolder: deps.projectFolder,
    scratch: scratch.path,
    emit: deps.emit,
    now: deps.now,
    secret: deps.secret,
    async input(name) {
      const digest = spec.inputs[name];
      if (!digest) throw internal(spec, `input ${name}`);
      const dataset = await readDataset(digest, deps.blobs);
      if (!takes(operation, name, dataset)) throw internal(spec, `input ${name}: ${dataset.kind}`);
      return dataset;
    },
    code: async (name) => deps.loadCode(bundleOf(spec, name)),
    ...(codeAddress && { codeAddress: async (name) => codeAddress(bundleOf(spec, name)) }),
    journal: deps.journal ?? memoryJournal(),
    ...(python && { python: taskPython(python, (line) => deps.emit({ type: 'log', line })) }),
  });
  const facts = operation.facts.safeParse(result.facts);
  if (!facts.success) throw internal(spec, `fact ${facts.error.issues[0]?.path.join('.')}`);
  const outputs: Record<string, Digest> = {};
  for (const [name, dataset] of Object.entries(result.outputs))
    outputs[name] = await saveDataset(dataset, deps.blobs);
  return {
    key: spec.key,
    task: spec.task,
    outputs,
    facts: facts.data as JsonObject,
    startedAt,
    endedAt: deps.now(),
  };
}

function bundleOf(spec: TaskSpec, name: string): Digest {
  const code = spec.code[name];
  if (!code) throw internal(spec, `code ${name}`);
  return code.bundle;
}

function runsInTask(operation: Operation): operation is TaskOperation {
  return operation.process === 'own';
}

/** A step checks its tables itself, so that the error names the step. */
function takes({ inputs }: Operation, name: string, { kind }: Dataset): boolean {
  if (inputs === 'tables') return true;
  const [, declared] = Object.entries(inputs).find(([each]) => isInputOf(each, name)) ?? [];
  return declared?.replace('?', '') === kind;
}

function internal({ task }: TaskSpec, missing: string): PlatformError {
  return new PlatformError('INTERNAL', {
    field: task,
    value: missing,
    remedy: 'The plan of the task lacks it; this is a bug of Modelyard.',
  });
}
