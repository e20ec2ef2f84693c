import { readDataset } from '../../data/dataset.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { RunId } from '../../kernel/ids.ts';
import { operationNamed, requireFacts } from '../../pipeline/operation.ts';
import type { TaskState } from '../../pipeline/ports.ts';
import { runTasks, type RunSummary } from '../../pipeline/runner.ts';
import { versionTarget } from '../../pipeline/job.ts';
import type { Task, TaskEvent, TaskName, TaskResult } from '../../pipeline/task.ts';
import type { ModelVersion } from '../../registry/model.ts';
import { keyValues, valuesByKey } from '../../tracking/run-entries.ts';
import type { ExecuteDeps, ExecuteOptions } from '../execute.ts';
import type { Plan } from '../plan.ts';
import { openRecorder } from '../recording/recorder.ts';
import { putRunArtifact } from '../recording/run-artifact.ts';
import { environmentDifferences } from './environment-differences.ts';
import { projectDifferences } from './project-differences.ts';
import { type Compared, isSame, type Reproduction } from './reproduction.ts';
import { type Incomplete, readVersionRecord, type VersionRecord } from './version-record.ts';

export interface Reproduced {
  readonly reproduction: Reproduction;
  /** Absent if nothing ran. */
  readonly runId: RunId | undefined;
}

export interface ReproduceOptions extends Pick<ExecuteOptions, 'why' | 'runId' | 'signal'> {
  /** Of the project as it is today. */
  readonly plan: Plan;
  /** Notified of what happens, as it happens. The tasks are those of the record, not of the plan. */
  readonly observer: {
    began(runId: RunId): void;
    changed(task: Task, state: TaskState): void;
    event(task: Task, event: TaskEvent): void;
  };
}

/**
 * Trains a version again from its record, by its own data, code, params and seeds, without any stored result, and compares.
 * A run of its own records it; nothing is registered, promoted or stored as a result.
 */
export async function reproduceVersion(
  version: ModelVersion,
  { plan, ...options }: ReproduceOptions,
  deps: ExecuteDeps,
): Promise<Reproduced> {
  const record = await readVersionRecord(version, { ...deps, operations: plan.operations });
  const about = aboutVersion(version, record);
  if ('missing' in record) return { reproduction: { ...about, missing: record.missing }, runId: undefined };
  const tasks = [...record.before, ...record.tasks];
  const recorder = openRecorder(
    {
      plan: { ...plan, params: valuesByKey(record.pipeline.params) },
      tasks,
      why: options.why,
      ...(options.runId && { runId: options.runId }),
      tags: {
        'modelyard.reproduces': versionTarget(version),
        'modelyard.reproduces.run': record.training.info.id,
      },
    },
    deps,
  );
  const { observer, signal } = options;
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const changed = (state: TaskState): void => {
    recorder.changed(state);
    const task = byName.get(state.task);
    if (task) observer.changed(task, state);
  };
  const runId = await recorder.begin();
  observer.began(runId);
  for (const task of tasks) changed({ task: task.name, status: 'waiting' });
  try {
    const ran = await runTasks(
      tasks,
      { ...deps, results: resultsOf(record), serverTasks: refuseServerTask },
      {
        signal,
        given: record.results,
        observer: {
          begin: async () => {},
          changed,
          event(task, event) {
            recorder.event(task, event);
            observer.event(task, event);
          },
        },
      },
    );
    const reproduction = await compare(ran, { about, version, record, plan }, deps);
    if (!signal.aborted) await recordOutcome(runId, reproduction, deps);
    await recorder.end(signal.aborted ? 'KILLED' : ran.failures.length > 0 ? 'FAILED' : 'FINISHED');
    return { reproduction, runId };
  } catch (error) {
    await recorder.end('FAILED').catch(() => {});
    throw error;
  }
}

/**
 * No stored result is used, and none is stored: a result that differs must not take the place of the first. A split looks
 * where the test began before; in its own record it finds where it was.
 */
function resultsOf({ written }: VersionRecord): ExecuteDeps['results'] {
  return { find: async () => undefined, save: async () => {}, last: async (task) => written.get(task) };
}

async function refuseServerTask(): Promise<never> {
  throw new PlatformError('INTERNAL', {
    field: 'reproduction',
    value: 'a task of the server',
    remedy: 'Only tasks that train and measure run again; this is a bug of Modelyard.',
  });
}

function aboutVersion(
  { model, version }: ModelVersion,
  { training, pipeline = training }: VersionRecord | Incomplete,
): Reproduction {
  return {
    model,
    version,
    status: 'impossible',
    trained: pipeline
      ? { runId: pipeline.info.id, runName: pipeline.info.name, at: pipeline.info.startedAt }
      : null,
    missing: [],
    data: [],
    files: [],
    metrics: [],
    firstDifference: null,
    project: [],
    environment: [],
    failures: [],
  };
}

interface Comparing {
  readonly about: Reproduction;
  readonly version: ModelVersion;
  readonly record: VersionRecord;
  readonly plan: Plan;
}

async function compare(
  { results, failures }: RunSummary,
  { about, version, record, plan }: Comparing,
  { blobs, sourceTags }: ExecuteDeps,
): Promise<Reproduction> {
  const digest = results.get(record.trainedBy)?.outputs['model'];
  const model = digest && (await readDataset(digest, blobs));
  const files = sideBySide(record.files, model?.kind === 'files' ? model.files : [], (file) => file.digest);
  const measured = Object.entries(version.metrics).map(([name, value]) => ({ name, value }));
  const again = Object.entries(metricsOf(record, results, plan))
    .filter(([name]) => Object.hasOwn(version.metrics, name))
    .map(([name, value]) => ({ name, value }));
  const metrics = sideBySide(measured, again, ({ value }) => (Number.isFinite(value) ? value : null));
  const project = projectDifferences(record.declared, record.tasks, plan.tasks);
  const isReproduced = [...files, ...metrics].every(isSame) && project.length === 0;
  return {
    ...about,
    status: failures.length > 0 ? 'failed' : isReproduced ? 'reproduced' : 'differs',
    data: record.data,
    files,
    metrics,
    firstDifference: firstDifference(record, results),
    project,
    environment: environmentDifferences(
      valuesByKey(record.pipeline.tags),
      (await sourceTags?.()) ?? {},
      record.tasks,
    ),
    failures: failures.map(({ task, error }) => ({ task, error: error.toJSON() })),
  };
}

function sideBySide<Item extends { readonly name: string }, Value>(
  recorded: readonly Item[],
  reproduced: readonly Item[],
  of: (item: Item) => Value | null,
): readonly Compared<Value>[] {
  const [before, now] = [named(recorded), named(reproduced)];
  const valueOf = (item: Item | undefined): Value | null => (item ? of(item) : null);
  return [...new Set([...before.keys(), ...now.keys()])].map((name) => ({
    name,
    recorded: valueOf(before.get(name)),
    reproduced: valueOf(now.get(name)),
  }));
}

function named<Item extends { readonly name: string }>(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.name, item]));
}

/** The metrics that the tasks would record on a run. */
function metricsOf(
  { tasks }: VersionRecord,
  results: ReadonlyMap<TaskName, TaskResult>,
  { operations }: Plan,
): Readonly<Record<string, number>> {
  return Object.assign(
    {},
    ...tasks.map((task) => {
      const operation = operationNamed(operations, task.operation);
      const result = results.get(task.name);
      return operation?.records && result
        ? operation.records(requireFacts(operation, { task: task.name, facts: result.facts })).metrics
        : {};
    }),
  ) as Readonly<Record<string, number>>;
}

function firstDifference(
  { tasks, written }: VersionRecord,
  results: ReadonlyMap<TaskName, TaskResult>,
): Reproduction['firstDifference'] {
  for (const { name } of tasks) {
    const [before, now] = [written.get(name)?.outputs ?? {}, results.get(name)?.outputs];
    const output = now && Object.keys(before).find((each) => before[each] !== now[each]);
    if (output !== undefined) return { task: name, output };
  }
  return null;
}

async function recordOutcome(
  id: RunId,
  reproduction: Reproduction,
  { tracking, artifacts }: ExecuteDeps,
): Promise<void> {
  await tracking.runs.log(id, { tags: keyValues({ 'modelyard.reproduction': reproduction.status }) });
  const content = Buffer.from(`${JSON.stringify(reproduction, null, 2)}\n`);
  await putRunArtifact(id, { name: 'reproduction.json', content }, { runs: tracking.runs, artifacts });
}
