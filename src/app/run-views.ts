import type { RunRow, RunView, TaskProgress, TaskView, TrialView } from '../api/views.ts';
import type { RunId } from '../kernel/ids.ts';
import { gateForecast } from '../lifecycle/forecasting/gate-operation.ts';
import { gate } from '../lifecycle/operations/gate.ts';
import { train } from '../lifecycle/operations/train.ts';
import { warningsOf } from '../lifecycle/recording/run-warnings.ts';
import { recordedTestData } from '../lifecycle/gate/test-data.ts';
import { forecasts, models } from '../pipeline/declared-kinds.ts';
import { factsOf, notesOf, type Operation, operationNamed, summaryOf } from '../pipeline/operation.ts';
import type { TaskState } from '../pipeline/ports.ts';
import type { Task } from '../pipeline/task.ts';
import type { Project } from '../project/project.ts';
import type { Run } from '../tracking/model.ts';
import { tagOf, valuesByKey } from '../tracking/run-entries.ts';
import type { RunTask } from '../tracking/run-task-store.ts';
import { gatedIn } from './gated.ts';
import { listAll } from './list-runs.ts';
import {
  type MeasuredModel,
  metricViews,
  testDataOfVersion,
  verdictView,
  type ViewStores,
} from './model-views.ts';
import { titleOf } from '../kernel/title.ts';

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
    ...(state?.facts && notesField(operations, { ...task, facts: state.facts })),
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
    ...notesField(operations, record),
    error: record.error ?? null,
  };
}

function notesField(...stored: Parameters<typeof notesOf>): Pick<TaskView, 'notes'> {
  const notes = notesOf(...stored);
  return notes.length > 0 ? { notes } : {};
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
  /** @default none */
  readonly forecasts?: readonly MeasuredModel[];
}

/** Trials that a view of a run has. */
const mostTrials = 1000;

/** @throws PlatformError what the stores throw */
export async function runRow(run: Run, project: MeasuredProject, stores: ViewStores): Promise<RunRow> {
  const [row] = await runRows([run], project, stores);
  if (row) return row;
  throw new RangeError('a run has no row');
}

/** Rows of runs of a project, in a number of queries that does not depend on how many they are. */
export async function runRows(
  runs: readonly Run[],
  project: MeasuredProject,
  stores: ViewStores,
): Promise<readonly RunRow[]> {
  const ids = runs.map(({ info }) => info.id);
  const [outcomes, trainings] = await Promise.all([
    stores.tracking.tasks.listOutcomes(ids, [gate.name, gateForecast.name]),
    listAll(stores.tracking.runs, { parentIds: ids, tag: 'modelyard.project' }),
  ]);
  const results = new Map(ids.map((id) => [id, [] as RunRow['models'][number][]]));
  const resultsOf = async (kind: string, measured: readonly MeasuredModel[]): Promise<void> => {
    for (const model of measured) {
      const attempts = attemptsOf(model, { kind, ids, outcomes, trainings });
      for (const [id, result] of await modelResults(model, attempts, stores)) results.get(id)?.push(result);
    }
  };
  await resultsOf(models.name, project.models);
  await resultsOf(forecasts.name, project.forecasts ?? []);
  return runs.map((run) => {
    const { info } = run;
    const failed = outcomes.get(info.id)?.find((task) => task.status === 'failed');
    return {
      id: info.id,
      name: info.name,
      project: project.name,
      status: info.status,
      startedAt: info.startedAt,
      endedAt: info.endedAt ?? null,
      why: tagOf(run, 'modelyard.why') ?? '',
      models: results.get(info.id) ?? [],
      failed: failed?.error ? { task: failed.task, error: failed.error } : null,
    };
  });
}

/** What a run did for a model: it trained a version, or its gate judged one again. */
interface Attempt {
  readonly runId: RunId;
  readonly training: Run | undefined;
  readonly version: number | undefined;
  readonly verdict: number | undefined;
  readonly notJudged: string | null;
}

function attemptsOf(
  model: MeasuredModel,
  {
    kind,
    ids,
    outcomes,
    trainings,
  }: {
    readonly kind: string;
    readonly ids: readonly RunId[];
    readonly outcomes: ReadonlyMap<string, readonly RunTask[]>;
    readonly trainings: readonly Run[];
  },
): readonly Attempt[] {
  return ids.flatMap((runId) => {
    const training = trainings.find(
      (run) => run.info.parentId === runId && tagOf(run, `modelyard.${kind}`) === model.name,
    );
    const ofModel = (outcomes.get(runId) ?? []).filter(
      ({ declared }) => declared.kind === kind && declared.name === model.name,
    );
    const decided = gatedIn(ofModel);
    const notJudged = decided?.notJudged ?? null;
    if (!training && typeof decided?.verdict !== 'number' && notJudged === null) return [];
    const { version, verdict } = decided ?? {};
    return [{ runId, training, version: version ?? undefined, verdict: verdict ?? undefined, notJudged }];
  });
}

async function modelResults(
  model: MeasuredModel,
  attempts: readonly Attempt[],
  { registry }: ViewStores,
): Promise<readonly (readonly [RunId, RunRow['models'][number]])[]> {
  const judged = [...new Set(attempts.flatMap(({ version }) => version ?? []))];
  const [versions, verdicts] = judged.length
    ? await Promise.all([
        registry.findVersions(model.name, judged),
        registry.listVerdicts(model.name, judged),
      ])
    : [[], []];
  return attempts.map(({ runId, training, version: number, verdict: verdictId, notJudged }) => {
    const version = versions.find((each) => each.version === number);
    const verdict = verdicts.find(({ id }) => id === verdictId);
    return [
      runId,
      {
        model: model.name,
        runId: training?.info.id ?? version?.runId ?? '',
        version: number ?? null,
        metrics: metricViews(training ? valuesByKey(training.metrics) : (version?.metrics ?? {}), model),
        testData: testDataOfVersion(training && recordedTestData(training), verdict),
        verdict: verdict ? verdictView(verdict, model) : null,
        notJudged,
        warnings: training ? warningsOf(training) : [],
      },
    ];
  });
}

export async function runView(run: Run, project: Project, stores: ViewStores): Promise<RunView> {
  const { id } = run.info;
  const { runs, tasks: taskStore } = stores.tracking;
  const [row, tasks, declared] = await Promise.all([
    runRow(run, project, stores),
    taskStore.listTasks(id),
    listAll(runs, { parentIds: [id], tag: 'modelyard.project' }),
  ]);
  const trials = await listAll(runs, {
    parentIds: declared.map(({ info }) => info.id),
    tag: 'modelyard.trial',
    most: mostTrials + 1,
  });
  const importances = tasks
    .map((task) => factsOf(train, task)?.importances)
    .find((found) => found !== undefined);
  return {
    ...row,
    tasks: tasks.map((task) => storedTask(task, stores.operations)),
    params: Object.assign({}, ...declared.map(({ params }) => valuesByKey(params))) as Readonly<
      Record<string, string>
    >,
    trials: trials
      .slice(0, mostTrials)
      .map(trialView)
      .toSorted((a, b) => a.index - b.index),
    moreTrials: trials.length > mostTrials,
    importances: Object.entries(importances ?? {})
      .map(([feature, share]) => ({ feature, title: titleOf(feature), share }))
      .toSorted((a, b) => b.share - a.share),
  };
}

function trialView(run: Run): TrialView {
  return {
    runId: run.info.id,
    index: Number(tagOf(run, 'modelyard.trial') ?? 0),
    params: valuesByKey(run.params),
    metrics: valuesByKey(run.metrics),
  };
}
