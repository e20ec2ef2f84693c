import type { SourceRun } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { DatasetInput, LoggedPoint } from '../../../tracking/model.ts';
import { keyValuesIn, numberIn, someText, textIn } from './fields.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { storedRun } from './stored.ts';

const pointsAtOnce = 10_000;

export async function* sqliteRuns(file: SqliteFile, experimentId: string): AsyncGenerator<SourceRun> {
  const ids = file.rows(
    'select run_uuid from runs where experiment_id = ? order by start_time, run_uuid',
    experimentId,
  );
  for (const row of ids) {
    const id = textIn(row, 'run_uuid');
    const [run] = file.rows('select * from runs where run_uuid = ?', id);
    if (run) yield runOf(file, id, run);
  }
}

/** In pages by row id, so that a server can write to the file meanwhile. */
export async function* sqlitePoints(
  file: SqliteFile,
  { info }: SourceRun,
): AsyncGenerator<readonly LoggedPoint[]> {
  for (let after: number | undefined = -1; after !== undefined;) {
    const rows = file.rows(
      `select rowid as position, key, value, timestamp, step, is_nan from metrics
        where run_uuid = ? and rowid > ? order by rowid limit ${pointsAtOnce}`,
      info.id,
      after,
    );
    if (rows.length) yield rows.map(readPoint);
    const last: JsonObject | undefined = rows.length < pointsAtOnce ? undefined : rows.at(-1);
    after = last && numberIn(last, 'position');
  }
}

function runOf(file: SqliteFile, id: string, row: JsonObject): SourceRun {
  const texts = (table: string): JsonObject => ({
    list: file.rows(`select key, value from ${table} where run_uuid = ?`, id),
  });
  const tags = keyValuesIn(texts('tags'), 'list');
  return {
    ...storedRun(row, {
      id,
      experimentId: textIn(row, 'experiment_id'),
      name: textIn(row, 'name'),
      tags,
    }),
    metrics: file.rows('select * from latest_metrics where run_uuid = ?', id).map(readPoint),
    params: keyValuesIn(texts('params'), 'list'),
    ...linksOf(file, id),
  };
}

function readPoint(row: JsonObject): LoggedPoint {
  return {
    key: textIn(row, 'key'),
    value: numberIn(row, 'is_nan') ? Number.NaN : Number(row['value'] ?? 0),
    step: numberIn(row, 'step') ?? 0,
    timestamp: numberIn(row, 'timestamp') ?? 0,
  };
}

function linksOf(file: SqliteFile, id: string): Pick<SourceRun, 'datasets' | 'modelInputs' | 'modelOutputs'> {
  if (!file.hasTable('inputs')) return { datasets: [], modelInputs: [], modelOutputs: [] };
  const inputs = file.rows(
    `select inputs.input_uuid, datasets.* from inputs join datasets on datasets.dataset_uuid = inputs.source_id
      where inputs.source_type = 'DATASET' and inputs.destination_type = 'RUN' and inputs.destination_id = ?`,
    id,
  );
  const models = (type: string): readonly JsonObject[] =>
    file.rows('select * from inputs where source_type = ? and source_id = ?', type, id);
  return {
    datasets: inputs.map((row) => readInput(file, row)),
    modelInputs: models('RUN_INPUT').map((row) => textIn(row, 'destination_id')),
    modelOutputs: models('RUN_OUTPUT').map((row) => ({
      modelId: textIn(row, 'destination_id'),
      step: numberIn(row, 'step') ?? 0,
    })),
  };
}

function readInput(file: SqliteFile, row: JsonObject): DatasetInput {
  const [schema, profile] = [someText(row, 'dataset_schema'), someText(row, 'dataset_profile')];
  const tags = file.rows(
    'select name as key, value from input_tags where input_uuid = ?',
    textIn(row, 'input_uuid'),
  );
  return {
    dataset: {
      name: textIn(row, 'name'),
      digest: textIn(row, 'digest'),
      sourceType: textIn(row, 'dataset_source_type'),
      source: textIn(row, 'dataset_source'),
      ...(schema !== undefined && { schema }),
      ...(profile !== undefined && { profile }),
    },
    tags: keyValuesIn({ tags }, 'tags'),
  };
}
