import { PlatformError } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { type Operation, operationNamed, requireFacts } from '../pipeline/operation.ts';
import type { Launcher, ResultStore, TaskState } from '../pipeline/ports.ts';
import { runTasks, type ServerTasks } from '../pipeline/runner.ts';
import { requireFresh } from '../pipeline/table-checks.ts';
import type { Task, TaskEvent, TaskName } from '../pipeline/task.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';
import type { GateOutcome } from './gate/gate-decision.ts';
import type { GateDeps } from './gate/gate.ts';
import { type Plan, tasksFor } from './plan.ts';
import { openRecorder, type RecorderDeps } from './recording/recorder.ts';
import type { ServerOperation } from './server-operation.ts';

export interface ExecuteDeps extends GateDeps, RecorderDeps {
  readonly results: ResultStore;
  readonly launcher: Launcher;
  readonly concurrency: number;
  readonly artifacts?: Pick<ArtifactStore, 'put' | 'list' | 'open'>;
  /** The value of a secret. @throws PlatformError CONFIG_INVALID naming it @default no secret is needed */
  readonly secret?: (name: string) => string;
}

export interface ExecuteOptions {
  /** A task, source, step or model; its inputs run too. @default everything */
  readonly target?: string;
  readonly why: string;
  /** The id of the run. @default a new one */
  readonly runId?: RunId;
  readonly signal: AbortSignal;
  readonly observer: ExecutionObserver;
}

/** Notified of what happens, as it happens. */
export interface ExecutionObserver {
  /** There is work to do, and a run records it. */
  began(runId: RunId): void;
  changed(state: TaskState): void;
  event(task: Task, event: TaskEvent): void;
}

export interface Execution {
  /** Absent if everything was a cache hit and no verdict was due: an unchanged project creates no run. */
  readonly runId: RunId | undefined;
  readonly states: ReadonlyMap<TaskName, TaskState>;
  readonly outcomes: ReadonlyMap<string, GateOutcome>;
  readonly failures: readonly { readonly task: TaskName; readonly error: PlatformError }[];
}

/**
 * Runs tasks that are out of date, records them, and passes trained models through the gate.
 * @throws PlatformError TASK_NOT_FOUND for a target that the plan does not have, CONFIG_INVALID for a missing secret; errors
 * of the stores
 */
export async function execute(plan: Plan, options: ExecuteOptions, deps: ExecuteDeps): Promise<Execution> {
  const { why, signal, observer, runId } = options;
  const tasks = tasksFor(plan, options.target);
  for (const name of tasks.flatMap(({ secrets = [] }) => secrets)) deps.secret?.(name);
  const recorder = openRecorder({ plan, tasks, why, ...(runId && { runId }) }, deps);
  const states = new Map<TaskName, TaskState>();
  const outcomes = new Map<string, GateOutcome>();

  const begin = async (): Promise<void> => observer.began(await recorder.begin());
  const changed = (state: TaskState): void => {
    states.set(state.task, state);
    recorder.changed(state);
    observer.changed(state);
  };
  const event = (task: Task, happened: TaskEvent): void => {
    recorder.event(task, happened);
    observer.event(task, happened);
  };
  const serverTasks: ServerTasks = async (task, spec) => {
    const operation = operationNamed(plan.operations.filter(runsInServer), task.operation);
    const declaration = operation?.declared
      .list(plan.project)
      .find(({ name }) => name === task.declared.name);
    const params = operation?.params.safeParse(spec.params);
    if (!operation || !declaration || !params?.success) throw notPlanned(task);
    const { hit, facts } = await operation.run({
      spec,
      params: params.data,
      declaration,
      deps,
      signal,
      onEvent: (happened) => event(task, happened),
      inputFacts(input, of) {
        const from = task.inputs[input]?.task ?? input;
        return requireFacts(of, { task: from, facts: states.get(from)?.facts ?? {} });
      },
      runId: () => recorder.declaredRun(task.declared),
      decided(outcome) {
        outcomes.set(declaration.name, outcome);
      },
    });
    return { hit, outputs: {}, facts: facts as JsonObject };
  };

  for (const task of tasks) changed({ task: task.name, status: 'waiting' });
  const ran = await runTasks(
    tasks,
    { ...deps, serverTasks, checkHit: (task, result) => requireFresh(task, result, deps) },
    {
      signal,
      observer: {
        begin,
        changed,
        event,
      },
    },
  ).catch(async (error: unknown) => {
    await recorder.end('FAILED').catch(() => {});
    throw error;
  });
  const { failures } = ran;
  const recorded = await recorder.end(
    signal.aborted ? 'KILLED' : failures.length > 0 ? 'FAILED' : 'FINISHED',
  );
  return { runId: recorded, states, outcomes, failures };
}

function runsInServer(operation: Operation): operation is ServerOperation {
  return operation.process === 'server';
}

function notPlanned({ name, operation }: Task): PlatformError {
  return new PlatformError('INTERNAL', {
    field: name,
    value: operation,
    remedy: 'The task belongs to no declaration of the project; this is a bug of Modelyard.',
  });
}
