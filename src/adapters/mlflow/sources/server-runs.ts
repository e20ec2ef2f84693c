import type { SourceLoggedModel, SourceRun } from '../../../exchange/import/source.ts';
import type { RunId } from '../../../kernel/ids.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { mapConcurrent } from '../../../kernel/map-concurrent.ts';
import { type DatasetInput, type LoggedPoint, runTag } from '../../../tracking/model.ts';
import { isAbsent, MlflowFailure } from '../failure.ts';
import { readPages } from '../pages.ts';
import {
  keyValuesIn,
  listIn,
  numberIn,
  numberOf,
  objectIn,
  pageToken,
  recordOf,
  someText,
  textIn,
} from './fields.ts';
import type { ServerCalls } from './server-calls.ts';
import { lifecycleOf, loggedModelStatus, runStatus, sourceType } from './enum-values.ts';

const api = '/api/2.0/mlflow';

/** Runs and points of one page. */
const runsAtOnce = 200;
const pointsAtOnce = 25_000;
/** Concurrent requests. */
const width = 8;

export async function* serverRuns(calls: ServerCalls, experimentId: string): AsyncGenerator<SourceRun> {
  const pages = readPages({
    what: `runs of experiment ${experimentId}`,
    list: 'runs',
    ask: searchRuns(calls, experimentId),
    idOf: runIdOf,
  });
  for await (const runs of pages) yield* await mapConcurrent(runs, width, (run) => wholeRun(calls, run));
}

/** Runs with many params and tags make large pages: one that is too large is asked for with fewer runs. */
function searchRuns(
  calls: ServerCalls,
  experimentId: string,
): (token: string | undefined) => Promise<JsonObject> {
  let size = runsAtOnce;
  return async (token) => {
    for (;;)
      try {
        return await calls.post(`${api}/runs/search`, {
          experiment_ids: [experimentId],
          run_view_type: 'ALL',
          max_results: size,
          order_by: ['attributes.start_time ASC'],
          ...pageToken(token),
        });
      } catch (error) {
        if (!(error instanceof MlflowFailure) || !error.isTooLarge || size === 1) throw error;
        size = Math.ceil(size / 4);
      }
  };
}

/** A search leaves out the logged models that a run read (MLflow 3.12), so each run is requested on its own. */
async function wholeRun(calls: ServerCalls, found: JsonObject): Promise<SourceRun> {
  const id = runIdOf(found);
  const response = await calls.get(`${api}/runs/get`, { run_id: id }).catch((error: unknown) => {
    if (isAbsent(error)) return {};
    throw error;
  });
  const run = objectIn(response, 'run');
  return readRun(runIdOf(run) === id ? run : found);
}

export async function* serverPoints(
  calls: ServerCalls,
  { info, metrics }: SourceRun,
): AsyncGenerator<readonly LoggedPoint[]> {
  for (const { key } of metrics) {
    const pages = readPages({
      what: `points of metric ${key} of run ${info.id}`,
      list: 'metrics',
      ask: (token) =>
        calls.get(`${api}/metrics/get-history`, {
          run_id: info.id,
          metric_key: key,
          max_results: pointsAtOnce,
          page_token: token,
        }),
      most: 1_000_000_000,
    });
    for await (const points of pages) yield points.map(readPoint);
  }
}

/** MLflow 2 has no logged models. */
export async function* serverLoggedModels(
  calls: ServerCalls,
  experimentId: string,
): AsyncGenerator<SourceLoggedModel> {
  const ask = (token: string | undefined): Promise<JsonObject> =>
    calls
      .post(`${api}/logged-models/search`, {
        experiment_ids: [experimentId],
        max_results: 50,
        ...pageToken(token),
      })
      .catch((error: unknown) => {
        if (isAbsent(error)) return {};
        throw error;
      });
  const models = calls.items({
    what: `logged models of experiment ${experimentId}`,
    list: 'models',
    ask,
    idOf: (model) => textIn(objectIn(model, 'info'), 'model_id'),
  });
  for await (const model of models) yield readLoggedModel(model);
}

function runIdOf(run: JsonObject): string {
  const info = objectIn(run, 'info');
  return textIn(info, 'run_id') || textIn(info, 'run_uuid');
}

function readRun(run: JsonObject): SourceRun {
  const info = objectIn(run, 'info');
  const data = objectIn(run, 'data');
  const inputs = objectIn(run, 'inputs');
  const tags = keyValuesIn(data, 'tags');
  const tagged = recordOf(tags);
  return {
    info: {
      id: runIdOf(run) as RunId,
      experimentId: textIn(info, 'experiment_id'),
      name: tagged[runTag.name] ?? textIn(info, 'run_name'),
      user: textIn(info, 'user_id'),
      status: runStatus(textIn(info, 'status')),
      startedAt: numberIn(info, 'start_time') ?? numberIn(info, 'end_time') ?? 0,
      endedAt: numberIn(info, 'end_time'),
      artifactUri: textIn(info, 'artifact_uri'),
      lifecycle: lifecycleOf(textIn(info, 'lifecycle_stage')),
    },
    sourceType: sourceType(tagged['mlflow.source.type'] ?? ''),
    sourceName: tagged['mlflow.source.name'] ?? '',
    deletedAt: undefined,
    metrics: listIn(data, 'metrics').map(readPoint),
    params: keyValuesIn(data, 'params'),
    tags,
    datasets: listIn(inputs, 'dataset_inputs').map(readInput),
    modelInputs: listIn(inputs, 'model_inputs').map((model) => textIn(model, 'model_id')),
    modelOutputs: listIn(objectIn(run, 'outputs'), 'model_outputs').map((model) => ({
      modelId: textIn(model, 'model_id'),
      step: numberIn(model, 'step') ?? 0,
    })),
  };
}

function readPoint(point: JsonObject): LoggedPoint {
  return {
    key: textIn(point, 'key'),
    value: numberOf(textIn(point, 'value') || '0'),
    step: numberIn(point, 'step') ?? 0,
    timestamp: numberIn(point, 'timestamp') ?? 0,
  };
}

function readInput(input: JsonObject): DatasetInput {
  const dataset = objectIn(input, 'dataset');
  const [schema, profile] = [someText(dataset, 'schema'), someText(dataset, 'profile')];
  return {
    dataset: {
      name: textIn(dataset, 'name'),
      digest: textIn(dataset, 'digest'),
      sourceType: textIn(dataset, 'source_type'),
      source: textIn(dataset, 'source'),
      ...(schema !== undefined && { schema }),
      ...(profile !== undefined && { profile }),
    },
    tags: keyValuesIn(input, 'tags'),
  };
}

function readLoggedModel(model: JsonObject): SourceLoggedModel {
  const info = objectIn(model, 'info');
  const data = objectIn(model, 'data');
  const createdAt = numberIn(info, 'creation_timestamp_ms') ?? 0;
  return {
    id: textIn(info, 'model_id'),
    experimentId: textIn(info, 'experiment_id'),
    name: textIn(info, 'name'),
    artifactUri: textIn(info, 'artifact_uri'),
    createdAt,
    updatedAt: numberIn(info, 'last_updated_timestamp_ms') ?? createdAt,
    status: loggedModelStatus(textIn(info, 'status')),
    lifecycle: 'active',
    statusMessage: textIn(info, 'status_message'),
    modelType: textIn(info, 'model_type'),
    sourceRunId: textIn(info, 'source_run_id'),
    params: keyValuesIn(data, 'params'),
    tags: keyValuesIn(info, 'tags'),
    metrics: listIn(data, 'metrics').map((point) => ({
      ...readPoint(point),
      runId: textIn(point, 'run_id'),
      datasetName: someText(point, 'dataset_name'),
      datasetDigest: someText(point, 'dataset_digest'),
    })),
  };
}
