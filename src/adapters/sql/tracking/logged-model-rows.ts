import type { Selectable } from 'kysely';
import type { LoggedModel, LoggedModelStatus, ModelPoint } from '../../../tracking/logged-model.ts';
import type { KeyValue } from '../../../tracking/model.ts';
import { groupRows } from '../group-rows.ts';
import type { Tables } from '../tables.ts';

export type LoggedModelRow = Selectable<Tables['logged_models']>;
type TextRow = Selectable<Tables['logged_model_params']>;
type PointRow = Selectable<Tables['model_metrics']>;

/** What hangs on logged models, of many of them at once, in the order in which it is told. */
export interface LoggedModelParts {
  readonly params: readonly TextRow[];
  readonly tags: readonly TextRow[];
  readonly metrics: readonly PointRow[];
}

export function loggedModelsOf(
  rows: readonly LoggedModelRow[],
  parts: LoggedModelParts,
): readonly LoggedModel[] {
  const params = groupRows(parts.params, ({ model_id }) => model_id);
  const tags = groupRows(parts.tags, ({ model_id }) => model_id);
  const metrics = groupRows(parts.metrics, ({ model_id }) => model_id);
  return rows.map((row) => ({
    id: row.id,
    experimentId: String(row.experiment_id),
    name: row.name,
    artifactUri: row.artifact_uri,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    status: row.status as LoggedModelStatus,
    modelType: row.model_type,
    sourceRunId: row.source_run_id,
    params: (params.get(row.id) ?? []).map(keyValue),
    tags: (tags.get(row.id) ?? []).map(keyValue),
    metrics: (metrics.get(row.id) ?? []).map(pointOf),
  }));
}

function keyValue({ key, value }: TextRow): KeyValue {
  return { key, value };
}

function pointOf(row: PointRow): ModelPoint {
  return {
    key: row.key,
    value: row.is_nan ? Number.NaN : row.value,
    step: row.step,
    timestamp: row.timestamp,
    runId: row.run_id,
    datasetName: row.dataset_name || undefined,
    datasetDigest: row.dataset_digest || undefined,
  };
}
