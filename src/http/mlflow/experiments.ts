import type { Experiment, View } from '../../tracking/model.ts';
import { parseFilter } from '../../tracking/search/filter.ts';
import { experimentSearch } from '../../tracking/search/grammar.ts';
import { parseOrders } from '../../tracking/search/order.ts';
import { checkedLocation } from './artifact-location.ts';
import { keyValueJson, listed } from './run-json.ts';
import { withMlflowErrors, noExperiment } from './tracking-errors.ts';
import {
  checkedExperimentId,
  checkExperimentName,
  checkExperimentTag,
  checkNewExperimentTag,
} from './tracking-limits.ts';
import type { TrackingServices } from './tracking-services.ts';
import { endpoint, type Endpoint, type WireObject } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import { offsetOf, offsetToken } from './wire/page-token.ts';

const mostExperiments = 50_000;
const mostDatasetExperiments = 20;
const mostSummaries = 1000;

const views: Readonly<Record<'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL', View>> = {
  ACTIVE_ONLY: 'active',
  DELETED_ONLY: 'deleted',
  ALL: 'all',
};

/** MLflow's ViewType as ours; active only without one. */
export function viewOf(name: keyof typeof views = 'ACTIVE_ONLY'): View {
  return views[name];
}

export const viewNames = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const;

const id = { experiment_id: { type: 'string', required: true } } as const;
const keyValue = {
  key: { type: 'string', required: true },
  value: { type: 'string' },
} as const;

const create = endpoint({
  methods: ['POST'],
  path: '/mlflow/experiments/create',
  versions: ['2.0'],
  permission: 'write',
  fields: {
    name: { type: 'string', required: true },
    artifact_location: { type: 'string' },
    tags: { type: 'message', repeated: true, fields: keyValue },
  },
  async handle({ name, artifact_location, tags: given }, { experiments, now }: TrackingServices) {
    checkExperimentName(name);
    const tags = given.map(({ key, value = '' }) => ({ key, value }));
    tags.forEach((tag, index) => checkNewExperimentTag(tag, `tags[${index}].`));
    const artifactLocation = checkedLocation(artifact_location, process.cwd());
    const creation = experiments.create({
      name,
      tags,
      now: now(),
      ...(artifactLocation && { artifactLocation }),
    });
    return { experiment_id: await withMlflowErrors(creation) };
  },
});

const get = endpoint({
  methods: ['GET'],
  path: '/mlflow/experiments/get',
  versions: ['2.0'],
  permission: 'read',
  fields: id,
  async handle({ experiment_id }, { experiments }: TrackingServices) {
    const experiment = await experiments.get(checkedExperimentId(experiment_id));
    if (!experiment) throw noExperiment(experiment_id);
    return { experiment: experimentJson(experiment) };
  },
});

const getByName = endpoint({
  methods: ['GET'],
  path: '/mlflow/experiments/get-by-name',
  versions: ['2.0'],
  permission: 'read',
  fields: { experiment_name: { type: 'string', required: true } },
  async handle({ experiment_name: name }, { experiments }: TrackingServices) {
    const experiment = await experiments.getByName(name);
    if (!experiment)
      throw mlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${name}'`);
    return { experiment: experimentJson(experiment) };
  },
});

const search = endpoint({
  methods: ['GET', 'POST'],
  path: '/mlflow/experiments/search',
  versions: ['2.0'],
  permission: 'read',
  fields: {
    max_results: { type: 'int64' },
    page_token: { type: 'string' },
    filter: { type: 'string' },
    order_by: { type: 'string', repeated: true },
    view_type: { type: 'enum', values: viewNames },
  },
  async handle(input, { experiments }: TrackingServices) {
    const limit = pageLimit(input.max_results ?? 0);
    const page = await experiments.search({
      view: viewOf(input.view_type),
      filter: { kind: 'all', of: parseFilter(input.filter, experimentSearch) },
      order: parseOrders(input.order_by, experimentSearch),
      offset: offsetOf(input.page_token),
      limit,
    });
    return {
      experiments: listed(page.items.map(experimentJson)),
      next_page_token: page.next === undefined ? undefined : offsetToken(page.next),
    };
  },
});

const update = endpoint({
  methods: ['POST'],
  path: '/mlflow/experiments/update',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...id, new_name: { type: 'string', required: true } },
  async handle({ experiment_id, new_name: name }, { experiments, now }: TrackingServices) {
    checkExperimentName(name);
    await withMlflowErrors(experiments.rename(checkedExperimentId(experiment_id), name, now()), {
      NOT_ACTIVE: () => mlflowError('INVALID_STATE', 'Cannot rename a non-active experiment.'),
    });
    return {};
  },
});

const remove = endpoint({
  methods: ['POST'],
  path: '/mlflow/experiments/delete',
  versions: ['2.0'],
  permission: 'delete',
  fields: id,
  async handle({ experiment_id }, { experiments, now }: TrackingServices) {
    await withMlflowErrors(experiments.delete(checkedExperimentId(experiment_id), now()));
    return {};
  },
});

const restore = endpoint({
  methods: ['POST'],
  path: '/mlflow/experiments/restore',
  versions: ['2.0'],
  permission: 'delete',
  fields: id,
  async handle({ experiment_id }, { experiments, now }: TrackingServices) {
    await withMlflowErrors(experiments.restore(checkedExperimentId(experiment_id), now()));
    return {};
  },
});

const setTag = endpoint({
  methods: ['POST'],
  path: '/mlflow/experiments/set-experiment-tag',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...id, ...keyValue },
  async handle({ experiment_id, key, value = '' }, { experiments }: TrackingServices) {
    checkExperimentTag({ key, value });
    await withMlflowErrors(experiments.setTag(checkedExperimentId(experiment_id), { key, value }));
    return {};
  },
});

const deleteTag = endpoint({
  methods: ['POST'],
  path: '/mlflow/experiments/delete-experiment-tag',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...id, key: keyValue.key },
  async handle({ experiment_id, key }, { experiments }: TrackingServices) {
    const message = `No tag with name: ${key} in experiment with id ${experiment_id}`;
    await withMlflowErrors(experiments.deleteTag(checkedExperimentId(experiment_id), key), {
      TAG_NOT_FOUND: () => mlflowError('RESOURCE_DOES_NOT_EXIST', message),
    });
    return {};
  },
});

const searchDatasets = endpoint({
  methods: ['POST'],
  path: '/mlflow/experiments/search-datasets',
  versions: ['2.0'],
  ui: true,
  permission: 'read',
  fields: { experiment_ids: { type: 'string', repeated: true } },
  async handle({ experiment_ids: ids }, { experiments }: TrackingServices) {
    if (!ids.length)
      throw mlflowError(
        'INVALID_PARAMETER_VALUE',
        'SearchDatasets request must specify at least one experiment_id.',
      );
    if (ids.length > mostDatasetExperiments)
      throw mlflowError(
        'INVALID_PARAMETER_VALUE',
        `SearchDatasets request cannot specify more than ${mostDatasetExperiments} experiment_ids. Received ${ids.length} experiment_ids.`,
      );
    const found = await experiments.datasets(ids, mostSummaries);
    const summaries = found.map(({ experimentId, name, digest, context }) => ({
      experiment_id: experimentId,
      name,
      digest,
      context,
    }));
    return { dataset_summaries: listed(summaries) };
  },
});

/** Experiments of MLflow's API. */
export const experimentEndpoints: readonly Endpoint<TrackingServices>[] = [
  create,
  get,
  getByName,
  search,
  update,
  remove,
  restore,
  setTag,
  deleteTag,
  searchDatasets,
];

function experimentJson(experiment: Experiment): WireObject {
  return {
    experiment_id: experiment.id,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycle,
    last_update_time: experiment.updatedAt,
    creation_time: experiment.createdAt,
    tags: listed(experiment.tags.map(keyValueJson)),
  };
}

function pageLimit(maxResults: number | bigint): number {
  if (maxResults >= 1 && maxResults <= mostExperiments) return Number(maxResults);
  const rule = maxResults < 1 ? 'It must be a positive integer' : `It must be at most ${mostExperiments}`;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${maxResults} for parameter 'max_results' supplied. ${rule}`,
  );
}
