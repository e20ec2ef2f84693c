import type { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import { readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { type ErrorCode, PlatformError } from '../../kernel/errors.ts';
import { taskKey } from '../../pipeline/cache-key.ts';
import type { Launcher, ResultStore } from '../../pipeline/ports.ts';
import type { Task, TaskEvent, TaskResult, TaskSpec } from '../../pipeline/task.ts';
import type { Model } from '../../project/models/model.ts';

export interface ChampionDeps {
  readonly blobs: BlobStore;
  readonly results: ResultStore;
  readonly launcher: Launcher;
}

export interface ChampionInput {
  readonly model: Model;
  /** The gate's inputs for the candidate: its rows, their subsets, its model and its code. */
  readonly spec: TaskSpec;
  readonly signal: AbortSignal;
  /** Notified of the log lines and the progress of the tasks that measure versions. */
  readonly onEvent: (event: TaskEvent) => void;
  /** The periods that the candidate's split tests. */
  readonly periods: readonly string[];
}

/** What a comparison works with. */
export interface Comparing {
  readonly input: ChampionInput;
  readonly deps: ChampionDeps;
}

/** Runs a task of the gate, or finds its result. @param name after the model's: 'champion' */
export async function runOnce(
  name: string,
  task: Pick<Task, 'operation' | 'code' | 'params' | 'outputs'> & Pick<TaskSpec, 'inputs'>,
  { input: { model, signal, onEvent }, deps: { results, launcher } }: Comparing,
): Promise<TaskResult> {
  return runSpecOnce(
    { ...task, task: `${model.name}.${name}`, key: taskKey(task, task.inputs) },
    { signal, onEvent },
    { results, launcher },
  );
}

/** Runs a task, or finds its result. */
export async function runSpecOnce(
  spec: TaskSpec,
  { signal, onEvent }: Pick<ChampionInput, 'signal' | 'onEvent'>,
  { results, launcher }: Pick<ChampionDeps, 'results' | 'launcher'>,
): Promise<TaskResult> {
  const cached = await results.find(spec.key);
  if (cached) return cached;
  const launched = await launcher.launch(spec, { signal, onEvent });
  await results.save(launched);
  return launched;
}

/** Some inputs of a task, as far as it has them. */
export function pick({ inputs }: TaskSpec, names: readonly string[]): Readonly<Record<string, Digest>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const digest = inputs[name];
      return digest ? [[name, digest] as const] : [];
    }),
  );
}

export function outputOf({ task, outputs }: TaskResult, name: string): Digest {
  const digest = outputs[name];
  if (digest) return digest;
  throw new PlatformError('INTERNAL', {
    field: `output ${name}`,
    value: undefined,
    remedy: `The task ${task} must write it.`,
  });
}

export function inputOf(spec: TaskSpec, name: string): Digest {
  const digest = spec.inputs[name];
  if (digest) return digest;
  throw new PlatformError('INTERNAL', {
    field: `input ${name}`,
    value: undefined,
    remedy: `The task ${spec.task} needs it.`,
  });
}

/** What an evaluation stored. @throws PlatformError INTERNAL if it is something else */
export async function readEvaluated<Value>(
  digest: Digest | undefined,
  schema: z.ZodType<Value>,
  blobs: BlobStore,
): Promise<Value> {
  const dataset = digest && (await readDataset(digest, blobs));
  const parsed = schema.safeParse(dataset?.kind === 'value' ? dataset.value : undefined);
  if (parsed.success) return parsed.data;
  throw new PlatformError('INTERNAL', {
    field: 'metrics',
    value: digest,
    remedy: 'An evaluation must output a value.',
  });
}

/**
 * Faults of a model: its files are no model or are gone from the artifacts, its packages do not install, or it does not load
 * or predict. STEP_FAILED and BLOB_NOT_FOUND are none: then the task was killed or its data is lost.
 */
export const faultsOfModel: ReadonlySet<ErrorCode> = new Set([
  'MODEL_UNSUPPORTED',
  'FORECAST_MISSING',
  'ARTIFACT_NOT_FOUND',
  'MODEL_TIMED_OUT',
  'MODEL_BUSY',
]);

/** Faults of the live version or its data. Others, such as a full disk, fail the task. */
const faultsOfLive: ReadonlySet<ErrorCode> = new Set([
  ...faultsOfModel,
  'INPUT_INVALID',
  'BLOB_NOT_FOUND',
  'STEP_FAILED',
  'TASK_TIMED_OUT',
  'NOT_READY',
  'STATE_DAMAGED',
  'USER_CODE_FAILED',
  'DATA_INVALID',
]);

/**
 * The result of work on one version alone, or its fault as a reason. Other errors fail the task.
 * @param faults by code; those of a live version if it is left out
 */
export async function faultOrValue<Value>(
  signal: AbortSignal,
  work: () => Promise<Value>,
  faults = faultsOfLive,
): Promise<{ readonly value: Value } | { readonly fault: string; readonly code: ErrorCode }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (signal.aborted || !(error instanceof PlatformError) || !faults.has(error.code)) throw error;
    return { fault: error.message, code: error.code };
  }
}
