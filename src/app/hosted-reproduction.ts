import type { RunOutcome, ServerEvent, TaskProgress, TaskView } from '../api/views.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Topic } from '../kernel/events.ts';
import type { RunId } from '../kernel/ids.ts';
import type { ExecuteDeps } from '../lifecycle/execute.ts';
import { type ReproduceOptions, reproduceVersion } from '../lifecycle/reproduction/reproduce.ts';
import type { TaskState } from '../pipeline/ports.ts';
import type { Task } from '../pipeline/task.ts';
import type { VersionKey } from '../registry/model.ts';
import { taskView } from './run-views.ts';

export interface ReproductionRun extends Omit<ReproduceOptions, 'observer'> {
  readonly began: (id: RunId) => void;
}

/** Trains a version again, and publishes what its tasks do. The graph of the project stays as it is. */
export async function runReproduction(
  key: VersionKey,
  { began, ...options }: ReproductionRun,
  { events, ...deps }: ExecuteDeps & { readonly events: Topic<ServerEvent> },
): Promise<{ readonly runId: RunId | undefined; readonly outcome: Omit<RunOutcome, 'run'> }> {
  const version = await deps.registry.findVersion(key);
  if (!version) throw noVersion(key);
  const { operations, project } = options.plan;
  const states = new Map<string, TaskState>();
  const views = new Map<string, TaskView>();
  const publish = (task: Task, progress?: TaskProgress): void => {
    const view = taskView(task, { state: states.get(task.name), progress, operations });
    views.set(task.name, view);
    events.publish({ type: 'task', project: project.name, run: options.runId ?? null, task: view });
  };
  const { reproduction, runId } = await reproduceVersion(
    version,
    {
      ...options,
      observer: {
        began,
        changed(task, state) {
          states.set(task.name, state);
          publish(task);
        },
        event(task, event) {
          if (event.type === 'log')
            events.publish({ type: 'log', project: project.name, task: task.name, line: event.line });
          if (event.type === 'progress') publish(task, event);
        },
      },
    },
    deps,
  );
  return { runId, outcome: { tasks: [...views.values()], verdicts: [], reproduction } };
}

function noVersion({ model, version }: VersionKey): PlatformError {
  return new PlatformError('VERSION_NOT_FOUND', {
    field: 'version',
    value: version,
    remedy: `${model} has no such version any more.`,
  });
}
