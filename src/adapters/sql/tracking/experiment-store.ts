import type { Compilable, Kysely, UpdateQueryBuilder, UpdateResult } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { ExperimentStore } from '../../../tracking/experiment-store.ts';
import type { Experiment, NewExperiment } from '../../../tracking/model.ts';
import type { Database, Transaction } from '../database.ts';
import { datasetSummaries, summaryOf } from './dataset-summaries.ts';
import {
  experimentIds,
  experimentOf,
  experimentSizes,
  integerId,
  type ExperimentIds,
} from './experiment-search.ts';
import { fittingLimit } from '../page-size.ts';
import { groupRows } from '../group-rows.ts';
import { notActive } from './run-facts.ts';
import type { Tables } from '../tables.ts';

/** Experiments in a SQL database. */
export function sqlExperimentStore(database: Database): ExperimentStore {
  const { sql, transaction } = database;
  const one = async (where: (ids: ExperimentIds) => ExperimentIds) =>
    (await readExperiments(database, where(allIds(sql))))[0];
  return {
    ensure: (name, now) => transaction((open) => ensure(sql, open, { name, now })),
    create: (experiment) => transaction((open) => create(sql, open, experiment)),
    get: (id) => one((ids) => ids.where('id', '=', integerId(id))),
    getByName: (name) => one((ids) => ids.where('name', '=', name)),
    async search(query) {
      const limit = await fittingLimit(database, experimentSizes(sql, query), query.limit);
      const items = await readExperiments(database, experimentIds(sql, { ...query, limit }));
      const more = items.length > limit;
      return { items: items.slice(0, limit), next: more ? query.offset + limit : undefined };
    },
    rename: (id, name, now) =>
      transaction(async (open) => {
        await requireActive(sql, open, id);
        const [taken] = await open.run([sql.selectFrom('experiments').select('id').where('name', '=', name)]);
        if (taken.rows.some((row) => row.id !== integerId(id))) throw nameTaken(name);
        await open.run([
          sql.updateTable('experiments').set({ name, updated_at: now }).where('id', '=', integerId(id)),
        ]);
      }),
    delete: (id, now) =>
      transaction(async (open) => {
        await move(sql, open, { id, from: 'active', to: 'deleted', now });
        await open.run([
          sql
            .updateTable('runs')
            .set({ lifecycle_stage: 'deleted', deleted_at: now, deleted_with_experiment: 1 })
            .where('experiment_id', '=', integerId(id))
            .where('lifecycle_stage', '=', 'active'),
        ]);
      }),
    restore: (id, now) =>
      transaction(async (open) => {
        await move(sql, open, { id, from: 'deleted', to: 'active', now });
        await open.run([restoreRuns(sql).where('experiment_id', '=', integerId(id))]);
      }),
    setTag: (id, { key, value }) =>
      transaction(async (open) => {
        await requireActive(sql, open, id);
        await open.run([
          sql
            .insertInto('experiment_tags')
            .values({ experiment_id: integerId(id), key, value })
            .onConflict((same) => same.columns(['experiment_id', 'key']).doUpdateSet({ value })),
        ]);
      }),
    deleteTag: (id, key) =>
      transaction(async (open) => {
        await requireActive(sql, open, id);
        const [{ numAffectedRows }] = await open.run([
          sql.deleteFrom('experiment_tags').where('experiment_id', '=', integerId(id)).where('key', '=', key),
        ]);
        if (!numAffectedRows) throw noTag(id, key);
      }),
    async datasets(ids, limit) {
      if (!ids.length) return [];
      const [{ rows }] = await database.read([datasetSummaries(sql, ids.map(integerId), limit)]);
      return rows.map(summaryOf);
    },
  };
}

function allIds(sql: Kysely<Tables>): ExperimentIds {
  return sql.selectFrom('experiments').select('id');
}

async function create(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { name, artifactLocation, tags, now }: NewExperiment,
): Promise<string> {
  const [inserted] = await run([
    sql
      .insertInto('experiments')
      .values({ name, created_at: now, updated_at: now })
      .onConflict((same) => same.doNothing())
      .returning('id'),
  ]);
  const [row] = inserted.rows;
  if (!row) throw nameTaken(name);
  const { id } = row;
  const location = artifactLocation ?? `mlflow-artifacts:/${id}`;
  const values = [...new Map(tags.map(({ key, value }) => [key, value]))].map(([key, value]) => ({
    experiment_id: id,
    key,
    value,
  }));
  await run([
    sql.updateTable('experiments').set({ artifact_location: location }).where('id', '=', id),
    ...(values.length ? [sql.insertInto('experiment_tags').values(values)] : []),
  ]);
  return String(id);
}

async function ensure(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { name, now }: { readonly name: string; readonly now: number },
): Promise<Experiment> {
  const named = sql.selectFrom('experiments').where('name', '=', name);
  const insert = sql.insertInto('experiments').values({ name, created_at: now, updated_at: now });
  const [, , , , experiments, tags] = await run([
    insert.onConflict((same) => same.doNothing()),
    setLocation(sql, name),
    ...restoreNamed(sql, name, now),
    named.selectAll(),
    sql
      .selectFrom('experiment_tags')
      .selectAll()
      .where('experiment_id', 'in', named.select('id'))
      .orderBy('key'),
  ]);
  const [row] = experiments.rows;
  if (row) return experimentOf(row, tags.rows);
  throw new PlatformError('INTERNAL', {
    field: 'experiment',
    value: name,
    remedy: 'The database did not return it after it was written.',
  });
}

/** Restores an experiment, if it is deleted, and the runs that were deleted with it. */
function restoreNamed(sql: Kysely<Tables>, name: string, now: number) {
  const deleted = sql
    .selectFrom('experiments')
    .select('id')
    .where('name', '=', name)
    .where('lifecycle_stage', '=', 'deleted');
  const experiment = sql
    .updateTable('experiments')
    .set({ lifecycle_stage: 'active', updated_at: now })
    .where('id', 'in', deleted);
  return [restoreRuns(sql).where('experiment_id', 'in', deleted), experiment] as const;
}

/** The default location contains the id, which the insert assigns. */
function setLocation(sql: Kysely<Tables>, name: string): Compilable {
  return sql
    .updateTable('experiments')
    .set((row) => ({
      artifact_location: row.fn<string>('concat', [
        row.cast<string>(row.val('mlflow-artifacts:/'), 'text'),
        'id',
      ]),
    }))
    .where('name', '=', name)
    .where('artifact_location', '=', '');
}

/** Reads experiments with their tags in the order of the ids. */
async function readExperiments({ sql, read }: Database, ids: ExperimentIds) {
  const [found] = await read([ids]);
  if (!found.rows.length) return [];
  const list = found.rows.map(({ id }) => id);
  const [experiments, tags] = await read([
    sql.selectFrom('experiments').selectAll().where('id', 'in', list),
    sql.selectFrom('experiment_tags').selectAll().where('experiment_id', 'in', list).orderBy('key'),
  ]);
  const rows = new Map(experiments.rows.map((row) => [row.id, row]));
  const tagsOf = groupRows(tags.rows, ({ experiment_id }) => experiment_id);
  return list.flatMap((id) => {
    const row = rows.get(id);
    return row ? [experimentOf(row, tagsOf.get(id) ?? [])] : [];
  });
}

async function requireActive(sql: Kysely<Tables>, { run }: Transaction, id: string): Promise<void> {
  const [{ rows }] = await run([
    sql.selectFrom('experiments').select('lifecycle_stage').where('id', '=', integerId(id)),
  ]);
  const [row] = rows;
  if (!row) throw noExperiment(id);
  if (row.lifecycle_stage !== 'active') throw notActive('experiment', id);
}

interface Move {
  readonly id: string;
  readonly from: 'active' | 'deleted';
  readonly to: 'active' | 'deleted';
  readonly now: number;
}

async function move(sql: Kysely<Tables>, { run }: Transaction, { id, from, to, now }: Move): Promise<void> {
  const [{ numAffectedRows }] = await run([
    sql
      .updateTable('experiments')
      .set({ lifecycle_stage: to, updated_at: now })
      .where('id', '=', integerId(id))
      .where('lifecycle_stage', '=', from),
  ]);
  if (!numAffectedRows) throw noExperiment(id);
}

export function noExperiment(id: string): PlatformError {
  const remedy = 'No experiment has this id: list the runs with: modelyard runs.';
  return new PlatformError('EXPERIMENT_NOT_FOUND', { field: 'experiment', value: id, remedy });
}

function nameTaken(name: string): PlatformError {
  const remedy = 'The name is in use, possibly by a deleted one: take another name, or restore that one.';
  return new PlatformError('EXPERIMENT_EXISTS', { field: 'experiment', value: name, remedy });
}

function noTag(id: string, key: string): PlatformError {
  const remedy = `Experiment ${id} has no such tag.`;
  return new PlatformError('TAG_NOT_FOUND', { field: 'tag', value: key, remedy });
}

/** Restores runs that were deleted because their experiment was. */
function restoreRuns(sql: Kysely<Tables>): UpdateQueryBuilder<Tables, 'runs', 'runs', UpdateResult> {
  return sql
    .updateTable('runs')
    .set({ lifecycle_stage: 'active', deleted_at: null, deleted_with_experiment: 0 })
    .where('lifecycle_stage', '=', 'deleted')
    .where('deleted_with_experiment', '=', 1);
}
