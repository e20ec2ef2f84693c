import { newRunId } from '../../kernel/ids.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { LoggedModelStore } from '../../tracking/logged-model-store.ts';
import { runName } from '../../tracking/run-name.ts';
import { parseFilter } from '../../tracking/search/filter.ts';
import { loggedModelSearch } from '../../tracking/search/grammar.ts';
import { requestedFolder } from './artifact-transfer.ts';
import { filesBelow, modelLocation } from './artifacts.ts';
import { searchOffset, searchToken } from './logged-model-page.ts';
import {
  checkLoggedModelName,
  loggedModelBody,
  loggedModelOrder,
  type WireStatus,
  wireStatuses,
  withStatusNames,
} from './logged-model-wire.ts';
import { withMlflowErrors } from './tracking-errors.ts';
import { checkedExperimentId } from './tracking-limits.ts';
import type { TrackingServices } from './tracking-services.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';

export interface LoggedModelServices extends Pick<TrackingServices, 'now' | 'random'> {
  readonly loggedModels: LoggedModelStore;
  readonly artifacts: ArtifactStore;
}

const defaultPage = 100;
const largestPage = 50_000;

const keyValues = {
  type: 'message',
  repeated: true,
  fields: { key: { type: 'string', required: true }, value: { type: 'string' } },
} as const;

const id = { type: 'string', required: true } as const;
/** As in MLflow's protobuf, where UNSPECIFIED is 0. */
const statuses: readonly WireStatus[] = [
  'LOGGED_MODEL_PENDING',
  'LOGGED_MODEL_READY',
  'LOGGED_MODEL_UPLOAD_FAILED',
];

/** Logged models: models that clients log, with or without a name in the registry. */
export const loggedModelEndpoints: readonly Endpoint<LoggedModelServices>[] = [
  endpoint({
    methods: ['POST'],
    path: '/mlflow/logged-models',
    versions: ['2.0'],
    permission: 'write',
    fields: {
      experiment_id: { type: 'string', required: true },
      name: { type: 'string' },
      model_type: { type: 'string' },
      source_run_id: { type: 'string' },
      params: keyValues,
      tags: keyValues,
    },
    async handle(input, { loggedModels, now, random }: LoggedModelServices) {
      const name = input.name || runName(random);
      checkLoggedModelName(name);
      const creation = loggedModels.create({
        id: `m-${newRunId()}`,
        experimentId: checkedExperimentId(input.experiment_id),
        name,
        modelType: input.model_type ?? '',
        sourceRunId: input.source_run_id ?? '',
        params: input.params.map(keyValue),
        tags: input.tags.map(keyValue),
        now: now(),
      });
      return { model: loggedModelBody(await withMlflowErrors(creation)) };
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/logged-models/:model_id',
    versions: ['2.0'],
    permission: 'read',
    fields: { model_id: id, allow_deleted: { type: 'bool' } },
    async handle({ model_id, allow_deleted = false }, { loggedModels }: LoggedModelServices) {
      const model = await loggedModels.get(model_id, { deleted: allow_deleted });
      if (model) return { model: loggedModelBody(model) };
      throw new PlatformError('LOGGED_MODEL_NOT_FOUND', {
        field: 'logged model',
        value: model_id,
        remedy: 'Check the id.',
      });
    },
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/mlflow/logged-models/:model_id',
    versions: ['2.0'],
    permission: 'write',
    fields: { model_id: id, status: { type: 'enum', required: true, values: statuses } },
    async handle({ model_id, status }, { loggedModels, now }: LoggedModelServices) {
      const model = await loggedModels.finalize(model_id, wireStatuses[status], now());
      return { model: loggedModelBody(model) };
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/logged-models/:model_id',
    versions: ['2.0'],
    permission: 'delete',
    fields: { model_id: id },
    async handle({ model_id }, { loggedModels, now }: LoggedModelServices) {
      await loggedModels.delete(model_id, now());
      return {};
    },
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/mlflow/logged-models/:model_id/tags',
    versions: ['2.0'],
    permission: 'write',
    fields: { model_id: id, tags: keyValues },
    async handle({ model_id, tags }, { loggedModels }: LoggedModelServices) {
      await loggedModels.setTags(model_id, tags.map(keyValue));
      return {};
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/logged-models/:model_id/tags/:tag_key',
    versions: ['2.0'],
    permission: 'write',
    fields: { model_id: id, tag_key: { type: 'string', required: true } },
    async handle({ model_id, tag_key }, { loggedModels }: LoggedModelServices) {
      const message = `No tag with key '${tag_key}' found for model with ID '${model_id}'.`;
      await withMlflowErrors(loggedModels.deleteTag(model_id, tag_key), {
        TAG_NOT_FOUND: () => mlflowError('RESOURCE_DOES_NOT_EXIST', message),
      });
      return {};
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/logged-models/:model_id/params',
    versions: ['2.0'],
    permission: 'write',
    fields: { model_id: id, params: keyValues },
    async handle({ model_id, params }, { loggedModels }: LoggedModelServices) {
      await loggedModels.logParams(model_id, params.map(keyValue));
      return {};
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/logged-models/search',
    versions: ['2.0'],
    permission: 'read',
    fields: {
      experiment_ids: { type: 'string', repeated: true, required: true },
      filter: { type: 'string' },
      datasets: {
        type: 'message',
        repeated: true,
        most: 200,
        fields: { dataset_name: { type: 'string' }, dataset_digest: { type: 'string' } },
      },
      max_results: { type: 'int32' },
      order_by: {
        type: 'message',
        repeated: true,
        most: 25,
        fields: {
          field_name: { type: 'string', required: true },
          ascending: { type: 'bool' },
          dataset_name: { type: 'string' },
          dataset_digest: { type: 'string' },
        },
      },
      page_token: { type: 'string' },
    },
    async handle(input, { loggedModels }: LoggedModelServices) {
      const datasets = input.datasets.map(({ dataset_name: name, dataset_digest: digest }) => {
        if (name) return { name, digest: digest || undefined };
        throw mlflowError(
          'INVALID_PARAMETER_VALUE',
          '`dataset_name` in the `datasets` clause must be specified.',
        );
      });
      const { items, next } = await loggedModels.search({
        experimentIds: input.experiment_ids,
        clauses: parseFilter(input.filter, loggedModelSearch).map(withStatusNames),
        datasets,
        order: input.order_by.map(loggedModelOrder),
        offset: searchOffset(input.page_token, input),
        limit: pageSize(input.max_results),
      });
      return {
        models: items.length > 0 ? items.map(loggedModelBody) : undefined,
        next_page_token: next === undefined ? undefined : searchToken(input, next),
      };
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/logged-models/:model_id/artifacts/directories',
    versions: ['2.0'],
    permission: 'read',
    fields: { model_id: id, artifact_directory_path: { type: 'string' } },
    async handle({ model_id, artifact_directory_path: path = '' }, services: LoggedModelServices) {
      const inner = requestedFolder(path);
      const location = await modelLocation(model_id, services.loggedModels);
      return { root_uri: location, ...(await filesBelow(services.artifacts, location, inner)) };
    },
  }),
];

function keyValue({ key, value = '' }: { readonly key: string; readonly value: string | undefined }): {
  readonly key: string;
  readonly value: string;
} {
  return { key, value };
}

function pageSize(asked: number | undefined): number {
  if (!asked) return defaultPage;
  if (asked > 0 && asked <= largestPage) return asked;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${asked} for parameter 'max_results' supplied. It must be ${
      asked < 0 ? 'a positive integer' : `at most ${largestPage}`
    }`,
  );
}
