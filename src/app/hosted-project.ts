import type { RunOutcome, RunRow, ServerEvent, TaskProgress, TaskView } from '../api/views.ts';
import { PlatformError, type ErrorBody } from '../kernel/errors.ts';
import type { Topic } from '../kernel/events.ts';
import type { Log } from '../kernel/log.ts';
import type { RunId } from '../kernel/ids.ts';
import type { Meter } from '../kernel/meter.ts';
import { execute, type ExecuteDeps } from '../lifecycle/execute.ts';
import type { Plan } from '../lifecycle/plan.ts';
import { servedModels } from '../project/project.ts';
import type { TaskState } from '../pipeline/ports.ts';
import type { Task } from '../pipeline/task.ts';
import type { AliasMove, VersionKey } from '../registry/model.ts';
import type { Endpoint } from '../serving/endpoint.ts';
import type { RunInfo } from '../tracking/model.ts';
import { runReproduction } from './hosted-reproduction.ts';
import { verdictView, type ViewStores } from './model-views.ts';
import { runRow, taskView } from './run-views.ts';

export interface HostedProject {
  readonly plan: Plan;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The error of the project file, if it changed and cannot be loaded. */
  problem: ErrorBody | undefined;
  tasks(): readonly TaskView[];
  activeRunId(): RunId | undefined;
  /** @throws PlatformError RUN_IN_PROGRESS, TASK_NOT_FOUND; a failed task does not throw: the outcome has its error */
  run(options: HostedRun): Promise<RunOutcome>;
  /** Makes the endpoint of a model serve the version that its alias points to. */
  refresh(model: string): Promise<void>;
  /** Refreshes the endpoint after an alias moved, and notifies the pages. */
  follow(move: AliasMove): Promise<void>;
  /** Lets every endpoint look where its alias points: another process may have moved it, or a store may be back. */
  followAll(): Promise<void>;
  /** Stops the active run, if any, and waits until it has ended. */
  stop(): Promise<void>;
  /** Waits for the active run, if any, before another project takes over. Stops it first if the change repeats it. */
  replace(): Promise<void>;
}

export interface HostedRun {
  readonly target?: string | undefined;
  /** A version to train again, instead of a run of the project. */
  readonly reproduces?: VersionKey;
  /** The reason, for people: 'file changed'. */
  readonly why: string;
  /** The id of the run that records it. @default a new one */
  readonly runId?: RunId;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Whether a change of the project repeats the run, so that it may stop this one. @default false */
  readonly isRepeated?: boolean;
}

export interface HostDeps extends ExecuteDeps {
  readonly stores: ViewStores;
  readonly events: Topic<ServerEvent>;
  readonly log: Log;
  readonly meter: Meter;
}

export function hostProject(
  plan: Plan,
  endpoints: ReadonlyMap<string, Endpoint>,
  deps: HostDeps,
): HostedProject {
  const project = plan.project.name;
  const byName = new Map(plan.tasks.map((task) => [task.name, task]));
  const states = new Map<string, TaskState>();
  const progress = new Map<string, TaskProgress>();
  let active:
    | {
        readonly abort: AbortController;
        readonly isRepeated: boolean;
        readonly ended: Promise<unknown>;
        runId?: RunId;
      }
    | undefined;

  const show = (task: Task): TaskView =>
    taskView(task, {
      state: states.get(task.name),
      progress: progress.get(task.name),
      operations: plan.operations,
    });
  const viewOf = (name: string): TaskView | undefined => {
    const task = byName.get(name);
    return task && show(task);
  };
  const publishTask = (name: string, run: RunId | undefined): void => {
    const task = viewOf(name);
    if (task) deps.events.publish({ type: 'task', project, run: run ?? null, task });
  };
  /** @returns undefined if there is no such run */
  const publishRun = async (
    runId: RunId,
  ): Promise<{ readonly info: RunInfo; readonly row: RunRow } | undefined> => {
    const run = await deps.stores.tracking.runs.get(runId);
    if (!run) return undefined;
    const row = await runRow(run, plan.project, deps.stores);
    deps.events.publish({ type: 'run', project, run: row });
    return { info: run.info, row };
  };

  /** If a version cannot be served, the previous one stays; the endpoint's problem has the reason. */
  const refresh = async (endpoint: Endpoint | undefined): Promise<void> => {
    const before = endpoint?.problem()?.message;
    try {
      await endpoint?.refresh();
    } catch (error) {
      if (before !== undefined && endpoint?.problem()?.message === before) return;
      const fields = { endpoint: endpoint?.name, error: String(error) };
      deps.log.error('a version could not be loaded; the previous version stays live', fields);
    }
  };
  const measure = ({ status, startedAt, endedAt = startedAt }: RunInfo): void => {
    const labels = { pipeline: project, status };
    deps.meter.count('modelyard_pipeline_runs_total', labels);
    deps.meter.observe('modelyard_pipeline_run_duration_seconds', labels, (endedAt - startedAt) / 1000);
  };

  const began = (id: RunId): void => {
    if (active) active.runId = id;
    publishRun(id).catch((error: unknown) =>
      deps.log.error('the event of a run could not be sent', { error: String(error) }),
    );
  };
  /** Announces and counts a run that has ended. */
  const endOf = async (id: RunId | undefined): Promise<RunRow | null> => {
    const run = id && (await publishRun(id));
    if (!run) return null;
    measure(run.info);
    return run.row;
  };

  const runOnce = async (options: HostedRun, signal: AbortSignal): Promise<RunOutcome> => {
    progress.clear();
    const {
      runId,
      states: ended,
      outcomes,
    } = await execute(
      plan,
      {
        ...(options.target !== undefined && { target: options.target }),
        ...(options.runId && { runId: options.runId }),
        why: options.why,
        signal,
        observer: {
          began,
          changed(state) {
            states.set(state.task, state);
            publishTask(state.task, options.runId);
          },
          event(task, event) {
            if (event.type === 'log')
              deps.events.publish({ type: 'log', project, task: task.name, line: event.line });
            if (event.type !== 'progress') return;
            progress.set(task.name, event);
            publishTask(task.name, options.runId);
          },
        },
      },
      deps,
    );
    await Promise.all([...endpoints.values()].map(refresh));
    return {
      run: await endOf(runId),
      tasks: [...ended.keys()].map(viewOf).filter((task) => task !== undefined),
      verdicts: [...outcomes].flatMap(([name, { verdict }]) => {
        const model = servedModels(plan.project).find((each) => each.name === name);
        return verdict && model ? [verdictView(verdict, model)] : [];
      }),
    };
  };

  const workOn = async (options: HostedRun, signal: AbortSignal): Promise<RunOutcome> => {
    const { reproduces } = options;
    if (!reproduces) return runOnce(options, signal);
    const { runId, outcome } = await runReproduction(reproduces, { ...options, plan, signal, began }, deps);
    const run = await endOf(runId);
    return { ...outcome, run };
  };

  return {
    plan,
    endpoints,
    problem: undefined,
    tasks: () => plan.tasks.map(show),
    activeRunId: () => active?.runId,
    async run(options) {
      if (active) throw inProgress(project);
      const abort = new AbortController();
      const signal = options.signal ? AbortSignal.any([abort.signal, options.signal]) : abort.signal;
      const ended = workOn(options, signal);
      active = { abort, isRepeated: options.isRepeated ?? false, ended };
      try {
        return await ended;
      } finally {
        active = undefined;
        deps.events.publish({ type: 'project', project });
      }
    },
    refresh: (model) => refresh(endpoints.get(model)),
    async follow({ model, alias, to: version }) {
      const endpoint = endpoints.get(model);
      if (!endpoint) return;
      await refresh(endpoint);
      deps.events.publish(
        version !== undefined && alias === endpoint.alias
          ? { type: 'alias', project, model, alias, version }
          : { type: 'project', project },
      );
    },
    async followAll() {
      for (const endpoint of endpoints.values()) {
        const before = endpoint.current();
        await refresh(endpoint);
        if (endpoint.current() !== before) deps.events.publish({ type: 'project', project });
      }
    },
    async stop() {
      active?.abort.abort();
      await active?.ended.catch(() => {});
    },
    async replace() {
      if (active?.isRepeated) active.abort.abort();
      await active?.ended.catch(() => {});
    },
  };
}

function inProgress(project: string): PlatformError {
  return new PlatformError('RUN_IN_PROGRESS', {
    field: 'project',
    value: project,
    remedy: 'A run is already in progress; retry when it finishes.',
  });
}
