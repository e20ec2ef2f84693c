import type { ExperimentRow } from '../api/experiment-views.ts';
import type { CurveView } from '../api/metric-views.ts';
import type { MetricValue, RunDatasetView, RunRecord } from '../api/run-views.ts';
import type { Operations } from '../api/routes.ts';
import { dayMs } from '../data/calendar.ts';
import type { RegistryStore } from '../registry/store.ts';
import type { ExperimentActivity } from '../tracking/experiment-activity.ts';
import type { Curve } from '../tracking/metric-store.ts';
import { contextTag, type DatasetInput, type Experiment, type Run, runTag } from '../tracking/model.ts';
import { valuesByKey } from '../tracking/run-entries.ts';
import type { TextClause } from '../tracking/search/ast.ts';
import type { TrackingStores } from '../tracking/stores.ts';
import { type Projects, required } from './hosted-models.ts';
import { experimentNames, foundRun, metricValue } from './run-search.ts';

export interface TrackingOperationDeps {
  readonly projects: Projects;
  readonly stores: {
    readonly tracking: TrackingStores;
    readonly registry: Pick<RegistryStore, 'searchVersions'>;
  };
  readonly now: () => number;
}

const days = 14;
const mostKeys = 1000;
const mostRegistered = 100;

type TrackingOperations = Pick<Operations, 'listExperiments' | 'getRunRecord' | 'listRunKeys' | 'readCurves'>;

/** What projects and MLflow clients recorded, for pages and programs. */
export function trackingOperations({ projects, stores, now }: TrackingOperationDeps): TrackingOperations {
  const { experiments, runs, keys, activity, metrics } = stores.tracking;
  const projectNames = (): ReadonlySet<string> => new Set(projects().map(({ plan }) => plan.project.name));
  return {
    async listExperiments({ lifecycle = 'active', limit, offset }) {
      const { items, next } = await experiments.search({ view: lifecycle, limit, offset });
      const from = now() - days * dayMs;
      const counted = await activity.of({ experimentIds: items.map(({ id }) => id), from, days });
      const byId = new Map(counted.map((each) => [each.experimentId, each]));
      const names = projectNames();
      return {
        experiments: items.map((experiment) =>
          experimentRow(experiment, byId.get(experiment.id), names.has(experiment.name)),
        ),
        next: next ?? null,
      };
    },
    async getRunRecord({ run: id }) {
      const remedy = 'No run has this id: search the runs of all experiments.';
      const run = required(await runs.get(id), 'RUN_NOT_FOUND', { field: 'run', value: id, remedy });
      const [experiment, parents, children, registered] = await Promise.all([
        experiments.get(run.info.experimentId),
        run.info.parentId ? runs.getInfos([run.info.parentId]) : [],
        runs.count(childrenOf(run)),
        stores.registry.searchVersions({ filter: ofRun(id), limit: mostRegistered, offset: 0 }),
      ]);
      return runRecord(run, {
        experiment: experiment?.name ?? '',
        isProject: projectNames().has(experiment?.name ?? ''),
        parent: parents[0] ?? null,
        children,
        registered: registered.items.map(({ model, version }) => ({ model, version })),
      });
    },
    async listRunKeys({ experiments: given, contains, limit = mostKeys }) {
      const names = await experimentNames(given, { lifecycle: 'active', experiments });
      const experimentIds = [...names.keys()];
      const query = { experimentIds, limit, ...(contains !== undefined && { contains }) };
      const lists = await Promise.all(
        (['metric', 'param', 'tag'] as const).map((entity) => keys.find({ ...query, entity })),
      );
      const [metric = [], param = [], tag = []] = lists.map((list) => list.slice(0, limit));
      return { metrics: metric, params: param, tags: tag, more: lists.some((list) => list.length > limit) };
    },
    async readCurves({ runs: runIds, metrics: names, by = 'step', points = 500 }) {
      const unique = { runIds: [...new Set(runIds)], keys: [...new Set(names)] };
      return (await metrics.curves({ ...unique, by, most: points })).map(curveView);
    },
  };
}

function ofRun(id: string): TextClause {
  return { kind: 'text', entity: 'attribute', key: 'run_id', comparator: '=', value: id };
}

function childrenOf({ info }: Run): Parameters<TrackingStores['runs']['count']>[0] {
  return {
    experimentIds: [info.experimentId],
    view: 'active',
    filter: { kind: 'text', entity: 'tag', key: runTag.parent, comparator: '=', value: info.id },
  };
}

function experimentRow(
  { id, name, lifecycle, createdAt }: Experiment,
  activity: ExperimentActivity | undefined,
  isProject: boolean,
): ExperimentRow {
  const nothing = Array.from({ length: days }, () => 0);
  const last = activity?.last;
  return {
    id,
    name,
    lifecycle,
    createdAt,
    isProject,
    runs: activity?.runs ?? 0,
    running: activity?.running ?? 0,
    started: activity?.started ?? nothing,
    failed: activity?.failed ?? nothing,
    last: last ? { ...last, endedAt: last.endedAt ?? null } : null,
  };
}

interface Around {
  readonly experiment: string;
  readonly isProject: boolean;
  readonly parent: { readonly id: string; readonly name: string } | null;
  readonly children: number;
  readonly registered: RunRecord['registered'];
}

function runRecord(run: Run, { experiment, isProject, parent, children, registered }: Around): RunRecord {
  return {
    ...foundRun(run, experiment),
    project: isProject ? experiment : null,
    parent: parent && { id: parent.id, name: parent.name },
    children,
    registered,
    datasets: run.datasets.map(datasetView),
    modelInputs: run.modelInputs,
    modelOutputs: run.modelOutputs.map(({ modelId }) => modelId),
    steps: Object.fromEntries(run.metrics.map(({ key, step }) => [key, step])),
  };
}

function datasetView({ dataset: { name, digest }, tags }: DatasetInput): RunDatasetView {
  return { name, digest, context: valuesByKey(tags)[contextTag] ?? '' };
}

function curveView({ runId, key, logged, points }: Curve): CurveView {
  const of = (part: 'mean' | 'least' | 'most'): readonly (MetricValue | null)[] =>
    points.map(({ value }) => (value ? metricValue(value[part]) : null));
  return {
    run: runId,
    metric: key,
    logged,
    steps: points.map(({ step }) => step),
    times: points.map(({ timestamp }) => timestamp),
    values: of('mean'),
    least: of('least'),
    most: of('most'),
  };
}
