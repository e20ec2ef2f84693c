import type { EndpointView, ExplainView, LineageTask, PredictionView } from '../api/views.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { readDataset } from '../data/dataset.ts';
import { resultsOf } from '../features/lookup.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { describeRequest } from '../lifecycle/forecasting/forecast-request.ts';
import type { RowExplanation } from '../lifecycle/version/row-explanation.ts';
import { requestSchema } from '../lifecycle/version/version-folder.ts';
import { traceVersion } from '../lineage/trace.ts';
import { type Operation, operationNamed } from '../pipeline/operation.ts';
import type { Project, ServedModel } from '../project/project.ts';
import { isSimulated, originsOf } from '../project/tables/origin.ts';
import { asPipelineVersion } from '../registry/model.ts';
import type { Endpoint, ServedPrediction } from '../serving/endpoint.ts';
import { explainRows } from '../serving/predict.ts';
import { predictionFields } from '../serving/prediction-fields.ts';
import type { PredictionRecord } from '../serving/prediction-log.ts';
import { type LoadCode, openVersion, type LoadedVersion } from '../serving/version.ts';
import type { RunTask } from '../tracking/run-task-store.ts';
import { titleOf } from '../kernel/title.ts';
import { explanationView } from './explanation-view.ts';
import { fieldWarnings } from './field-warnings.ts';
import {
  type MeasuredModel,
  metricViews,
  targetColumn,
  targetUnit,
  versionView,
  type ViewStores,
} from './model-views.ts';
import { requestedField } from './requested-field.ts';
import { type MeasuredProject, runRow } from './run-views.ts';

export function simulatedSources(project: Project): readonly string[] {
  return project.sources.filter(({ reader }) => originsOf(reader).some(isSimulated)).map(({ name }) => name);
}

/** What an endpoint asks for: as its live version takes it, and as the project declares it until there is one. */
export async function endpointView(
  endpoint: Endpoint,
  model: ServedModel,
  { project, stores }: { readonly project: Project; readonly stores: ViewStores },
): Promise<EndpointView> {
  const served = endpoint.current();
  const history = await stores.registry.aliasHistory(model.name, endpoint.alias);
  const move = history.find(({ to }) => to === served?.version.version);
  const request = served?.manifest.request ?? declaredRequest(model);
  const column = targetColumn(model);
  const target = model.kind === 'model' ? model.target : model.value;
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
      name: target,
      title: column?.title ?? titleOf(target),
      unit: targetUnit(model),
      type: model.kind === 'model' ? model.targetKind : { kind: 'number' },
    },
    request,
    examples: examplesOf(request),
    trainedOn: served?.manifest.trainedOn ?? null,
    metrics: served ? metricViews(served.version.metrics, model) : [],
    seen: served?.fields?.seen ?? {},
    explains: served?.predictor.explain !== undefined,
    takesFiles: model.kind === 'model',
  };
}

function declaredRequest(model: ServedModel): JsonObject {
  return model.kind === 'model'
    ? requestSchema(model)
    : describeRequest({ horizon: model.horizon, series: [] });
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
  { predictionId, served, prediction, explanation, cached }: ServedPrediction,
  { endpoint, request }: { readonly endpoint: string; readonly request: JsonObject },
): PredictionView {
  return {
    predictionId,
    endpoint,
    model: served.version.model,
    version: served.version.version,
    ...predictionFields(prediction),
    unit: served.manifest.target.unit,
    cached,
    warnings: fieldWarnings(request, served),
    ...(explanation && { explanation: explanationView(explanation, served, request) }),
  };
}

export interface ExplainDeps {
  /** The project that named the model, where this process hosts it. */
  readonly project: MeasuredProject | undefined;
  readonly stores: ViewStores;
  readonly blobs: BlobStore;
  readonly loadCode: LoadCode;
}

/**
 * From a logged prediction to the raw bytes that its version learned from. The record and the version's folder suffice:
 * the project file may have dropped the model. The explanation is computed again from the logged features.
 * @throws PlatformError VERSION_NOT_FOUND, RUN_NOT_FOUND, BLOB_NOT_FOUND, STATE_DAMAGED
 */
export async function explainView(record: PredictionRecord, deps: ExplainDeps): Promise<ExplainView> {
  const { stores, blobs } = deps;
  const version = asPipelineVersion(await stores.registry.findVersion(record));
  if (!version || (record.folder !== undefined && record.folder !== version.folder))
    throw new PlatformError('VERSION_NOT_FOUND', {
      field: `version of ${record.model}`,
      value: record.version,
      remedy: 'It was deleted from the model registry: its predictions cannot be explained any more.',
    });
  const served = await openVersion(version, deps);
  const explanation = await explainRecord(record, served);
  const trace = await traceVersion(version, { tracking: stores.tracking, blobs });
  const { models = [], forecasts = [] } = deps.project ?? {};
  const declared = [...models, ...forecasts].find(({ name }) => name === record.model);
  const model = declared ?? measuredBy(served);
  const gone = declared ? [] : [model];
  const project = {
    name: record.project,
    models: [...models, ...gone],
    forecasts: [...forecasts, ...gone],
  };
  const {
    features: _features,
    project: _project,
    latencyMs: _latencyMs,
    folder: _folder,
    ...fields
  } = record;
  return {
    prediction: {
      ...fields,
      given: Object.keys(record.request).map((name) =>
        requestedField(name, {
          schema: served.manifest.request,
          request: record.request,
          seen: served.fields?.seen,
        }),
      ),
      unit: served.manifest.target.unit,
      cached: record.cached ?? false,
      warnings: fieldWarnings(record.request, served),
      ...(explanation && { explanation: explanationView(explanation, served, record.request) }),
    },
    version: await versionView(version, model, stores),
    run: await runRow(trace.pipelineRun, project, stores),
    tasks: await Promise.all(
      trace.tasks.map((task) => lineageTask(task, { operations: stores.operations, blobs })),
    ),
    rawFiles: trace.rawFiles,
  };
}

/** @returns undefined if the version cannot explain, or needs fields of the request that the log does not keep */
async function explainRecord(
  { request, features, lookups = [] }: PredictionRecord,
  served: LoadedVersion,
): Promise<RowExplanation | undefined> {
  const { explain, needsRequest, requestSchema: schema } = served.predictor;
  const parsed = schema.safeParse(request);
  if (!explain || (needsRequest && !parsed.success)) return undefined;
  const [explanation] = await explainRows(
    [{ request: parsed.data, features, lookups: resultsOf(lookups) }],
    served,
  );
  return explanation;
}

function measuredBy({ version, manifest }: LoadedVersion): MeasuredModel {
  return { name: version.model, metrics: Object.keys(version.metrics), unit: manifest.target.unit };
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
