import { PlatformError } from '../../kernel/errors.ts';
import { newRunId } from '../../kernel/ids.ts';
import { runTag, type KeyValue } from '../../tracking/model.ts';
import { runName } from '../../tracking/run-name.ts';
import { parseFilter } from '../../tracking/search/filter.ts';
import { runSearch } from '../../tracking/search/grammar.ts';
import { parseOrders } from '../../tracking/search/order.ts';
import { viewNames, viewOf } from './experiments.ts';
import { infoJson, listed, newRunJson, runJson } from './run-json.ts';
import { withMlflowErrors } from './tracking-errors.ts';
import {
  checkedExperimentId,
  checkedRunName,
  checkedTag,
  checkUser,
  exactInteger,
} from './tracking-limits.ts';
import type { TrackingServices } from './tracking-services.ts';
import { endpoint, type Endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import { offsetOf, offsetToken } from './wire/page-token.ts';
import { missingValue } from './wire/read-request.ts';

const defaultPage = 1000;
const largestPage = 50_000;

const runId = { run_id: { type: 'string', required: true, alsoCalled: 'run_uuid' } } as const;

const create = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/create',
  versions: ['2.0'],
  permission: 'write',
  fields: {
    experiment_id: { type: 'string' },
    user_id: { type: 'string' },
    run_name: { type: 'string' },
    start_time: { type: 'int64' },
    tags: {
      type: 'message',
      repeated: true,
      fields: { key: { type: 'string', required: true }, value: { type: 'string' } },
    },
  },
  async handle(input, { runs, random }: TrackingServices) {
    const { experiment_id, user_id = '', run_name = '', start_time = 0 } = input;
    if (!experiment_id) throw missingValue('experiment_id');
    checkUser(user_id);
    const tags = input.tags.map(({ key, value = '' }, index) =>
      checkedTag({ key, value }, `tags[${index}].`),
    );
    const creation = runs.create({
      id: newRunId(),
      experimentId: checkedExperimentId(experiment_id),
      name: givenName(checkedRunName(run_name), tags) ?? `${runName(random)}-${Math.floor(random() * 1000)}`,
      user: user_id,
      startedAt: exactInteger('start_time', start_time),
      tags,
    });
    return { run: newRunJson(await withMlflowErrors(creation)) };
  },
});

const get = endpoint({
  methods: ['GET'],
  path: '/mlflow/runs/get',
  versions: ['2.0'],
  permission: 'read',
  fields: runId,
  async handle({ run_id }, { runs }: TrackingServices) {
    const run = await runs.get(run_id);
    if (!run) throw mlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${run_id} not found`);
    return { run: runJson(run) };
  },
});

const update = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/update',
  versions: ['2.0'],
  permission: 'write',
  fields: {
    ...runId,
    status: { type: 'enum', values: ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] },
    end_time: { type: 'int64' },
    run_name: { type: 'string' },
  },
  async handle({ run_id, status, end_time, run_name }, { runs }: TrackingServices) {
    const info = await withMlflowErrors(
      runs.update(run_id, {
        ...(status && { status }),
        // 0 is protobuf's value of an unset time.
        ...(end_time !== undefined && { endedAt: exactInteger('end_time', end_time) || null }),
        ...(run_name && { name: checkedRunName(run_name) }),
      }),
    );
    return { run_info: infoJson(info) };
  },
});

const remove = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/delete',
  versions: ['2.0'],
  permission: 'delete',
  fields: runId,
  async handle({ run_id }, { runs, now }: TrackingServices) {
    await withMlflowErrors(runs.delete(run_id, now()));
    return {};
  },
});

const restore = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/restore',
  versions: ['2.0'],
  permission: 'delete',
  fields: runId,
  async handle({ run_id }, { runs }: TrackingServices) {
    try {
      await withMlflowErrors(runs.restore(run_id));
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'INPUT_INVALID') throw error;
    }
    return {};
  },
});

const search = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/search',
  versions: ['2.0'],
  permission: 'read',
  fields: {
    experiment_ids: { type: 'string', repeated: true },
    filter: { type: 'string' },
    run_view_type: { type: 'enum', values: viewNames },
    max_results: { type: 'int32', maximum: largestPage },
    order_by: { type: 'string', repeated: true },
    page_token: { type: 'string' },
  },
  async handle(input, { runs }: TrackingServices) {
    const { max_results: limit = defaultPage } = input;
    if (limit < 1)
      throw mlflowError(
        'INVALID_PARAMETER_VALUE',
        `Invalid value ${limit} for parameter 'max_results' supplied. It must be a positive integer`,
      );
    const page = await runs.search({
      experimentIds: input.experiment_ids,
      view: viewOf(input.run_view_type),
      filter: { kind: 'all', of: parseFilter(input.filter, runSearch) },
      order: parseOrders(input.order_by, runSearch),
      offset: offsetOf(input.page_token),
      limit,
    });
    return {
      runs: listed(page.items.map(runJson)),
      next_page_token: page.next === undefined ? undefined : offsetToken(page.next),
    };
  },
});

/** Runs of MLflow's API; `runLogEndpoints` has the logging. */
export const runEndpoints: readonly Endpoint<TrackingServices>[] = [
  create,
  get,
  update,
  remove,
  restore,
  search,
];

/** The run name of a request, as a field or a tag. @throws MlflowError if both differ */
function givenName(name: string | undefined, tags: readonly KeyValue[]): string | undefined {
  const tag = tags.findLast(({ key }) => key === runTag.name)?.value;
  if (name && tag && name !== tag)
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Both 'run_name' argument and '${runTag.name}' tag are specified, but with different values (run_name='${name}', ${runTag.name}='${tag}').`,
    );
  return name || tag || undefined;
}
