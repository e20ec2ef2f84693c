import type {
  ContributionView,
  EndpointView,
  ExplainView,
  LineageTask,
  PredictionView,
} from '../api/views.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { readDataset } from '../data/dataset.ts';
import { requestSchema } from '../lifecycle/version-folder.ts';
import { traceVersion } from '../lineage/trace.ts';
import { type Operation, operationNamed } from '../pipeline/operation.ts';
import type { Project } from '../project/project.ts';
import type { Model } from '../project/model.ts';
import { isSimulated } from '../project/source.ts';
import type { Endpoint, Prediction } from '../serving/endpoint.ts';
import type { Contribution } from '../serving/predict.ts';
import { asPipelineVersion } from '../registry/model.ts';
import type { RunTask } from '../tracking/model.ts';
import { metricViews, targetUnit, versionView, type ViewStores } from './model-views.ts';
import { runRow } from './run-views.ts';
import { titleOf } from './format.ts';

export function simulatedSources(project: Project): readonly string[] {
  return project.sources.filter(({ reader }) => isSimulated(reader.from)).map(({ name }) => name);
}

/** What an endpoint asks for: as its live version takes it, and as the project declares it until there is one. */
export async function endpointView(
  endpoint: Endpoint,
  model: Model,
  { project, stores }: { readonly project: Project; readonly stores: ViewStores },
): Promise<EndpointView> {
  const served = endpoint.current();
  const history = await stores.registry.aliasHistory(model.name, endpoint.alias);
  const move = history.find(({ to }) => to === served?.version.version);
  const request = served?.manifest.request ?? requestSchema(model);
  const column = model.rows.table.schema.columns.find(({ name }) => name === model.target);
  return {
    name: endpoint.name,
    model: model.name,
    title: model.title,
    description: model.description ?? null,
    project: project.name,
    simulated: simulatedSources(project),
    alias: endpoint.alias,
    version: served?.version.version ?? null,
    problem: endpoint.problem() ?? null,
    promotedAt: move?.movedAt ?? null,
    target: served?.manifest.target ?? {
      name: model.target,
      title: column?.title ?? titleOf(model.target),
      unit: targetUnit(model),
    },
    request,
    examples: examplesOf(request),
    trainedOn: served?.manifest.trainedOn ?? null,
    metrics: served ? metricViews(served.version.metrics, model) : [],
  };
}

/** Whole examples where the schema gives some; else one of the fields' own examples and defaults, where each has one. */
function examplesOf(request: JsonObject): readonly JsonObject[] {
  if (Array.isArray(request['examples'])) return request['examples'] as readonly JsonObject[];
  const fields = Object.entries((request['properties'] ?? {}) as Readonly<Record<string, JsonObject>>);
  const example = fields.flatMap(([name, field]) => {
    const value = Array.isArray(field['examples']) ? field['examples'][0] : field['default'];
    return value === undefined ? [] : [[name, value] as const];
  });
  const required = Array.isArray(request['required']) ? request['required'] : [];
  return required.every((name) => example.some(([given]) => given === name))
    ? [Object.fromEntries(example)]
    : [];
}

export function predictionView(
  { id, served, value, interval, baseline, contributions, cached }: Prediction,
  endpoint: string,
): PredictionView {
  return {
    id,
    endpoint,
    model: served.version.model,
    version: served.version.version,
    value,
    unit: served.manifest.target.unit,
    interval,
    baseline,
    contributions: contributions.map(contributionView),
    cached,
  };
}

function contributionView({ feature, value, contribution }: Contribution): ContributionView {
  return { feature, title: titleOf(feature), value: Number.isNaN(value) ? null : value, contribution };
}

/** From a logged prediction to the raw bytes that its version learned from. */
export async function explainView(
  prediction: ExplainView['prediction'],
  model: Model,
  {
    project,
    stores,
    blobs,
  }: { readonly project: Project; readonly stores: ViewStores; readonly blobs: BlobStore },
): Promise<ExplainView | undefined> {
  const key = { model: model.name, version: prediction.version };
  const version = asPipelineVersion(await stores.registry.findVersion(key));
  if (!version) return undefined;
  const trace = await traceVersion(version, { tracking: stores.tracking, blobs });
  return {
    prediction,
    version: await versionView(version, model, stores),
    run: await runRow(trace.pipelineRun, project, stores),
    tasks: await Promise.all(
      trace.tasks.map((task) => lineageTask(task, { operations: stores.operations, blobs })),
    ),
    rawFiles: trace.rawFiles,
  };
}

async function lineageTask(
  task: RunTask,
  { operations, blobs }: { readonly operations: readonly Operation[]; readonly blobs: BlobStore },
): Promise<LineageTask> {
  return {
    task: task.task,
    operation: task.operation,
    description: operationNamed(operations, task.operation)?.description ?? null,
    key: task.key ?? '',
    startedAt: task.startedAt ?? 0,
    endedAt: task.endedAt ?? 0,
    code: task.code,
    outputs: await Promise.all(
      Object.entries(task.outputs).map(async ([name, digest]) => {
        const dataset = await readDataset(digest, blobs);
        return { name, digest, kind: dataset.kind, rows: dataset.kind === 'table' ? dataset.rows : null };
      }),
    ),
    needs: task.needs,
  };
}
