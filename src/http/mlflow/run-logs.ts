import { runTag, type KeyValue, type LoggedPoint, type ParamConflict } from '../../tracking/model.ts';
import { withMlflowErrors } from './tracking-errors.ts';
import { checkedParam, checkedTag, checkPoint, exactInteger } from './tracking-limits.ts';
import type { TrackingServices } from './tracking-services.ts';
import { endpoint, type Endpoint, type Input } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import { pythonQuoted } from './wire/format-python.ts';

const mostMetrics = 1000;
const mostParams = 100;
const mostEntries = 1000;

const runId = { run_id: { type: 'string', required: true, alsoCalled: 'run_uuid' } } as const;
const entry = { key: { type: 'string', required: true }, value: { type: 'string' } } as const;
const point = {
  key: { type: 'string', required: true },
  value: { type: 'double', required: true },
  timestamp: { type: 'int64', required: true },
  step: { type: 'int64' },
  model_id: { type: 'string' },
  dataset_name: { type: 'string' },
  dataset_digest: { type: 'string' },
} as const;

const logMetric = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/log-metric',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...runId, ...point },
  async handle({ run_id, ...given }, { runs }: TrackingServices) {
    const metric = loggedPoint(given, '');
    await withMlflowErrors(runs.log(run_id, { metrics: [metric] }));
    return {};
  },
});

const logParam = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/log-parameter',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...runId, ...entry },
  async handle({ run_id, key, value = '' }, { runs }: TrackingServices) {
    const param = checkedParam({ key, value }, '');
    const [conflict] = await withMlflowErrors(runs.log(run_id, { params: [param] }));
    if (!conflict) return {};
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Changing param values is not allowed. Param with key='${key}' was already logged with value='${conflict.old}' for run ID='${run_id}'. Attempted logging new value '${conflict.new}'.`,
    );
  },
});

const setTag = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/set-tag',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...runId, ...entry },
  async handle({ run_id, key, value = '' }, { runs }: TrackingServices) {
    await withMlflowErrors(runs.log(run_id, { tags: withoutEmptyName([checkedTag({ key, value }, '')]) }));
    return {};
  },
});

const deleteTag = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/delete-tag',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...runId, key: entry.key },
  async handle({ run_id, key }, { runs }: TrackingServices) {
    await withMlflowErrors(runs.deleteTag(run_id, key), {
      TAG_NOT_FOUND: () =>
        mlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${run_id}`),
    });
    return {};
  },
});

const logBatch = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/log-batch',
  versions: ['2.0'],
  permission: 'write',
  fields: {
    ...runId,
    metrics: { type: 'message', repeated: true, fields: point },
    params: { type: 'message', repeated: true, fields: entry },
    tags: { type: 'message', repeated: true, fields: entry },
  },
  async handle(input, { runs }: TrackingServices) {
    checkCounts(input);
    const metrics = input.metrics.map((metric, index) => loggedPoint(metric, `metrics[${index}].`));
    const params = input.params.map(({ key, value = '' }, index) =>
      checkedParam({ key, value }, `params[${index}].`),
    );
    const tags = input.tags.map(({ key, value = '' }, index) =>
      checkedTag({ key, value }, `tags[${index}].`),
    );
    refuseRepeated(params.map(({ key }) => key));
    const conflicts = await withMlflowErrors(
      runs.log(input.run_id, { metrics, params, tags: withoutEmptyName(tags) }),
    );
    if (conflicts.length) throw changedParams(input.run_id, conflicts);
    return {};
  },
});

/** Logging to runs in MLflow's API. */
export const runLogEndpoints: readonly Endpoint<TrackingServices>[] = [
  logMetric,
  logParam,
  setTag,
  deleteTag,
  logBatch,
];

/** MLflow stores infinities as the largest doubles. @throws MlflowError */
function loggedPoint(given: Input<typeof point>, path: string): LoggedPoint {
  const { key, value, timestamp, step = 0, model_id, dataset_name, dataset_digest } = given;
  const logged: LoggedPoint = {
    key,
    value: Number.isNaN(value) ? value : Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE)),
    timestamp: exactInteger(`${path}timestamp`, timestamp),
    step: exactInteger(`${path}step`, step),
    ...(model_id && { modelId: model_id }),
    ...(dataset_name && { datasetName: dataset_name }),
    ...(dataset_digest && { datasetDigest: dataset_digest }),
  };
  checkPoint(logged, path);
  return logged;
}

/** Setting an empty name does not change it. */
function withoutEmptyName(tags: readonly KeyValue[]): readonly KeyValue[] {
  return tags.filter(({ key, value }) => key !== runTag.name || value !== '');
}

function checkCounts({
  metrics,
  params,
  tags,
}: Readonly<Record<'metrics' | 'params' | 'tags', readonly unknown[]>>): void {
  checkCount('metrics', metrics.length, mostMetrics);
  checkCount('params', params.length, mostParams);
  checkCount('tags', tags.length, mostParams);
  checkCount('metrics, params, and tags', metrics.length + params.length + tags.length, mostEntries);
}

function checkCount(name: string, count: number, most: number): void {
  if (count <= most) return;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `A batch logging request can contain at most ${most} ${name}. Got ${count} ${name}. Please split up ${name} across multiple requests and try again.`,
  );
}

function refuseRepeated(keys: readonly string[]): void {
  const repeated = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (!repeated.length) return;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Duplicate parameter keys have been submitted: [${repeated.map(pythonQuoted).join(', ')}]. Please ensure the request contains only one param value per param key.`,
  );
}

function changedParams(runUuid: string, conflicts: readonly ParamConflict[]): Error {
  const changes = conflicts.map(
    ({ key, old, new: sent }) =>
      `{'key': ${pythonQuoted(key)}, 'old_value': ${pythonQuoted(old)}, 'new_value': ${pythonQuoted(sent)}}`,
  );
  return mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Changing param values is not allowed. Params were already logged='[${changes.join(', ')}]' for run ID='${runUuid}'.`,
  );
}
