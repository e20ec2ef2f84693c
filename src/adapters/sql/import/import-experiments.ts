import type { Compilable, Kysely } from 'kysely';
import type { PutExperiment, ImportedExperiment, ImportNote } from '../../../tracking/import-store.ts';
import type { Lifecycle } from '../../../tracking/model.ts';
import type { Transaction } from '../database.ts';
import { integerId } from '../tracking/experiment-search.ts';
import { noteOf, writeNote } from './import-notes.ts';
import type { Tables } from '../tables.ts';

interface LocalExperiment {
  readonly id: number;
  readonly name: string;
  readonly lifecycle_stage: Lifecycle;
}

interface Found {
  readonly row: LocalExperiment;
  readonly isJoined: boolean;
  readonly isImported: boolean;
}

type Note = Omit<ImportNote, 'local_id'>;

const defaultId = 0;

/** Updates the local experiment of an imported one, or creates it. */
export async function putExperiment(
  sql: Kysely<Tables>,
  open: Transaction,
  { experiment, note }: { readonly experiment: ImportedExperiment; readonly note: Note },
): Promise<PutExperiment> {
  const found = await findExperiment(sql, open, { experiment, note });
  const { row, isJoined, isImported } = found ?? {
    row: await createExperiment(sql, open, experiment),
    isJoined: false,
    isImported: false,
  };
  const changed = found && !isJoined ? await changeExperiment(sql, open, { row, experiment }) : row;
  await open.run([
    ...tagWrites(sql, row.id, experiment),
    writeNote(sql, { ...note, localId: String(row.id) }, isJoined),
  ]);
  return {
    id: String(row.id),
    name: changed.name,
    lifecycle: changed.lifecycle_stage,
    how: isJoined ? 'joined' : isImported ? 'updated' : 'created',
  };
}

async function findExperiment(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { experiment, note }: { readonly experiment: ImportedExperiment; readonly note: Note },
): Promise<Found | undefined> {
  const experiments = sql.selectFrom('experiments').select(['id', 'name', 'lifecycle_stage']);
  const [notes, named, standard] = await run([
    noteOf(sql, note).select(['local_id', 'is_joined']),
    experiments.where('name', '=', experiment.name),
    experiments.where('id', '=', defaultId),
  ]);
  const [imported] = notes.rows;
  if (imported) {
    const [{ rows }] = await run([experiments.where('id', '=', integerId(imported.local_id))]);
    const [row] = rows;
    if (row) return { row, isJoined: imported.is_joined === 1, isImported: true };
  }
  const [row] = experiment.id === String(defaultId) ? standard.rows : named.rows;
  return row && { row, isJoined: true, isImported: false };
}

async function createExperiment(
  sql: Kysely<Tables>,
  { run }: Transaction,
  experiment: ImportedExperiment,
): Promise<LocalExperiment> {
  const { name, lifecycle, createdAt, updatedAt, artifactLocation } = experiment;
  const number = integerId(experiment.id);
  const [taken] = await run([sql.selectFrom('experiments').select('id').where('id', '=', number)]);
  const values = { name, lifecycle_stage: lifecycle, created_at: createdAt, updated_at: updatedAt };
  const isFree = number > defaultId && !taken.rows.length;
  const [{ rows }] = await run([
    sql
      .insertInto('experiments')
      .values({ ...values, ...(isFree && { id: number }) })
      .returning(['id', 'name', 'lifecycle_stage']),
  ]);
  const [row] = rows;
  if (!row) throw new TypeError('the database did not return the new experiment');
  await run([
    sql
      .updateTable('experiments')
      .set({ artifact_location: artifactLocation ?? `mlflow-artifacts:/${row.id}` })
      .where('id', '=', row.id),
  ]);
  return row;
}

/** The experiment keeps its name if another one has the new name. */
async function changeExperiment(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { row, experiment }: { readonly row: LocalExperiment; readonly experiment: ImportedExperiment },
): Promise<LocalExperiment> {
  const { lifecycle, updatedAt } = experiment;
  const [taken] = await run([
    sql.selectFrom('experiments').select('id').where('name', '=', experiment.name).where('id', '<>', row.id),
  ]);
  const name = taken.rows.length ? row.name : experiment.name;
  await run([
    sql
      .updateTable('experiments')
      .set({ name, lifecycle_stage: lifecycle, updated_at: updatedAt })
      .where('id', '=', row.id),
  ]);
  return { id: row.id, name, lifecycle_stage: lifecycle };
}

function tagWrites(sql: Kysely<Tables>, id: number, { tags }: ImportedExperiment): readonly Compilable[] {
  return tags.map(({ key, value }) =>
    sql
      .insertInto('experiment_tags')
      .values({ experiment_id: id, key, value })
      .onConflict((same) => same.columns(['experiment_id', 'key']).doUpdateSet({ value })),
  );
}
