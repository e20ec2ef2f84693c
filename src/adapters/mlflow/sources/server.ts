import type { MlflowSource } from '../../../exchange/import/source.ts';
import type { Difference } from '../../../exchange/import/tally.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Experiment } from '../../../tracking/model.ts';
import type { MlflowClient } from '../client.ts';
import { isAbsent } from '../failure.ts';
import { keyValuesIn, numberIn, pageToken, textIn } from './fields.ts';
import { type RetryOptions, serverCalls, type ServerCalls } from './server-calls.ts';
import { serverFiles } from './server-files.ts';
import { serverModels, serverVersions } from './server-registry.ts';
import { serverLoggedModels, serverPoints, serverRuns } from './server-runs.ts';
import { lifecycleOf } from './enum-values.ts';

const api = '/api/2.0/mlflow';

export interface ServerSourceOptions {
  readonly retry: RetryOptions;
  /** Whether it requires credentials: then it has its own users. */
  readonly hasUsers: boolean;
}

/** An MLflow server, version 2 or 3, read through its REST API. */
export function serverSource(client: MlflowClient, options: ServerSourceOptions): MlflowSource {
  const calls = serverCalls(client, options.retry);
  return {
    name: client.url,
    experiments: () => experiments(calls),
    runs: (experimentId) => serverRuns(calls, experimentId),
    points: (run) => serverPoints(calls, run),
    loggedModels: (experimentId) => serverLoggedModels(calls, experimentId),
    models: () => serverModels(calls),
    versions: (model) => serverVersions(calls, model),
    files: (owner) => serverFiles(calls, owner),
    unsupported: (experimentIds) => unsupported(calls, experimentIds, options),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

async function* experiments(calls: ServerCalls): AsyncGenerator<Experiment> {
  const found = calls.items({
    what: 'experiments',
    list: 'experiments',
    ask: (token) =>
      calls.post(`${api}/experiments/search`, {
        view_type: 'ALL',
        max_results: 1000,
        order_by: ['experiment_id ASC'],
        ...pageToken(token),
      }),
    idOf: (experiment) => textIn(experiment, 'experiment_id'),
    most: 1_000_000,
  });
  for await (const experiment of found) {
    const createdAt = numberIn(experiment, 'creation_time') ?? 0;
    yield {
      id: textIn(experiment, 'experiment_id'),
      name: textIn(experiment, 'name'),
      artifactLocation: textIn(experiment, 'artifact_location'),
      lifecycle: lifecycleOf(textIn(experiment, 'lifecycle_stage')),
      createdAt,
      updatedAt: numberIn(experiment, 'last_update_time') ?? createdAt,
      tags: keyValuesIn(experiment, 'tags'),
    };
  }
}

async function* unsupported(
  calls: ServerCalls,
  experimentIds: readonly string[],
  { hasUsers }: ServerSourceOptions,
): AsyncGenerator<Difference> {
  for (const id of experimentIds)
    if (await hasTraces(calls, id))
      yield { what: 'traces', id: `experiment ${id}`, reason: 'not supported by import' };
  const webhooks = await responseOf(calls.get(`${api}/webhooks`, { max_results: 1 }));
  if (Array.isArray(webhooks?.['webhooks']) && webhooks['webhooks'].length)
    yield { what: 'webhooks', id: '', reason: 'a server does not give out their secrets: create them again' };
  if (hasUsers)
    yield {
      what: 'users and permissions',
      id: '',
      reason: 'a server does not give out passwords: create them again',
    };
}

async function hasTraces(calls: ServerCalls, experimentId: string): Promise<boolean> {
  const locations = [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } }];
  const response =
    (await responseOf(calls.post('/api/3.0/mlflow/traces/search', { locations, max_results: 1 }))) ??
    (await responseOf(calls.get(`${api}/traces`, { experiment_ids: [experimentId], max_results: 1 })));
  return Array.isArray(response?.['traces']) && response['traces'].length > 0;
}

/** Absent where the server has no such endpoint or refuses the request. */
async function responseOf(asked: Promise<JsonObject>): Promise<JsonObject | undefined> {
  return asked.catch((error: unknown) => {
    if (isAbsent(error) || isRefused(error)) return undefined;
    throw error;
  });
}

function isRefused(error: unknown): boolean {
  const { httpStatus = 0 } = (error ?? {}) as { readonly httpStatus?: number };
  return httpStatus >= 400 && httpStatus < 600;
}
