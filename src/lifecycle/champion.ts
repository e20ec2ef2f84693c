import { readDataset, saveDataset } from '../data/dataset.ts';
import type { BlobStore } from '../data/blob-store.ts';
import type { LookupDefinition } from '../features/lookup.ts';
import type { Digest } from '../kernel/digest.ts';
import { type ErrorCode, PlatformError } from '../kernel/errors.ts';
import { taskKey } from '../pipeline/cache-key.ts';
import { requireFacts } from '../pipeline/operation.ts';
import type { Launcher, ResultStore } from '../pipeline/ports.ts';
import type { Task, TaskResult, TaskSpec } from '../pipeline/task.ts';
import type { Model } from '../project/model.ts';
import { type GateFacts, type Incomparable, isEnoughToCompare } from '../registry/gate.ts';
import type { PipelineVersion } from '../registry/model.ts';
import { compare } from './operations/compare.ts';
import { evaluate, evaluation, type Evaluation, evaluationParams } from './operations/evaluate.ts';
import { lookupDefinitions, viewTables } from './lookups.ts';
import { learnedOf, readVersionFolder } from './version-folder.ts';
import type { VersionManifest } from './version-manifest.ts';

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
}

/** The champion's part of the facts, and the candidate's metrics on the same rows. */
export interface Comparison {
  readonly champion: NonNullable<GateFacts['champion']>;
  /** Absent if the champion could not be measured: then the candidate counts on all its test rows. */
  readonly candidate?: Evaluation;
  /** The subsets of the test rows that both were measured on. */
  readonly subsets: Digest;
  readonly leftOut: number;
}

/**
 * Scores the live version with its own code on the candidate's test rows, without those that it learned from, and the
 * candidate on the same rows.
 * @param live the number of the live version; `champion` is absent if the pipeline did not train it
 */
export async function compareWithChampion(
  live: number,
  champion: PipelineVersion | undefined,
  { input, deps }: { readonly input: ChampionInput; readonly deps: ChampionDeps },
): Promise<Comparison> {
  const { model, spec, signal } = input;
  const subsets = inputOf(spec, 'subsets');
  const incomparable = (reason: string): Comparison => ({
    champion: { version: live, reason } satisfies Incomparable,
    subsets,
    leftOut: 0,
  });
  if (!champion) return incomparable('the pipeline did not train it');
  const opened = await faultOrValue(signal, () => openChampion(champion, deps.blobs));
  if ('fault' in opened) return incomparable(opened.fault);
  const { manifest, learned } = opened.value;
  if (manifest.target.name !== model.target)
    return incomparable(`it predicts "${manifest.target.name}", and the new version "${model.target}"`);
  const fair = await rowsThatNeitherLearned(learned, manifest, { input, deps });
  if (fair.unknown !== null) return incomparable(fair.unknown);
  if (!isEnoughToCompare(fair)) return incomparable(tooFew(fair));
  const measure = (candidate: Pick<TaskSpec, 'task' | 'code'> & Evaluated): Promise<Evaluation> =>
    measureOn(fair.subsets, candidate, { input, deps });
  const measured = await faultOrValue(signal, () =>
    measure({
      task: `${model.name}.champion`,
      code: { ...manifest.code },
      model: champion.folder,
      lookups: manifest.lookups,
    }),
  );
  if ('fault' in measured) return incomparable(measured.fault);
  const candidate =
    fair.leftOut === 0
      ? await readEvaluation(spec.inputs['metrics'], deps.blobs)
      : await measure({
          task: `${model.name}.candidate`,
          code: spec.code,
          model: inputOf(spec, 'model'),
          lookups: lookupDefinitions(model),
        });
  return {
    champion: { version: live, metrics: measured.value.metrics },
    candidate,
    subsets: fair.subsets,
    leftOut: fair.leftOut,
  };
}

interface OpenedChampion {
  readonly manifest: VersionManifest;
  readonly learned: ReturnType<typeof learnedOf>;
}

/** Also reads the rows that it learned from, so that their loss is a fault of the live version. */
async function openChampion({ folder }: PipelineVersion, blobs: BlobStore): Promise<OpenedChampion> {
  const files = await readVersionFolder(folder, blobs);
  const learned = learnedOf(files);
  await blobs.localPath(learned.file.digest);
  return { manifest: files.manifest, learned };
}

/** The result of work on the live version alone, or its fault as a reason. Other errors fail the task. */
export async function faultOrValue<Value>(
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly fault: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (signal.aborted || !(error instanceof PlatformError) || !ofTheVersion.has(error.code)) throw error;
    return { fault: error.message };
  }
}

/** Faults of the live version or its data. Others, such as a full disk, fail the task. */
const ofTheVersion: ReadonlySet<ErrorCode> = new Set([
  'MODEL_UNSUPPORTED',
  'BLOB_NOT_FOUND',
  'STATE_DAMAGED',
  'USER_CODE_FAILED',
  'DATA_INVALID',
]);

interface Deps {
  readonly input: ChampionInput;
  readonly deps: ChampionDeps;
}

interface FairRows {
  readonly subsets: Digest;
  readonly rows: number;
  readonly leftOut: number;
  readonly unknown: string | null;
}

async function rowsThatNeitherLearned(
  learned: ReturnType<typeof learnedOf>,
  { learnedFrom }: VersionManifest,
  { input, deps }: Deps,
): Promise<FairRows> {
  const { model, spec, signal } = input;
  const inputs = {
    rows: inputOf(spec, 'rows'),
    subsets: inputOf(spec, 'subsets'),
    learned: await saveDataset(learned, deps.blobs),
  };
  const task = {
    operation: compare.name,
    code: {},
    params: { learned: { ...learnedFrom, columns: [...learnedFrom.columns] } },
    outputs: { subsets: { kind: 'table' } },
  } as const;
  const result = await runOnce(
    { ...task, task: `${model.name}.compare`, inputs, key: taskKey(task, inputs) },
    signal,
    deps,
  );
  const { rows, leftOut, unknown } = requireFacts(compare, result);
  return { subsets: result.outputs['subsets'] ?? inputs.subsets, rows, leftOut, unknown };
}

interface Evaluated {
  readonly model: Digest;
  readonly lookups: readonly LookupDefinition[];
}

async function measureOn(
  subsets: Digest,
  { task: name, code, model, lookups }: Pick<TaskSpec, 'task' | 'code'> & Evaluated,
  { input, deps }: Deps,
): Promise<Evaluation> {
  const inputs = {
    rows: inputOf(input.spec, 'rows'),
    subsets,
    model,
    ...viewTables(lookups, input.spec),
  };
  const task: Pick<Task, 'operation' | 'code' | 'params' | 'outputs'> = {
    operation: evaluate.name,
    code,
    params: { ...evaluationParams(input.model), lookups: [...lookups] },
    outputs: { metrics: { kind: 'value' } },
  };
  const result = await runOnce(
    { ...task, task: name, inputs, key: taskKey(task, inputs) },
    input.signal,
    deps,
  );
  return readEvaluation(result.outputs['metrics'], deps.blobs);
}

export async function runOnce(
  spec: TaskSpec,
  signal: AbortSignal,
  { results, launcher }: ChampionDeps,
): Promise<TaskResult> {
  const cached = await results.find(spec.key);
  if (cached) return cached;
  const launched = await launcher.launch(spec, { signal, onEvent: () => {} });
  await results.save(launched);
  return launched;
}

/** @throws PlatformError INTERNAL if the evaluation stored something else */
export async function readEvaluation(digest: Digest | undefined, blobs: BlobStore): Promise<Evaluation> {
  const dataset = digest && (await readDataset(digest, blobs));
  const parsed = evaluation.safeParse(dataset?.kind === 'value' ? dataset.value : undefined);
  if (parsed.success) return parsed.data;
  throw new PlatformError('INTERNAL', {
    field: 'metrics',
    value: digest,
    remedy: 'An evaluation must output a value.',
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

function tooFew({ rows, leftOut }: FairRows): string {
  return `it learned from ${leftOut} of the ${rows + leftOut} test rows, and ${rows} are too few for a comparison`;
}
