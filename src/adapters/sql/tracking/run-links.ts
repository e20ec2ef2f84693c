import type { Compilable, Kysely } from 'kysely';
import type { DatasetInput, RunLinks } from '../../../tracking/model.ts';
import type { Transaction } from '../database.ts';
import { readActive } from './run-facts.ts';
import type { Tables } from '../tables.ts';

/** Says what a run read and made. What was said already is left as it is. */
export async function linkRun(
  sql: Kysely<Tables>,
  open: Transaction,
  { id, links }: { readonly id: string; readonly links: RunLinks },
): Promise<void> {
  const experimentId = await readActive(sql, open, id);
  await open.run(linkWrites(sql, { runId: id, experimentId }, links));
}

/** What a run read and made, of a run that is there. */
export function linkWrites(
  sql: Kysely<Tables>,
  { runId, experimentId }: { readonly runId: string; readonly experimentId: number },
  { datasets = [], modelInputs = [], modelOutputs = [] }: RunLinks,
): readonly Compilable[] {
  return [
    ...datasets.flatMap((input) => inputWrites(sql, { runId, experimentId, input })),
    ...modelInputs.map((modelId) =>
      modelWrite(sql, { run_id: runId, direction: 'input', model_id: modelId, step: 0 }),
    ),
    ...modelOutputs.map(({ modelId, step }) =>
      modelWrite(sql, { run_id: runId, direction: 'output', model_id: modelId, step }),
    ),
  ];
}

interface Target {
  readonly runId: string;
  readonly experimentId: number;
  readonly input: DatasetInput;
}

/** The dataset where it is new; the run's use of it and the tags of that where the use is new. */
function inputWrites(sql: Kysely<Tables>, { runId, experimentId, input }: Target): readonly Compilable[] {
  const { dataset, tags } = input;
  const datasetId = sql
    .selectFrom('datasets')
    .select('id')
    .where('experiment_id', '=', experimentId)
    .where('name', '=', dataset.name)
    .where('digest', '=', dataset.digest);
  const insertDataset = sql
    .insertInto('datasets')
    .values({
      experiment_id: experimentId,
      name: dataset.name,
      digest: dataset.digest,
      source_type: dataset.sourceType,
      source: dataset.source,
      schema: dataset.schema ?? null,
      profile: dataset.profile ?? null,
    })
    .onConflict((same) => same.doNothing());
  const insertInput = sql
    .insertInto('run_inputs')
    .values({ run_id: runId, dataset_id: datasetId })
    .onConflict((same) => same.doNothing());
  const insertTags = tags.map(({ key, value }, position) =>
    sql
      .insertInto('run_input_tags')
      .values({ run_id: runId, dataset_id: datasetId, key, value, position })
      .onConflict((same) => same.doNothing()),
  );
  return [insertDataset, insertInput, ...insertTags];
}

function modelWrite(sql: Kysely<Tables>, row: Tables['run_models']): Compilable {
  return sql
    .insertInto('run_models')
    .values(row)
    .onConflict((same) => same.columns(['run_id', 'direction', 'model_id']).doUpdateSet({ step: row.step }));
}
