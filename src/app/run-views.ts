import type { RunRow, RunView, TaskProgress, TaskView, TrialView } from '../api/views.ts';
import type { RunId } from '../kernel/ids.ts';
import type { TaskState } from '../pipeline/ports.ts';
import type { Task } from '../pipeline/task.ts';
import type { Project } from '../project/project.ts';
import type { Run, RunTask } from '../tracking/model.ts';
import { verdictView, metricViews, type ViewStores } from './model-views.ts';
import { taskSummary, titleOf } from './format.ts';

/** A task of the graph and its state in the present run. */
export function taskView(
  task: Task,
  state: TaskState | undefined,
  progress: TaskProgress | undefined,
): TaskView {
  return {
    task: task.name,
    label: labelOf(task.name, task.declared),
    operation: task.operation,
    declared: task.declared,
    needs: [...new Set(Object.values(task.inputs).map((input) => input.task))],
    status: state?.status ?? 'waiting',
    startedAt: state?.startedAt ?? null,
    endedAt: state?.endedAt ?? null,
    progress: state?.status === 'running' ? (progress ?? null) : null,
    summary: (state?.facts && taskSummary(task.operation, state.facts)) ?? null,
    error: state?.error ?? null,
  };
}

/** A task as a finished run recorded it; its declaration may be gone from the project file by now. */
function recordedTask(record: RunTask): TaskView {
  const [name = record.task] = record.task.split('.');
  const operation = operationOf(record);
  const kind =
    operation === 'fetch' || operation === 'read' ? 'source' : operation === 'step' ? 'step' : 'model';
  return {
    task: record.task,
    label: labelOf(record.task, { kind, name }),
    operation,
    declared: { kind, name },
    needs: record.needs,
    status: record.status,
    startedAt: record.startedAt ?? null,
    endedAt: record.endedAt ?? null,
    progress: null,
    summary: taskSummary(operation, record.facts) ?? null,
    error: record.error ?? null,
  };
}

/** What a recorded task ran: its name tells, save for a source and a step, which are their declarations' own. */
export function operationOf({ task, needs }: Pick<RunTask, 'task' | 'needs'>): string {
  const [name, suffix] = task.split('.');
  return suffix ?? (needs.includes(`${name}.fetch`) ? 'read' : 'step');
}

function labelOf(task: string, declared: Task['declared']): string {
  return task === declared.name ? task : task.slice(declared.name.length + 1);
}

export async function runRow(run: Run, project: Project, stores: ViewStores): Promise<RunRow> {
  const [tasks, children] = await Promise.all([
    stores.tracking.listTasks(run.id),
    stores.tracking.listRuns({ parentId: run.id, limit: 100 }),
  ]);
  const failed = tasks.find((task) => task.status === 'failed');
  return {
    id: run.id,
    name: run.name,
    project: project.name,
    status: run.status,
    startedAt: run.startedAt,
    endedAt: run.endedAt ?? null,
    why: run.tags['modelyard.why'] ?? '',
    models: await modelResults(tasks, children, { project, stores }),
    failed: failed?.error ? { task: failed.task, error: failed.error } : null,
  };
}

/** What the run did for each model: it trained it, or it passed a known version through the gate again. */
async function modelResults(
  tasks: readonly RunTask[],
  children: readonly Run[],
  { project, stores }: { readonly project: Project; readonly stores: ViewStores },
): Promise<RunRow['models']> {
  const rows: RunRow['models'][number][] = [];
  for (const model of project.models) {
    const training = children.find((child) => child.tags['modelyard.model'] === model.name);
    const gate = tasks.find(({ task }) => task === `${model.name}.gate`)?.facts;
    const number = typeof gate?.['version'] === 'number' ? gate['version'] : undefined;
    if (!training && typeof gate?.['verdict'] !== 'number') continue;
    const version = number === undefined ? undefined : await stores.registry.findVersion(model.name, number);
    const verdicts = number === undefined ? [] : await stores.registry.listVerdicts(model.name, number);
    const verdict = verdicts.find(({ id }) => id === gate?.['verdict']);
    rows.push({
      model: model.name,
      runId: training?.id ?? version?.runId ?? '',
      version: number ?? null,
      metrics: metricViews(training?.metrics ?? version?.metrics ?? {}, model),
      verdict: verdict ? verdictView(verdict, model) : null,
    });
  }
  return rows;
}

export async function runView(run: Run, project: Project, stores: ViewStores): Promise<RunView> {
  const row = await runRow(run, project, stores);
  const tasks = await stores.tracking.listTasks(run.id);
  const trained = await stores.tracking.listRuns({ parentId: run.id, limit: 100 });
  const trials = await Promise.all(trained.map((child) => trialViews(child.id, stores)));
  const importances =
    tasks.map(({ facts }) => facts['importances']).find((found) => found !== undefined) ?? {};
  return {
    ...row,
    tasks: tasks.map(recordedTask),
    params: Object.assign({}, ...trained.map(({ params }) => params)) as Readonly<Record<string, string>>,
    trials: trials.flat(),
    importances: Object.entries(importances as Readonly<Record<string, number>>)
      .map(([feature, share]) => ({ feature, title: titleOf(feature), share }))
      .toSorted((a, b) => b.share - a.share),
  };
}

async function trialViews(parentId: RunId, { tracking }: ViewStores): Promise<readonly TrialView[]> {
  const runs = await tracking.listRuns({ parentId, limit: 1000 });
  return runs
    .map((run) => ({
      runId: run.id,
      index: Number(run.tags['modelyard.trial'] ?? 0),
      params: run.params,
      metrics: run.metrics,
    }))
    .toSorted((a, b) => a.index - b.index);
}
