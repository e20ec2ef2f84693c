import type { Clock } from '../kernel/clock.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Random } from '../kernel/random.ts';
import type { TaskState } from '../pipeline/ports.ts';
import type { Task, TaskEvent, TaskName } from '../pipeline/task.ts';
import type { MetricPoint, RunTask } from '../tracking/model.ts';
import { runName } from '../tracking/run-name.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { Evaluation } from './operations/evaluate.ts';
import type { Plan } from './plan.ts';

export interface RecorderDeps {
  readonly tracking: TrackingStore;
  readonly now: Clock;
  readonly random: Random;
}

export interface RecorderOptions {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  /** 'command line', 'file changed', 'you'. */
  readonly why: string;
}

/** Writes what a run of the pipeline does as MLflow runs: the run, in it one for each model that is trained, in that its trials. */
export interface Recorder {
  /** Makes the run, if there is none, and tells what went before. */
  begin(): Promise<RunId>;
  changed(state: TaskState): void;
  event(task: Task, event: TaskEvent): void;
  /** The run of a model's training, made if there is none. */
  modelRun(model: string): Promise<RunId>;
  /** Ends all runs. @returns the run, absent when nothing was done */
  end(status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<RunId | undefined>;
}

const training: ReadonlySet<string> = new Set(['search', 'train', 'evaluate']);

export function openRecorder(
  { plan, tasks, why }: RecorderOptions,
  { tracking, now, random }: RecorderDeps,
): Recorder {
  const positions = new Map(tasks.map((task, position) => [task.name, { task, position }]));
  const states = new Map<TaskName, RunTask>();
  const modelRuns = new Map<string, Promise<RunId>>();
  let run: Promise<RunId> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const enqueue = (write: () => Promise<unknown>): void => {
    queue = queue.then(write);
    // The first fault is told by `end`; here it only must not count as unhandled.
    queue.catch(() => {});
  };

  const createRun = async (
    experiment: string,
    parentId: RunId | undefined,
    tags: Readonly<Record<string, string>>,
  ): Promise<RunId> => {
    const { id: experimentId } = await tracking.ensureExperiment(experiment, now());
    const id = newRunId();
    await tracking.createRun({
      id,
      experimentId,
      name: runName(random),
      startedAt: now(),
      ...(parentId && { parentId }),
      tags,
    });
    return id;
  };

  /** Facts that were kept as JSON have null where there was no number. */
  const points = (metrics: Readonly<Record<string, number | null>>): readonly MetricPoint[] => {
    const timestamp = now();
    return Object.entries(metrics).map(([key, value]) => ({
      key,
      value: value ?? Number.NaN,
      step: 0,
      timestamp,
    }));
  };

  const begin = (): Promise<RunId> => {
    run ??= (async () => {
      const id = await createRun(plan.project.name, undefined, {
        'modelyard.project': plan.project.name,
        'modelyard.why': why,
      });
      await tracking.saveTasks(id, [...states.values()]);
      return id;
    })();
    return run;
  };

  const modelRun = (model: string): Promise<RunId> => {
    const known = modelRuns.get(model);
    if (known) return known;
    const made = begin().then((parent) =>
      createRun(plan.project.name, parent, {
        'modelyard.project': plan.project.name,
        'modelyard.model': model,
      }),
    );
    modelRuns.set(model, made);
    return made;
  };

  const recordModel = async (task: Task, { facts, outputs }: RunTask): Promise<void> => {
    const id = await modelRun(task.declared.name);
    if (task.operation === 'train')
      await tracking.logBatch(id, {
        params: texts({ ...(facts['options'] as object), ...(facts['fittedParams'] as object) }),
      });
    if (task.operation === 'evaluate') {
      const { metrics, rows } = facts as unknown as Evaluation;
      await tracking.logBatch(id, { metrics: points({ ...metrics, testRows: rows }) });
    }
    await tracking.saveDatasets(
      id,
      Object.entries(outputs).map(([name, digest]) => ({
        direction: 'output',
        name,
        digest,
        task: task.name,
      })),
    );
  };

  /** A run that was killed left results: the run of the model that completes it says what they are, too. */
  const recordHits = async (): Promise<void> => {
    for (const { task } of positions.values()) {
      const record = states.get(task.name);
      const isPart = training.has(task.operation) && modelRuns.has(task.declared.name);
      if (isPart && record?.status === 'hit') await recordModel(task, record);
    }
  };

  const recordTrial = async (task: Task, event: Extract<TaskEvent, { type: 'trial' }>): Promise<void> => {
    const parent = await modelRun(task.declared.name);
    const id = await createRun(plan.project.name, parent, {
      'modelyard.model': task.declared.name,
      'modelyard.trial': String(event.index),
    });
    await tracking.logBatch(id, { params: texts(event.params), metrics: points(event.metrics) });
    await tracking.endRun(id, 'FINISHED', now());
  };

  return {
    begin,
    modelRun,
    changed(state) {
      const place = positions.get(state.task);
      if (!place) return;
      const record = runTask(state, place);
      states.set(state.task, record);
      if (run) enqueue(async () => tracking.saveTasks(await begin(), [record]));
      if (state.status === 'done' && training.has(place.task.operation))
        enqueue(() => recordModel(place.task, record));
    },
    event(task, event) {
      if (event.type === 'trial') enqueue(() => recordTrial(task, event));
    },
    async end(status) {
      if (!run) return undefined;
      try {
        await queue;
        await recordHits();
      } finally {
        const ids = [...(await Promise.all(modelRuns.values())), await run];
        for (const id of ids) await tracking.endRun(id, status, now());
      }
      return run;
    },
  };
}

function runTask(
  state: TaskState,
  { task, position }: { readonly task: Task; readonly position: number },
): RunTask {
  return {
    task: state.task,
    position,
    status: state.status,
    key: state.key,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    needs: [...new Set(Object.values(task.inputs).map((input) => input.task))],
    code: Object.values(task.code).map(({ label }) => label),
    outputs: state.outputs ?? {},
    facts: recorded(state.facts ?? {}),
    error: state.error,
  };
}

/** Facts for people and lineage; what a source remembers of a thousand files is for its next look alone. */
function recorded({ seen: _seen, ...facts }: JsonObject): JsonObject {
  return facts;
}

function texts(values: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
