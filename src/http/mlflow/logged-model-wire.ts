import type { LoggedModel, LoggedModelStatus, ModelPoint } from '../../tracking/logged-model.ts';
import {
  loggedModelAttributes,
  type LoggedModelAttribute,
  type LoggedModelOrder,
} from '../../tracking/logged-model-store.ts';
import type { Clause } from '../../tracking/search/ast.ts';
import { mlflowError } from './wire/errors.ts';
import type { WireObject } from './wire/json.ts';

/** MLflow's names of the statuses, in order of their numbers. */
export const wireStatuses = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'UNSPECIFIED',
  LOGGED_MODEL_PENDING: 'PENDING',
  LOGGED_MODEL_READY: 'READY',
  LOGGED_MODEL_UPLOAD_FAILED: 'FAILED',
} as const satisfies Record<string, LoggedModelStatus>;

export type WireStatus = keyof typeof wireStatuses;

const nameOf = new Map<LoggedModelStatus, string>(
  Object.entries(wireStatuses).map(([name, status]) => [status, name]),
);

export function loggedModelBody(model: LoggedModel): WireObject {
  const { id, experimentId, name, artifactUri, createdAt, updatedAt, modelType, sourceRunId } = model;
  return {
    info: {
      model_id: id,
      experiment_id: experimentId,
      name,
      creation_timestamp_ms: createdAt,
      last_updated_timestamp_ms: updatedAt,
      artifact_uri: artifactUri,
      status: nameOf.get(model.status),
      model_type: modelType,
      source_run_id: sourceRunId,
      tags: listed(model.tags.map(({ key, value }) => ({ key, value }))),
    },
    data: {
      params: listed(model.params.map(({ key, value }) => ({ key, value }))),
      metrics: listed(model.metrics.map(pointBody(id))),
    },
  };
}

function pointBody(modelId: string): (point: ModelPoint) => WireObject {
  return ({ key, value, timestamp, step, datasetName, datasetDigest, runId }) => ({
    key,
    value,
    timestamp,
    step,
    dataset_name: datasetName,
    dataset_digest: datasetDigest,
    model_id: modelId,
    run_id: runId,
  });
}

function listed(items: readonly WireObject[]): readonly WireObject[] | undefined {
  return items.length > 0 ? items : undefined;
}

const forbidden = ['/', ':', '.', '%', '"', "'"];

/** @throws MlflowError INVALID_PARAMETER_VALUE in MLflow's wording */
export function checkLoggedModelName(name: string): void {
  if (!forbidden.some((character) => name.includes(character))) return;
  const quoted = name.includes("'") && !name.includes('"') ? `"${name}"` : `'${name.replaceAll("'", "\\'")}'`;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid model name (${quoted}) provided. Model name must be a non-empty string and cannot contain the ` +
      `following characters: ('/', ':', '.', '%', '"', "'")`,
  );
}

export interface WireOrder {
  readonly field_name: string;
  readonly ascending: boolean | undefined;
  readonly dataset_name: string | undefined;
  readonly dataset_digest: string | undefined;
}

/** @throws MlflowError INVALID_PARAMETER_VALUE in MLflow's wording */
export function loggedModelOrder(order: WireOrder): LoggedModelOrder {
  const { field_name: field, ascending = true, dataset_name: name, dataset_digest: digest } = order;
  const [, entity, metric] = /^([^.]*)\.(.*)$/s.exec(field) ?? [];
  if (entity === undefined) return { attribute: orderAttribute(field.trim()), ascending };
  if (entity !== 'metrics' || !metric)
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Invalid order by field name: ${field}. Only metrics are supported.`,
    );
  return {
    metric: metric.replace(/^(["`])(.*)\1$/s, '$2'),
    dataset: name || digest ? { ...(name && { name }), digest: digest || undefined } : undefined,
    ascending,
  };
}

const olderNames: Readonly<Record<string, LoggedModelAttribute>> = {
  creation_time: 'creation_timestamp',
  last_updated_time: 'last_updated_timestamp',
  creation_timestamp_ms: 'creation_timestamp',
  last_updated_timestamp_ms: 'last_updated_timestamp',
};

function orderAttribute(field: string): LoggedModelAttribute {
  const attributeName =
    loggedModelAttributes.find((attribute) => attribute === field) ??
    (Object.hasOwn(olderNames, field) ? olderNames[field] : undefined);
  if (attributeName) return attributeName;
  throw mlflowError('INVALID_PARAMETER_VALUE', `Invalid order by field name: ${field}`);
}

/** A search may use the status name of responses. */
export function withStatusNames(clause: Clause): Clause {
  if (clause.entity !== 'attribute' || clause.key !== 'status') return clause;
  if (clause.kind === 'text') return { ...clause, value: statusNamed(clause.value) };
  if (clause.kind === 'list') return { ...clause, values: clause.values.map(statusNamed) };
  return clause;
}

function statusNamed(name: string): string {
  return Object.hasOwn(wireStatuses, name) ? wireStatuses[name as WireStatus] : name;
}
