import type { PlatformError } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import type { Launcher, ResultStore, TaskState } from '../pipeline/ports.ts';
import { type Inline, runTasks } from '../pipeline/runner.ts';
import type { Task, TaskEvent, TaskName } from '../pipeline/task.ts';
import { type GateDeps, type GateOutcome, passGate } from './gate.ts';
import { type Plan, tasksFor } from './plan.ts';
import { openRecorder, type RecorderDeps } from './recorder.ts';
import type { TrainedOn } from './version-folder.ts';

export interface ExecuteDeps extends GateDeps, RecorderDeps {
  readonly results: ResultStore;
  readonly launcher: Launcher;
  readonly concurrency: number;
}

export interface ExecuteOptions {
  /** A task, source, step or model; with all that it needs. @default everything */
  readonly target?: string;
  readonly why: string;
  readonly signal: AbortSignal;
  readonly observer: ExecutionObserver;
}

/** Told of what happens, as it happens. */
export interface ExecutionObserver {
  /** There is work to do, and a run that records it. */
  began(runId: RunId): void;
  changed(state: TaskState): void;
  event(task: Task, event: TaskEvent): void;
  decided(model: string, outcome: GateOutcome): void;
}

export interface Execution {
  /** Absent when everything was a cache hit and no verdict was due: an unchanged project makes no run. */
  readonly runId: RunId | undefined;
  readonly states: ReadonlyMap<TaskName, TaskState>;
  readonly outcomes: ReadonlyMap<string, GateOutcome>;
  readonly failures: readonly { readonly task: TaskName; readonly error: PlatformError }[];
}

/**
 * Runs what is out of date, records it, and passes what was trained through the gate.
 * @throws PlatformError TASK_NOT_FOUND for a target that the plan does not have; what the stores throw
 */
export async function execute(plan: Plan, options: ExecuteOptions, deps: ExecuteDeps): Promise<Execution> {
  const { why, signal, observer } = options;
  const tasks = tasksFor(plan, options.target);
  const recorder = openRecorder({ plan, tasks, why }, deps);
  const states = new Map<TaskName, TaskState>();
  const outcomes = new Map<string, GateOutcome>();

  const begin = async (): Promise<void> => observer.began(await recorder.begin());
  const changed = (state: TaskState): void => {
    states.set(state.task, state);
    recorder.changed(state);
    observer.changed(state);
  };
  const gate: Inline = async (task, spec) => {
    const model = task.declared.name;
    const modelPlan = plan.models.get(model);
    if (!modelPlan) return { hit: true, outputs: {}, facts: {} };
    const trainedOn = trainedOnOf(states.get(`${model}.split`));
    const runId = (): Promise<RunId> => recorder.modelRun(model);
    const outcome = await passGate({ plan: modelPlan, spec, trainedOn, runId, signal }, deps);
    outcomes.set(model, outcome);
    observer.decided(model, outcome);
    return {
      hit: !outcome.verdict,
      outputs: {},
      facts: { version: outcome.version.version, verdict: outcome.verdict?.id ?? null },
    };
  };

  for (const task of tasks) changed({ task: task.name, status: 'waiting' });
  const { failures } = await runTasks(
    tasks,
    { ...deps, inline: { gate } },
    {
      signal,
      observer: {
        begin,
        changed,
        event(task, event) {
          recorder.event(task, event);
          observer.event(task, event);
        },
      },
    },
  );
  const runId = await recorder.end(signal.aborted ? 'KILLED' : failures.length > 0 ? 'FAILED' : 'FINISHED');
  return { runId, states, outcomes, failures };
}

function trainedOnOf(split: TaskState | undefined): TrainedOn {
  const facts = (split?.facts ?? {}) as Partial<Record<string, unknown>>;
  return (facts['trainedOn'] ?? { rows: 0, groups: null, from: null, to: null }) as TrainedOn;
}
