import type { TargetRuns } from '../../../exchange/mirror/target.ts';
import type { RemoteId } from '../../../exchange/mirror/queue.ts';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import type { Dataset, DatasetInput, LoggedPoint } from '../../../tracking/model.ts';
import type { MlflowClient } from '../client.ts';
import { readPages } from '../pages.ts';
import { ifThere, listAt, quoted, textAt } from './responses.ts';

const base = '/api/2.0/mlflow/runs';

/** Points of one page of a history, the most that MLflow allows. */
const pageOfPoints = 25_000;

/** Runs of an MLflow server. */
export function mlflowRuns(client: MlflowClient): TargetRuns {
  return {
    async find(experimentId, { key, value }) {
      const found = await client.post(`${base}/search`, {
        experiment_ids: [experimentId],
        filter: `tags.\`${key}\` = ${quoted(value)}`,
        run_view_type: 'ALL',
        max_results: 1,
      });
      return listAt(found, 'runs').map(remoteIdOf)[0];
    },
    async create({ experimentId, name, user, startedAt, tags }) {
      const created = await client.post(`${base}/create`, {
        experiment_id: experimentId,
        run_name: name,
        start_time: startedAt,
        ...(user !== '' && { user_id: user }),
        tags: tags.map((tag) => ({ ...tag })),
      });
      return remoteIdOf(created['run'] as JsonObject);
    },
    async log(id, { metrics, params, tags }) {
      await client.post(`${base}/log-batch`, {
        run_id: id,
        metrics: metrics.map(metricBody),
        params: params.map((param) => ({ ...param })),
        tags: tags.map((tag) => ({ ...tag })),
      });
    },
    history: (id, key) => historyOf(client, id, key),
    async deleteTag(id, key) {
      await ifThere(client.post(`${base}/delete-tag`, { run_id: id, key }));
    },
    async end(id, status, endedAt) {
      await client.post(`${base}/update`, {
        run_id: id,
        status,
        ...(endedAt !== undefined && { end_time: endedAt }),
      });
    },
    async move(id, to) {
      await client.post(`${base}/${to === 'deleted' ? 'delete' : 'restore'}`, { run_id: id });
    },
    link: (id, links) => link(client, id, links),
  };
}

function remoteIdOf(run: JsonObject): RemoteId {
  return { id: textAt(run, 'info', 'run_id'), artifactUri: textAt(run, 'info', 'artifact_uri') };
}

/** Sends new links only: MLflow fails at a link that exists. */
async function link(
  client: MlflowClient,
  id: string,
  { datasets, modelInputs, modelOutputs }: Parameters<TargetRuns['link']>[1],
): Promise<void> {
  const existing = linksOf(await client.get(`${base}/get`, { run_id: id }));
  const inputs = datasets.filter(({ dataset }) => !existing.datasets.has(nameOf(dataset))).map(inputBody);
  const read = modelInputs.filter((model) => !existing.inputs.has(model)).map((model_id) => ({ model_id }));
  const created = modelOutputs.filter(({ modelId }) => !existing.outputs.has(modelId));
  if (inputs.length || read.length)
    await client.post(`${base}/log-inputs`, {
      run_id: id,
      datasets: inputs,
      ...(read.length && { models: read }),
    });
  if (created.length)
    await client.post(`${base}/outputs`, {
      run_id: id,
      models: created.map(({ modelId, step }) => ({ model_id: modelId, step })),
    });
}

interface Links {
  readonly datasets: ReadonlySet<string>;
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
}

function linksOf({ run }: JsonObject): Links {
  const { inputs = {}, outputs = {} } = run as Readonly<Record<string, JsonObject | undefined>>;
  const idsIn = (list: readonly JsonObject[]): ReadonlySet<string> =>
    new Set(list.map((model) => textAt(model, 'model_id')));
  return {
    datasets: new Set(
      listAt(inputs, 'dataset_inputs').map((input) =>
        nameOf({ name: textAt(input, 'dataset', 'name'), digest: textAt(input, 'dataset', 'digest') }),
      ),
    ),
    inputs: idsIn(listAt(inputs, 'model_inputs')),
    outputs: idsIn(listAt(outputs, 'model_outputs')),
  };
}

function nameOf({ name, digest }: Pick<Dataset, 'name' | 'digest'>): string {
  return JSON.stringify([name, digest]);
}

async function* historyOf(
  client: MlflowClient,
  id: string,
  key: string,
): AsyncGenerator<Pick<LoggedPoint, 'value' | 'step' | 'timestamp'>> {
  const pages = readPages({
    what: `points of metric ${key} of run ${id}`,
    list: 'metrics',
    ask: (token) =>
      client.get('/api/2.0/mlflow/metrics/get-history', {
        run_id: id,
        metric_key: key,
        max_results: pageOfPoints,
        page_token: token,
      }),
    most: 1_000_000_000,
  });
  for await (const points of pages)
    for (const { value, step, timestamp } of points)
      yield { value: Number(value), step: Number(step ?? 0), timestamp: Number(timestamp) };
}

/** JSON has no NaN and no infinities: MLflow takes their names. */
function metricBody(point: LoggedPoint): JsonObject {
  const { key, value, step, timestamp, modelId, datasetName, datasetDigest } = point;
  return {
    key,
    value: Number.isFinite(value) ? value : String(value),
    step,
    timestamp,
    ...(modelId !== undefined && { model_id: modelId }),
    ...(datasetName !== undefined && { dataset_name: datasetName }),
    ...(datasetDigest !== undefined && { dataset_digest: datasetDigest }),
  };
}

function inputBody({ dataset, tags }: DatasetInput): Json {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  return {
    tags: tags.map((tag) => ({ ...tag })),
    dataset: {
      name,
      digest,
      source_type: sourceType,
      source,
      ...(schema !== undefined && { schema }),
      ...(profile !== undefined && { profile }),
    },
  };
}
