import type { Compilable, Kysely } from 'kysely';
import type { PutExperiment, ImportedExperiment, ImportNote } from '../../../tracking/import-store.ts';
import type { Lifecycle } from '../../../tracking/model.ts';
import type { Transaction } from '../database.ts';
import { integerId } from '../tracking/experiment-search.ts';
import { noteOf, writeNote } from './import-notes.ts';
import type { Tables } from '../tables.ts';

interface Here {
  readonly id: number;
  readonly name: string;
  readonly lifecycle_stage: Lifecycle;
}

interface Found {
  readonly row: Here;
  readonly isJoined: boolean;
  readonly isKnown: boolean;
}

type Note = Omit<ImportNote, 'ours'>;

const defaultId = 0;

/** Brings an experiment to the one that stands for it here, and makes that where there is none. */
export async function putExperiment(
  sql: Kysely<Tables>,
  open: Transaction,
  { experiment, note }: { readonly experiment: ImportedExperiment; readonly note: Note },
): Promise<PutExperiment> {
  const found = await findExperiment(sql, open, { experiment, note });
  const { row, isJoined, isKnown } = found ?? {
    row: await makeExperiment(sql, open, experiment),
    isJoined: false,
    isKnown: false,
  };
  const changed = found && !isJoined ? await changeExperiment(sql, open, { row, experiment }) : row;
  await open.run([
    ...tagWrites(sql, row.id, experiment),
    writeNote(sql, { ...note, ours: String(row.id) }, isJoined),
  ]);
  return {
    id: String(row.id),
    name: changed.name,
    lifecycle: changed.lifecycle_stage,
    how: isJoined ? 'joined' : isKnown ? 'updated' : 'created',
  };
}

async function findExperiment(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { experiment, note }: { readonly experiment: ImportedExperiment; readonly note: Note },
): Promise<Found | undefined> {
  const experiments = sql.selectFrom('experiments').select(['id', 'name', 'lifecycle_stage']);
  const [known, named, standard] = await run([
    noteOf(sql, note).select(['ours', 'is_joined']),
    experiments.where('name', '=', experiment.name),
    experiments.where('id', '=', defaultId),
  ]);
  const [noted] = known.rows;
  if (noted) {
    const [{ rows }] = await run([experiments.where('id', '=', integerId(noted.ours))]);
    const [row] = rows;
    if (row) return { row, isJoined: noted.is_joined === 1, isKnown: true };
  }
  const [row] = experiment.id === String(defaultId) ? standard.rows : named.rows;
  return row && { row, isJoined: true, isKnown: false };
}

async function makeExperiment(
  sql: Kysely<Tables>,
  { run }: Transaction,
  experiment: ImportedExperiment,
): Promise<Here> {
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
  if (!row) throw new TypeError('an experiment that was made has no id');
  await run([
    sql
      .updateTable('experiments')
      .set({ artifact_location: artifactLocation ?? `mlflow-artifacts:/${row.id}` })
      .where('id', '=', row.id),
  ]);
  return row;
}

/** It keeps its name where another experiment has the new one. */
async function changeExperiment(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { row, experiment }: { readonly row: Here; readonly experiment: ImportedExperiment },
): Promise<Here> {
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
