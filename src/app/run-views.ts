import type { RunRow, RunView, TaskProgress, TaskView, TrialView } from '../api/views.ts';
import type { RunId } from '../kernel/ids.ts';
import { gate } from '../lifecycle/operations/gate.ts';
import { train } from '../lifecycle/operations/train.ts';
import { models } from '../pipeline/declared-kinds.ts';
import { factsOf, type Operation, operationNamed, summaryOf } from '../pipeline/operation.ts';
import type { TaskState } from '../pipeline/ports.ts';
import type { Task } from '../pipeline/task.ts';
import type { Project } from '../project/project.ts';
import type { Run } from '../tracking/model.ts';
import { tagOf, valuesByKey } from '../tracking/run-entries.ts';
import type { RunTask } from '../tracking/run-task-store.ts';
import { type MeasuredModel, verdictView, metricViews, type ViewStores } from './model-views.ts';
import { titleOf } from './format.ts';

/** A task of the graph and its state in the present run. */
export function taskView(
  task: Task,
  {
    state,
    progress,
    operations,
  }: {
    readonly state: TaskState | undefined;
    readonly progress: TaskProgress | undefined;
    readonly operations: readonly Operation[];
  },
): TaskView {
  return {
    ...identityOf({ ...task, task: task.name }, operations),
    needs: [...new Set(Object.values(task.inputs).map((input) => input.task))],
    status: state?.status ?? 'waiting',
    startedAt: state?.startedAt ?? null,
    endedAt: state?.endedAt ?? null,
    progress: state?.status === 'running' ? (progress ?? null) : null,
    summary: (state?.facts && summaryOf(operations, { ...task, facts: state.facts })) ?? null,
    error: state?.error ?? null,
  };
}

/** A task as a run stored it; its declaration, and even its operation, may be gone by now. */
function storedTask(record: RunTask, operations: readonly Operation[]): TaskView {
  return {
    ...identityOf(record, operations),
    needs: record.needs,
    status: record.status,
    startedAt: record.startedAt ?? null,
    endedAt: record.endedAt ?? null,
    progress: null,
    summary: summaryOf(operations, record) ?? null,
    error: record.error ?? null,
  };
}

function identityOf(
  { task, operation, declared }: Pick<RunTask, 'task' | 'operation' | 'declared'>,
  operations: readonly Operation[],
): Pick<TaskView, 'task' | 'label' | 'operation' | 'description' | 'declared'> {
  const description = operationNamed(operations, operation)?.description ?? null;
  return { task, label: task === declared.name ? task : operation, operation, description, declared };
}

/** A project as its runs need it; the project file may not name all of its models any more. */
export interface MeasuredProject {
  readonly name: string;
  readonly models: readonly MeasuredModel[];
}

export async function runRow(run: Run, project: MeasuredProject, stores: ViewStores): Promise<RunRow> {
  const { info } = run;
  const [tasks, children] = await Promise.all([
    stores.tracking.tasks.listTasks(info.id),
    stores.tracking.runs.list({ parentId: info.id, limit: 100 }),
  ]);
  const failed = tasks.find((task) => task.status === 'failed');
  return {
    id: info.id,
    name: info.name,
    project: project.name,
    status: info.status,
    startedAt: info.startedAt,
    endedAt: info.endedAt ?? null,
    why: tagOf(run, 'modelyard.why') ?? '',
    models: await modelResults(tasks, children, { project, stores }),
    failed: failed?.error ? { task: failed.task, error: failed.error } : null,
  };
}

/** What the run did for each model: it trained it, or it passed a known version through the gate again. */
async function modelResults(
  tasks: readonly RunTask[],
  children: readonly Run[],
  { project, stores }: { readonly project: MeasuredProject; readonly stores: ViewStores },
): Promise<RunRow['models']> {
  const rows: RunRow['models'][number][] = [];
  for (const model of project.models) {
    const training = children.find((child) => tagOf(child, 'modelyard.model') === model.name);
    const decided = tasks
      .filter(({ declared }) => declared.kind === models.name && declared.name === model.name)
      .map((task) => factsOf(gate, task))
      .find((facts) => facts !== undefined);
    const number = decided?.version;
    if (!training && typeof decided?.verdict !== 'number') continue;
    const version =
      number === undefined
        ? undefined
        : await stores.registry.findVersion({ model: model.name, version: number });
    const verdicts = number === undefined ? [] : await stores.registry.listVerdicts(model.name, [number]);
    const verdict = verdicts.find(({ id }) => id === decided?.verdict);
    rows.push({
      model: model.name,
      runId: training?.info.id ?? version?.runId ?? '',
      version: number ?? null,
      metrics: metricViews(training ? valuesByKey(training.metrics) : (version?.metrics ?? {}), model),
      verdict: verdict ? verdictView(verdict, model) : null,
    });
  }
  return rows;
}

export async function runView(run: Run, project: Project, stores: ViewStores): Promise<RunView> {
  const row = await runRow(run, project, stores);
  const tasks = await stores.tracking.tasks.listTasks(run.info.id);
  const trained = await stores.tracking.runs.list({ parentId: run.info.id, limit: 100 });
  const trials = await Promise.all(trained.map((child) => trialViews(child.info.id, stores)));
  const importances = tasks
    .map((task) => factsOf(train, task)?.importances)
    .find((found) => found !== undefined);
  return {
    ...row,
    tasks: tasks.map((task) => storedTask(task, stores.operations)),
    params: Object.assign({}, ...trained.map(({ params }) => valuesByKey(params))) as Readonly<
      Record<string, string>
    >,
    trials: trials.flat(),
    importances: Object.entries(importances ?? {})
      .map(([feature, share]) => ({ feature, title: titleOf(feature), share }))
      .toSorted((a, b) => b.share - a.share),
  };
}

async function trialViews(parentId: RunId, { tracking }: ViewStores): Promise<readonly TrialView[]> {
  const runs = await tracking.runs.list({ parentId, limit: 1000 });
  return runs
    .map((run) => ({
      runId: run.info.id,
      index: Number(tagOf(run, 'modelyard.trial') ?? 0),
      params: valuesByKey(run.params),
      metrics: valuesByKey(run.metrics),
    }))
    .toSorted((a, b) => a.index - b.index);
}
