import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import type { DatasetInput } from '../../tracking/model.ts';
import { checkJsonText } from '../body/json-limits.ts';
import { withMlflowErrors } from './tracking-errors.ts';
import { checkLength, exactInteger } from './tracking-limits.ts';
import type { TrackingServices } from './tracking-services.ts';
import { endpoint, type Endpoint, type Input } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import { shortened } from './wire/shorten.ts';
import { setText } from '../../tracking/search/grammar.ts';

const mostDatasets = 1000;
const lengths = { name: 500, digest: 36, schema: 1_048_575, source: 65_535, profile: 16_777_215 } as const;
const tagKeyLength = 255;
const tagValueLength = 500;

const historyTag = 'mlflow.log-model.history';
const modelFields = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'] as const;

const runId = { run_id: { type: 'string', required: true, alsoCalled: 'run_uuid' } } as const;
const datasetInput = {
  tags: {
    type: 'message',
    repeated: true,
    fields: { key: { type: 'string', required: true }, value: { type: 'string' } },
  },
  dataset: {
    type: 'message',
    required: true,
    fields: {
      name: { type: 'string', required: true },
      digest: { type: 'string', required: true },
      source_type: { type: 'string', required: true },
      source: { type: 'string', required: true },
      schema: { type: 'string' },
      profile: { type: 'string' },
    },
  },
} as const;
const modelId = { model_id: { type: 'string', required: true } } as const;

const logInputs = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/log-inputs',
  versions: ['2.0'],
  permission: 'write',
  largestBody: 24_000_000,
  fields: {
    ...runId,
    datasets: { type: 'message', repeated: true, fields: datasetInput },
    models: { type: 'message', repeated: true, fields: modelId },
  },
  async handle({ run_id, datasets: given, models }, { runs }: TrackingServices) {
    if (given.length > mostDatasets)
      throw mlflowError(
        'INVALID_PARAMETER_VALUE',
        `A batch logging request can contain at most ${mostDatasets} datasets. Got ${given.length} datasets. Please split up datasets across multiple requests and try again.`,
      );
    const datasets = given.map(checkedInput);
    const modelInputs = models.map(({ model_id }) => model_id);
    await withMlflowErrors(runs.link(run_id, { datasets, modelInputs }));
    return {};
  },
});

const logOutputs = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/outputs',
  versions: ['2.0'],
  permission: 'write',
  fields: {
    ...runId,
    models: {
      type: 'message',
      repeated: true,
      required: true,
      fields: { ...modelId, step: { type: 'int64' } },
    },
  },
  async handle({ run_id, models }, { runs }: TrackingServices) {
    const modelOutputs = models.map(({ model_id, step = 0 }, index) => ({
      modelId: model_id,
      step: exactInteger(`models[${index}].step`, step),
    }));
    await withMlflowErrors(runs.link(run_id, { modelOutputs }));
    return {};
  },
});

const logModel = endpoint({
  methods: ['POST'],
  path: '/mlflow/runs/log-model',
  versions: ['2.0'],
  permission: 'write',
  fields: { ...runId, model_json: { type: 'string', required: true } },
  async handle({ run_id, model_json }, { runs }: TrackingServices) {
    await withMlflowErrors(runs.addToTag(run_id, historyTag, checkedModel(model_json)));
    return {};
  },
});

/** Inputs and outputs of runs in MLflow's API. */
export const runLinkEndpoints: readonly Endpoint<TrackingServices>[] = [logInputs, logOutputs, logModel];

function checkedInput({ tags: given, dataset }: Input<typeof datasetInput>): DatasetInput {
  const { name, digest, source_type, source, schema, profile } = dataset;
  for (const [field, limit] of Object.entries(lengths))
    checkLength(field, dataset[field as keyof typeof lengths] ?? '', limit);
  const tags = given.map(({ key, value = '' }) => ({ key, value }));
  for (const { key, value } of tags) {
    checkLength('key', key, tagKeyLength);
    checkLength('value', value, tagValueLength);
  }
  return {
    dataset: {
      name,
      digest,
      sourceType: source_type,
      source,
      ...(schema !== undefined && { schema }),
      ...(profile !== undefined && { profile }),
    },
    tags,
  };
}

function checkedModel(text: string): JsonObject {
  checkJsonText(text, 'model_json');
  const model = parsed(text);
  if (!isJsonObject(model))
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Malformed model info. \n ${shortened(text, 2000)} \n is not a valid JSON.`,
    );
  const missing = modelFields.filter((field) => !Object.hasOwn(model, field));
  if (missing.length)
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Model json is missing mandatory fields: ${setText(missing)}`,
    );
  return model;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
