import type { Kysely } from 'kysely';
import type { ImportedLoggedModel, ImportNote } from '../../../tracking/import-store.ts';
import type { ModelPoint } from '../../../tracking/logged-model.ts';
import type { Transaction } from '../database.ts';
import { integerId } from '../tracking/experiment-search.ts';
import { importedNote, writeNote } from './import-notes.ts';
import { rowInsert } from '../row-insert.ts';
import { metricRow } from '../tracking/run-rows.ts';
import type { Tables } from '../tables.ts';
import { chunksOf } from '../../../kernel/chunks.ts';

/** Ids per statement. */
const idsAtOnce = 500;

/** Writes a logged model and its points, unless its id belongs to a model that was not imported from the source. */
export async function putLoggedModel(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { model, note }: { readonly model: ImportedLoggedModel; readonly note: ImportNote },
): Promise<{ readonly missingRuns: readonly string[] } | undefined> {
  const { id } = model;
  const [same, imported] = await run([
    sql.selectFrom('logged_models').select('id').where('id', '=', id),
    importedNote(sql, note),
  ]);
  if (same.rows.length && !imported.rows.length) return undefined;
  const facts = {
    name: model.name,
    artifact_uri: model.artifactUri,
    status: model.status,
    lifecycle_stage: model.lifecycle,
    model_type: model.modelType,
    source_run_id: model.sourceRunId,
    created_at: model.createdAt,
    updated_at: model.updatedAt,
  };
  const missing = await missingRuns(sql, { run }, model.metrics);
  await run([
    sql
      .insertInto('logged_models')
      .values({ id, experiment_id: integerId(model.experimentId), ...facts })
      .onConflict((taken) => taken.column('id').doUpdateSet(facts)),
    ...model.params.map(({ key, value }) =>
      sql
        .insertInto('logged_model_params')
        .values({ model_id: id, key, value })
        .onConflict((taken) => taken.doNothing()),
    ),
    ...model.tags.map(({ key, value }) =>
      sql
        .insertInto('logged_model_tags')
        .values({ model_id: id, key, value })
        .onConflict((taken) => taken.columns(['model_id', 'key']).doUpdateSet({ value })),
    ),
    ...pointInsert(sql)(
      model.metrics.filter(({ runId }) => !missing.has(runId)).map((point) => pointRow(id, point)),
    ),
    writeNote(sql, note),
  ]);
  return { missingRuns: [...missing] };
}

async function missingRuns(
  sql: Kysely<Tables>,
  { run }: Transaction,
  points: readonly ModelPoint[],
): Promise<ReadonlySet<string>> {
  const missing = new Set(points.map(({ runId }) => runId));
  for (const part of chunksOf([...missing], idsAtOnce)) {
    const [{ rows }] = await run([sql.selectFrom('runs').select('id').where('id', 'in', part)]);
    for (const { id } of rows) missing.delete(id);
  }
  return missing;
}

function pointInsert(sql: Kysely<Tables>) {
  return rowInsert<Tables['model_metrics']>((rows) =>
    sql
      .insertInto('model_metrics')
      .values(rows)
      .onConflict((same) => same.doNothing()),
  );
}

function pointRow(modelId: string, point: ModelPoint): Tables['model_metrics'] {
  const { runId, datasetName = '', datasetDigest = '' } = point;
  return {
    model_id: modelId,
    dataset_name: datasetName,
    dataset_digest: datasetDigest,
    ...metricRow(runId, point),
  };
}
