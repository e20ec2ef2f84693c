import type { BlobStore } from '../data/blob-store.ts';
import { type DatasetFile, readDataset } from '../data/dataset.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import { factsOf } from '../pipeline/operation.ts';
import { fetchSource } from '../pipeline/source-operations.ts';
import type { PipelineVersion } from '../registry/model.ts';
import type { Run } from '../tracking/model.ts';
import type { RunStore } from '../tracking/run-store.ts';
import type { RunTask } from '../tracking/run-task-store.ts';
import type { TrackingStores } from '../tracking/stores.ts';

/** A file as it came from outside, and what is known of where and when. */
export interface RawFile extends DatasetFile {
  readonly source: string;
  readonly from: string;
  readonly fetchedAt: number;
  readonly etag: string | null;
  readonly simulated: boolean;
}

/** Everything that a version was made by, back to the raw bytes. */
export interface Trace {
  /** The training, and the run of the pipeline that it was part of. */
  readonly trainingRun: Run;
  readonly pipelineRun: Run;
  /** The training and all that it needed, in the order of the graph. */
  readonly tasks: readonly RunTask[];
  readonly rawFiles: readonly RawFile[];
}

/** @throws PlatformError RUN_NOT_FOUND, BLOB_NOT_FOUND, STATE_DAMAGED */
export async function traceVersion(
  version: PipelineVersion,
  {
    tracking,
    blobs,
  }: { readonly tracking: Pick<TrackingStores, 'runs' | 'tasks'>; readonly blobs: BlobStore },
): Promise<Trace> {
  const trainingRun = await findRun(version.runId, tracking.runs);
  const { parentId } = trainingRun.info;
  const pipelineRun = parentId ? await findRun(parentId, tracking.runs) : trainingRun;
  const [all, datasets] = await Promise.all([
    tracking.tasks.listTasks(pipelineRun.info.id),
    tracking.tasks.listDatasets(trainingRun.info.id),
  ]);
  const trained = datasets.find(({ direction, name }) => direction === 'output' && name === 'model');
  const tasks = trained ? neededBy(trained.task, all) : [];
  const raw = await Promise.all(tasks.map((task) => rawFilesOf(task, blobs)));
  return { trainingRun, pipelineRun, tasks, rawFiles: raw.flat() };
}

function neededBy(task: string, tasks: readonly RunTask[]): readonly RunTask[] {
  const byName = new Map(tasks.map((each) => [each.task, each]));
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const need of byName.get(name)?.needs ?? []) visit(need);
  };
  visit(task);
  return tasks.filter(({ task: name }) => reached.has(name));
}

async function rawFilesOf(task: RunTask, blobs: BlobStore): Promise<readonly RawFile[]> {
  const facts = factsOf(fetchSource, task);
  const digest = task.outputs['files'];
  const dataset = facts && digest && (await readDataset(digest, blobs));
  if (!dataset || dataset.kind !== 'files') return [];
  const { from, fetchedAt, etag, simulated } = facts;
  const source = task.declared.name;
  return dataset.files.map((file) => ({ ...file, source, from, fetchedAt, etag, simulated }));
}

async function findRun(id: RunId, runs: RunStore): Promise<Run> {
  const run = await runs.get(id);
  if (run) return run;
  throw new PlatformError('RUN_NOT_FOUND', {
    field: 'run',
    value: id,
    remedy: 'The version names a run that is not in this database.',
  });
}
