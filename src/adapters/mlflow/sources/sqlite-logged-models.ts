import type { SourceLoggedModel } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { ModelPoint } from '../../../tracking/logged-model.ts';
import { keyValuesIn, numberIn, someText, textIn } from './fields.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { lifecycleOf, loggedModelStatus } from './enum-values.ts';

/** MLflow 2 has no logged models. */
export async function* sqliteLoggedModels(
  file: SqliteFile,
  experimentId: string,
): AsyncGenerator<SourceLoggedModel> {
  if (!file.hasTable('logged_models')) return;
  const ids = file.rows('select model_id from logged_models where experiment_id = ?', experimentId);
  for (const found of ids) {
    const [row] = file.rows('select * from logged_models where model_id = ?', textIn(found, 'model_id'));
    if (row) yield modelOf(file, row);
  }
}

function modelOf(file: SqliteFile, row: JsonObject): SourceLoggedModel {
  const id = textIn(row, 'model_id');
  const createdAt = numberIn(row, 'creation_timestamp_ms') ?? 0;
  const params = file.rows(
    'select param_key as key, param_value as value from logged_model_params where model_id = ?',
    id,
  );
  const tags = file.rows(
    'select tag_key as key, tag_value as value from logged_model_tags where model_id = ?',
    id,
  );
  return {
    id,
    experimentId: textIn(row, 'experiment_id'),
    name: textIn(row, 'name'),
    artifactUri: textIn(row, 'artifact_location'),
    createdAt,
    updatedAt: numberIn(row, 'last_updated_timestamp_ms') ?? createdAt,
    status: loggedModelStatus(textIn(row, 'status')),
    lifecycle: lifecycleOf(textIn(row, 'lifecycle_stage')),
    statusMessage: textIn(row, 'status_message'),
    modelType: textIn(row, 'model_type'),
    sourceRunId: textIn(row, 'source_run_id'),
    params: keyValuesIn({ params }, 'params'),
    tags: keyValuesIn({ tags }, 'tags'),
    metrics: file.rows('select * from logged_model_metrics where model_id = ?', id).map(readPoint),
  };
}

/** MLflow stores NaN of a logged model as null. */
function readPoint(row: JsonObject): ModelPoint {
  const value = row['metric_value'];
  return {
    key: textIn(row, 'metric_name'),
    value: value === null || value === undefined ? Number.NaN : Number(value),
    step: numberIn(row, 'metric_step') ?? 0,
    timestamp: numberIn(row, 'metric_timestamp_ms') ?? 0,
    runId: textIn(row, 'run_id'),
    datasetName: someText(row, 'dataset_name'),
    datasetDigest: someText(row, 'dataset_digest'),
  };
}
