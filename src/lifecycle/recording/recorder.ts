import { setTimeout as pause } from 'node:timers/promises';
import type { BlobStore } from '../../data/blob-store.ts';
import { readDataset } from '../../data/dataset.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { newRunId, type RunId } from '../../kernel/ids.ts';
import { canonicalJson } from '../../kernel/json.ts';
import type { Random } from '../../kernel/random.ts';
import { isInputOf, operationNamed, requireFacts } from '../../pipeline/operation.ts';
import type { TaskState } from '../../pipeline/ports.ts';
import type { Declared, Task, TaskEvent, TaskName } from '../../pipeline/task.ts';
import type { DatasetInput, KeyValue, MetricPoint, NewRun } from '../../tracking/model.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { keyValues, refuseConflicts } from '../../tracking/run-entries.ts';
import { runName } from '../../tracking/run-name.ts';
import type { RunTask } from '../../tracking/run-task-store.ts';
import type { TrackingStores } from '../../tracking/stores.ts';
import { datasetInput } from './dataset-input.ts';
import type { Plan } from '../plan.ts';
import { savePlanSnapshot } from './plan-snapshot.ts';
import { putRunArtifact } from './run-artifact.ts';
import { runTask } from './run-task.ts';

export interface RecorderDeps {
  readonly tracking: Pick<TrackingStores, 'experiments' | 'runs' | 'tasks'>;
  readonly blobs: BlobStore;
  readonly now: Clock;
  readonly random: Random;
  /** Pauses between attempts to write the end of a run, in milliseconds. @default about a minute in all */
  readonly endPauses?: readonly number[];
  /** Where files of a run go. @default nowhere */
  readonly artifacts?: Pick<ArtifactStore, 'put'>;
  /** Tags of every run: its source, git commit and environment. @default none */
  readonly sourceTags?: () => Promise<Readonly<Record<string, string>>>;
}

export interface RecorderOptions {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  /** 'command line', 'file changed', 'you'. */
  readonly why: string;
  /** The id of the run. @default a new one */
  readonly runId?: RunId;
  /** Tags of the run and of those nested in it. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Records a run of the pipeline as MLflow runs: the run, nested in it one for each declaration whose operations record
 * something, and nested in that its trials.
 */
export interface Recorder {
  /** Creates the run if it does not exist, and writes earlier events. */
  begin(): Promise<RunId>;
  changed(state: TaskState): void;
  event(task: Task, event: TaskEvent): void;
  /** The run of a declaration, created if necessary. */
  declaredRun(declared: Declared): Promise<RunId>;
  /**
   * Ends all runs; FAILED if something could not be written.
   * @returns the run; undefined if nothing was done
   * @throws the first error of the tracking stores, after writing everything that can be written
   */
  end(status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<RunId | undefined>;
}

/** 100 ms to 26 s, about a minute in all. Without its end, a run stays RUNNING until the process starts again. */
const defaultEndPauses = Array.from({ length: 9 }, (_, attempt) => 100 * 2 ** attempt);

export function openRecorder(
  { plan, tasks, why, runId = newRunId(), tags: ownTags = {} }: RecorderOptions,
  {
    tracking,
    blobs,
    artifacts,
    now,
    random,
    sourceTags = async () => ({}),
    endPauses = defaultEndPauses,
  }: RecorderDeps,
): Recorder {
  const { runs } = tracking;
  const name = runName(random);
  const positions = new Map(tasks.map((task, position) => [task.name, { task, position }]));
  const states = new Map<TaskName, RunTask>();
  const declaredRuns = new Map<string, Promise<RunId>>();
  const open = new Set<RunId>();
  const faults: unknown[] = [];
  let run: Promise<RunId> | undefined;
  let source: ReturnType<typeof sourceTags> | undefined;
  const tagsOfSource = (): ReturnType<typeof sourceTags> => (source ??= sourceTags());
  let queue: Promise<unknown> = Promise.resolve();

  const write = async (action: () => Promise<unknown>): Promise<void> => {
    await action().catch((error: unknown) => void faults.push(error));
  };
  /** Writes one after another; `end` reports the first error. */
  const enqueue = (action: () => Promise<unknown>): void => {
    queue = queue.then(() => write(action));
  };
  const endRun = async (id: RunId, status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<void> => {
    for (let attempt = 0; open.has(id); attempt += 1)
      try {
        await runs.end(id, status, now());
        open.delete(id);
      } catch (error) {
        const wait = endPauses[attempt];
        const isRefused = error instanceof PlatformError && error.status < 500;
        if (wait === undefined || isRefused) throw error;
        await pause(wait);
      }
  };

  const createRun = async (
    id: RunId,
    {
      tags,
      ...more
    }: Pick<NewRun, 'name' | 'parentId' | 'plan'> & { readonly tags: Readonly<Record<string, string>> },
  ): Promise<RunId> => {
    const { id: experimentId } = await tracking.experiments.ensure(plan.project.name, now());
    await runs.create({
      id,
      experimentId,
      startedAt: now(),
      startedBy: 'pipeline',
      tags: keyValues({ ...tags, ...ownTags }),
      ...more,
    });
    open.add(id);
    return id;
  };

  const begin = (): Promise<RunId> => {
    run ??= (async () => {
      const snapshot = await savePlanSnapshot({ project: plan.project.name, tasks }, blobs);
      await createRun(runId, {
        name,
        plan: snapshot,
        tags: { ...(await tagsOfSource()), 'modelyard.project': plan.project.name, 'modelyard.why': why },
      });
      if (plan.params) refuseConflicts(await runs.log(runId, { params: texts(plan.params) }));
      await tracking.tasks.saveTasks(runId, [...states.values()]);
      return runId;
    })();
    return run;
  };

  const declaredRun = ({ kind, name: declared }: Declared): Promise<RunId> => {
    const existing = declaredRuns.get(`${kind} ${declared}`);
    if (existing) return existing;
    const created = begin().then(async (parentId) =>
      createRun(newRunId(), {
        name: nestedName(name, declared),
        parentId,
        tags: {
          ...(await tagsOfSource()),
          'modelyard.project': plan.project.name,
          [`modelyard.${kind}`]: declared,
        },
      }),
    );
    declaredRuns.set(`${kind} ${declared}`, created);
    return created;
  };

  const recordOutcome = async (task: Task, { facts, outputs }: RunTask): Promise<void> => {
    const operation = operationNamed(plan.operations, task.operation);
    if (!operation?.records) return;
    const {
      params,
      metrics,
      tags,
      inputs = {},
      datasets = [],
      artifacts: files = {},
    } = operation.records(requireFacts(operation, { facts, task: task.name }));
    const id = await declaredRun(task.declared);
    const written = await runs.log(id, {
      ...(params && { params: texts(params) }),
      ...(metrics && { metrics: points(metrics, now()) }),
      ...(tags && { tags: keyValues(tags) }),
    });
    refuseConflicts(written);
    const recorded = datasets.flatMap((name) => {
      const digest = outputs[name];
      return digest ? [{ direction: 'output', name, digest, task: task.name } as const] : [];
    });
    await tracking.tasks.saveDatasets(id, recorded);
    for (const [name, file] of Object.entries(files)) {
      const digest = outputs[name];
      const output = digest && (await readDataset(digest, blobs));
      if (output?.kind === 'value' && output.value !== null)
        await putArtifact(id, file, Buffer.from(`${JSON.stringify(output.value, null, 2)}\n`));
    }
    await runs.link(id, { datasets: await readInputs(task, inputs) });
  };

  const readInputs = async (
    { inputs }: Task,
    contexts: Readonly<Record<string, string>>,
  ): Promise<readonly DatasetInput[]> => {
    const found: DatasetInput[] = [];
    for (const [input, context] of contextsOf(inputs, contexts)) {
      const from = inputs[input];
      const digest = from && states.get(from.task)?.outputs[from.output];
      const table = digest && (await readDataset(digest, blobs));
      if (table && table.kind === 'table')
        found.push(datasetInput({ task: from.task, digest, table, context }));
    }
    return found;
  };

  /** Cache hits are recorded if the rest of their declaration ran, for example after a run that was killed. */
  const recordHits = async (): Promise<void> => {
    for (const { task } of positions.values()) {
      const record = states.get(task.name);
      const hasRun = declaredRuns.has(`${task.declared.kind} ${task.declared.name}`);
      if (hasRun && record?.status === 'hit') await write(() => recordOutcome(task, record));
    }
  };

  const putArtifact = (id: RunId, name: string, content: Uint8Array): Promise<void> =>
    putRunArtifact(id, { name, content }, { runs, artifacts });

  /** Offending rows of a check, for example. */
  const storeArtifact = async (
    id: RunId,
    artifact: { readonly name: string; readonly digest: string },
  ): Promise<void> => {
    if (artifacts) await putArtifact(id, artifact.name, await blobs.read(artifact.digest as Digest));
  };

  const recordTrial = async (task: Task, event: Extract<TaskEvent, { type: 'trial' }>): Promise<void> => {
    const { kind, name: declared } = task.declared;
    const id = await createRun(newRunId(), {
      name: nestedName(name, declared, `trial ${event.index}`),
      parentId: await declaredRun(task.declared),
      tags: { [`modelyard.${kind}`]: declared, 'modelyard.trial': String(event.index) },
    });
    await runs.log(id, { params: texts(event.params), metrics: points(event.metrics, now()) });
    await endRun(id, 'FINISHED');
  };

  return {
    begin,
    declaredRun,
    changed(state) {
      const position = positions.get(state.task);
      if (!position) return;
      const record = runTask(state, { ...position, operations: plan.operations });
      states.set(state.task, record);
      if (run) enqueue(async () => tracking.tasks.saveTasks(await begin(), [record]));
      if (state.status === 'done') enqueue(() => recordOutcome(position.task, record));
      const artifact = state.error?.detail.artifact;
      if (artifact) enqueue(async () => storeArtifact(await begin(), artifact));
    },
    event(task, event) {
      if (event.type === 'trial') enqueue(() => recordTrial(task, event));
    },
    async end(status) {
      if (!run) return undefined;
      await queue;
      await recordHits();
      // A run with missing records must not look complete.
      const final = (): typeof status => (faults.length > 0 && status === 'FINISHED' ? 'FAILED' : status);
      for (const id of [...open].toReversed()) await write(() => endRun(id, final()));
      if (faults.length > 0) throw faults[0];
      return run;
    },
  };
}

/** 'brisk-heron/churn/trial 3': a list of all runs has the nested ones too, and says whose they are. */
function nestedName(...names: readonly string[]): string {
  return names.join('/');
}

/** The inputs of a task that its operation records, with their use. */
function contextsOf(
  inputs: Task['inputs'],
  contexts: Readonly<Record<string, string>>,
): readonly (readonly [input: string, context: string])[] {
  return Object.entries(contexts).flatMap(([declared, context]) =>
    Object.keys(inputs)
      .filter((name) => isInputOf(declared, name))
      .map((name) => [name, context] as const),
  );
}

function points(metrics: Readonly<Record<string, number>>, timestamp: number): readonly MetricPoint[] {
  return Object.entries(metrics).map(([key, value]) => ({ key, value, step: 0, timestamp }));
}

/** Lists and objects are written as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? canonicalJson(value) : String(value);
}

function texts(values: object): readonly KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: textOf(value) }));
}
