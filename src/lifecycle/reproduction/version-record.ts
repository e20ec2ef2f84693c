import type { BlobStore } from '../../data/blob-store.ts';
import { type Dataset, type DatasetFile, readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import type { RunId } from '../../kernel/ids.ts';
import { type Operation, operationNamed } from '../../pipeline/operation.ts';
import { withNeeded } from '../../pipeline/plan-tasks.ts';
import type { Declared, Task, TaskName, TaskResult } from '../../pipeline/task.ts';
import { asPipelineVersion, type ModelVersion } from '../../registry/model.ts';
import type { Run } from '../../tracking/model.ts';
import type { RunTask } from '../../tracking/run-task-store.ts';
import type { TrackingStores } from '../../tracking/stores.ts';
import { readPlanSnapshot } from '../recording/plan-snapshot.ts';
import { isLoss, trainedFiles, unlessLost } from '../version/version-folder.ts';
import type { Missing, TrainingData } from './reproduction.ts';

export interface RecordStores {
  readonly tracking: Pick<TrackingStores, 'runs' | 'tasks'>;
  readonly blobs: BlobStore;
  readonly operations: readonly Operation[];
}

/** Everything that it takes to train a version again. */
export interface VersionRecord {
  readonly declared: Declared;
  /** The run that trained it, and the run of the pipeline that this was part of. */
  readonly training: Run;
  readonly pipeline: Run;
  /** The tasks of its declaration, in order: these run again. */
  readonly tasks: readonly Task[];
  /** The tasks before them, in order, and their results. */
  readonly before: readonly Task[];
  readonly results: ReadonlyMap<TaskName, TaskResult>;
  /** What the tasks wrote when the version was trained. */
  readonly written: ReadonlyMap<TaskName, TaskResult>;
  /** The task that wrote the model, as its output `model`. */
  readonly trainedBy: TaskName;
  readonly files: readonly DatasetFile[];
  readonly data: readonly TrainingData[];
}

/** The parts that are left of a version that cannot be trained again. */
export interface Incomplete {
  readonly missing: readonly Missing[];
  readonly training?: Run;
  readonly pipeline?: Run;
}

/** Reads the record of a version, and checks that all of its data and code is there. */
export async function readVersionRecord(
  registered: ModelVersion,
  stores: RecordStores,
): Promise<VersionRecord | Incomplete> {
  const version = asPipelineVersion(registered);
  if (!version) return { missing: [foreign] };
  const { tracking, blobs, operations } = stores;
  const training = await tracking.runs.get(version.runId);
  if (!training) return { missing: [noRun(version.runId)] };
  const { parentId } = training.info;
  const pipeline = parentId ? await tracking.runs.get(parentId) : training;
  if (!pipeline?.info.plan) return { missing: [noPlan(parentId ?? version.runId)], training };
  const runs = { training, pipeline };
  const [plan, states, datasets, folder] = await Promise.all([
    unlessLost(readPlanSnapshot(pipeline.info.plan, blobs)),
    tracking.tasks.listTasks(pipeline.info.id),
    tracking.tasks.listDatasets(training.info.id),
    unlessLost(readDataset(version.folder, blobs)),
  ]);
  if (!plan) return { missing: [lostRecord('the plan of its run', pipeline.info.plan)], ...runs };
  if (folder?.kind !== 'files')
    return { missing: [lostRecord("the list of the version's files", version.folder)], ...runs };
  const trainedBy = datasets.find(({ direction, name }) => direction === 'output' && name === 'model')?.task;
  const declared = plan.tasks.find(({ name }) => name === trainedBy)?.declared;
  if (trainedBy === undefined || !declared) return { missing: [noPlan(training.info.id)], ...runs };
  const results = new Map(states.flatMap((state) => resultOf(state)));
  const tasks = plan.tasks.filter(
    (task) => task.process === 'own' && isOf(declared, task) && results.has(task.name),
  );
  const before = tasksBefore(tasks, plan.tasks).filter(({ name }) => results.has(name));
  const given = new Map(before.flatMap(({ name }) => entryOf(results, name)));
  const { data, missing } = await readInputs(tasks, given, blobs);
  const lacking = [
    ...missing,
    ...(await lostCode(tasks, blobs)),
    ...tasks.flatMap((task) => notInBuild(task, operations)),
  ];
  if (lacking.length > 0) return { missing: lacking, ...runs };
  return {
    ...runs,
    declared,
    tasks,
    before,
    results: given,
    written: new Map(tasks.flatMap(({ name }) => entryOf(results, name))),
    trainedBy,
    files: trainedFiles(folder),
    data,
  };
}

function isOf({ kind, name }: Declared, { declared }: Task): boolean {
  return declared.kind === kind && declared.name === name;
}

function resultOf(state: RunTask): readonly (readonly [TaskName, TaskResult])[] {
  const { task, key, outputs, facts, startedAt, endedAt, status } = state;
  if (key === undefined || (status !== 'hit' && status !== 'done')) return [];
  return [[task, { key, task, outputs, facts, startedAt: startedAt ?? 0, endedAt: endedAt ?? 0 }]];
}

function entryOf<Value>(
  map: ReadonlyMap<string, Value>,
  name: string,
): readonly (readonly [string, Value])[] {
  const value = map.get(name);
  return value === undefined ? [] : [[name, value]];
}

/** All tasks that others need, directly or not, in the order of the plan. */
function tasksBefore(tasks: readonly Task[], plan: readonly Task[]): readonly Task[] {
  const ofVersion = new Set(tasks.map(({ name }) => name));
  return withNeeded(ofVersion, plan).filter(({ name }) => !ofVersion.has(name));
}

interface Inputs {
  readonly data: readonly TrainingData[];
  readonly missing: readonly Missing[];
}

/** The datasets that the tasks read of others, each verified byte by byte. */
async function readInputs(
  tasks: readonly Task[],
  results: ReadonlyMap<TaskName, TaskResult>,
  blobs: BlobStore,
): Promise<Inputs> {
  const ofVersion = new Set(tasks.map(({ name }) => name));
  const inputs = new Map(
    tasks
      .flatMap((task) => Object.values(task.inputs))
      .filter(({ task }) => !ofVersion.has(task))
      .map((input) => [`${input.task} ${input.output}`, input]),
  );
  const data: TrainingData[] = [];
  const missing: Missing[] = [];
  for (const { task, output } of inputs.values()) {
    const digest = results.get(task)?.outputs[output];
    const dataset = digest && (await verified(digest, blobs));
    if (!digest || !dataset) missing.push(lostData({ task, output }, digest));
    else if ('lost' in dataset) missing.push(lostData({ task, output }, digest, dataset.lost));
    else data.push({ task, output, digest, rows: dataset.kind === 'table' ? dataset.rows : null });
  }
  return { data, missing };
}

/** A dataset whose bytes are those of its digests, or what is wrong with it. */
async function verified(
  digest: Digest,
  blobs: BlobStore,
): Promise<Dataset | { readonly lost: PlatformError }> {
  try {
    const dataset = await readDataset(digest, blobs);
    if (dataset.kind === 'table') await blobs.localPath(dataset.file.digest);
    if (dataset.kind === 'files') for (const file of dataset.files) await blobs.localPath(file.digest);
    return dataset;
  } catch (error) {
    if (isLoss(error)) return { lost: error };
    throw error;
  }
}

async function lostCode(tasks: readonly Task[], blobs: BlobStore): Promise<readonly Missing[]> {
  const bundles = new Map(
    tasks.flatMap(({ code }) => Object.values(code).map((ref) => [ref.bundle, ref.label] as const)),
  );
  const missing: Missing[] = [];
  for (const [bundle, label] of bundles)
    if (!(await unlessLost(blobs.read(bundle))))
      missing.push({
        kind: 'code',
        name: label,
        text: `Its code as it was bundled (${bundle.slice(0, 12)}) is gone or damaged: restore the blobs from a backup, or check out the commit and run the project.`,
      });
  return missing;
}

function notInBuild({ name, operation, params }: Task, operations: readonly Operation[]): readonly Missing[] {
  const found = operationNamed(operations, operation);
  if (found?.params.safeParse(params).success === true) return [];
  const text = `Another release planned it, and this one ${found ? 'has other params' : `has no operation "${operation}"`}: use the release that trained the version.`;
  return [{ kind: 'build', name, text }];
}

function lostData(
  { task, output }: { readonly task: string; readonly output: string },
  digest: Digest | undefined,
  error?: PlatformError,
): Missing {
  const name = output === 'rows' ? task : `${task} (${output})`;
  const how =
    error?.code === 'STATE_DAMAGED' ? 'is damaged: its bytes are not those of its digest' : 'is gone';
  const which = digest === undefined ? '' : ` ${digest.slice(0, 12)}`;
  return {
    kind: 'data',
    name,
    text: `The dataset${which} ${how}. Restore it from a backup, or make it again with modelyard run ${task} if its source has not changed.`,
  };
}

const foreign: Missing = {
  kind: 'record',
  name: 'the version',
  text: 'A client registered it: only versions that a run of the pipeline trained have a record.',
};

function noRun(id: RunId): Missing {
  return { kind: 'record', name: `run ${id}`, text: 'The run that trained the version is gone.' };
}

function noPlan(id: string): Missing {
  return { kind: 'record', name: `run ${id}`, text: 'It has no plan of the tasks that trained the version.' };
}

function lostRecord(what: string, digest: Digest): Missing {
  return {
    kind: 'record',
    name: what,
    text: `It (${digest.slice(0, 12)}) is gone or damaged: restore the blobs from a backup.`,
  };
}
