import type { MetricPoint, DatasetInput, KeyValue, RunInfo, Run } from '../../tracking/model.ts';
import type { WireObject } from './wire/json.ts';

/** The run of a `runs/get` response. */
export function runJson(run: Run): WireObject {
  return {
    info: infoJson(run.info),
    data: dataJson(run),
    inputs: inputsJson(run),
    outputs: {
      model_outputs: listed(run.modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step }))),
    },
  };
}

/** A run that was just created: it has no outputs yet, so no member for them. */
export function newRunJson(run: Run): WireObject {
  return { info: infoJson(run.info), data: dataJson(run), inputs: inputsJson(run) };
}

export function infoJson(info: RunInfo): WireObject {
  return {
    run_uuid: info.id,
    experiment_id: info.experimentId,
    run_name: info.name,
    user_id: info.user,
    status: info.status,
    start_time: info.startedAt,
    end_time: info.endedAt,
    artifact_uri: info.artifactUri,
    lifecycle_stage: info.lifecycle,
    run_id: info.id,
  };
}

/** Numbers that are not finite become texts here: searching a response for them later is much slower. */
export function pointJson({ key, value, timestamp, step }: MetricPoint): WireObject {
  return { key, value: Number.isFinite(value) ? value : String(value), timestamp, step };
}

/** Empty lists are left out. */
export function listed<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length ? items : undefined;
}

export function keyValueJson({ key, value }: KeyValue): WireObject {
  return { key, value };
}

function dataJson({ metrics, params, tags }: Run): WireObject {
  return {
    metrics: listed(metrics.map(pointJson)),
    params: listed(params.map(keyValueJson)),
    tags: listed(tags.map(keyValueJson)),
  };
}

function inputsJson({ datasets, modelInputs }: Run): WireObject {
  return {
    dataset_inputs: listed(datasets.map(datasetJson)),
    model_inputs: listed(modelInputs.map((modelId) => ({ model_id: modelId }))),
  };
}

function datasetJson({ dataset, tags }: DatasetInput): WireObject {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  return {
    tags: listed(tags.map(keyValueJson)),
    dataset: { name, digest, source_type: sourceType, source, schema, profile },
  };
}
