import type { Compilable, Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { AliasMove, NewModel, RegisteredModel } from '../../../registry/model.ts';
import type { ChangedBy } from '../../../registry/store.ts';
import { modelCreated } from '../../../registry/webhooks/event.ts';
import type { Database, Transaction } from '../database.ts';
import type { Tables } from '../tables.ts';
import { modelQueries, type ModelsQuery, modelsOf } from './registry-rows.ts';
import { holdModel, isPrompt } from './registry-writes.ts';
import { queueFor } from './webhook-queue.ts';

/** @throws PlatformError MODEL_EXISTS */
export function createModel({ sql, transaction }: Database, model: NewModel): Promise<RegisteredModel> {
  const { name, description, tags, at } = model;
  return transaction(async (open) => {
    if (!(await insertModel(sql, open, model))) throw taken(name);
    await open.run([
      ...Object.entries(tags).map(([key, value]) =>
        sql.insertInto('registered_model_tags').values({ model: name, key, value }),
      ),
      queueFor(sql, modelCreated(model, isPrompt(tags)), at),
    ]);
    return { name, description, tags, aliases: {}, latest: [], createdAt: at, updatedAt: at };
  });
}

/** @returns whether it is new */
export async function insertModel(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { name, description, at }: Pick<NewModel, 'name' | 'description' | 'at'>,
): Promise<boolean> {
  const [{ numAffectedRows }] = await run([
    sql
      .insertInto('registered_models')
      .values({ name, description, created_at: at, updated_at: at })
      .onConflict((same) => same.doNothing()),
  ]);
  return Boolean(numAffectedRows);
}

/** @throws PlatformError MODEL_NOT_FOUND */
export function describeModel(
  { sql, transaction }: Database,
  name: string,
  { description, at }: { readonly description: string; readonly at: number },
): Promise<RegisteredModel> {
  return transaction(async (open) => {
    await holdModel(sql, open, name);
    const change = sql
      .updateTable('registered_models')
      .set({ description, updated_at: at })
      .where('name', '=', name);
    await open.run([change]);
    return readModel(sql, open, name);
  });
}

/** @throws PlatformError MODEL_NOT_FOUND, MODEL_EXISTS */
export function renameModel(
  { sql, transaction }: Database,
  name: string,
  to: { readonly name: string; readonly at: number },
): Promise<RegisteredModel> {
  return transaction(async (open) => {
    await holdModel(sql, open, name);
    const [{ rows }] = await open.run([modelNamed(sql, to.name).select('registered_models.name')]);
    if (rows.length) throw taken(to.name);
    await open.run([
      sql.updateTable('registered_models').set({ name: to.name, updated_at: to.at }).where('name', '=', name),
      sql.updateTable('model_versions').set({ updated_at: to.at }).where('model', '=', to.name),
    ]);
    return readModel(sql, open, to.name);
  });
}

/** @throws PlatformError MODEL_NOT_FOUND */
export function deleteModel(
  { sql, transaction }: Database,
  model: string,
  { by, at }: ChangedBy,
): Promise<readonly AliasMove[]> {
  return transaction(async (open) => {
    await holdModel(sql, open, model);
    const aliases = sql.selectFrom('model_aliases').selectAll().where('model', '=', model).orderBy('alias');
    const [{ rows }] = await open.run([aliases, ...modelDeletes(sql, model)]);
    return rows.map(({ alias, version }) => {
      return { model, alias, from: version, to: undefined, by, movedAt: at };
    });
  });
}

function taken(name: string): PlatformError {
  const remedy = 'A model with this name exists: choose another name, or register a version under it.';
  return new PlatformError('MODEL_EXISTS', { field: 'model', value: name, remedy });
}

export function modelNamed(sql: Kysely<Tables>, name: string): ModelsQuery {
  return sql.selectFrom('registered_models').where('registered_models.name', '=', name);
}

async function readModel(sql: Kysely<Tables>, { run }: Transaction, name: string): Promise<RegisteredModel> {
  const [model] = modelsOf(await run(modelQueries(sql, modelNamed(sql, name))));
  if (model) return model;
  const remedy = 'The model was not found after it was written.';
  throw new PlatformError('INTERNAL', { field: 'model', value: name, remedy });
}

/** Deletes a model. Rows that reference other rows are deleted first. */
export function modelDeletes(sql: Kysely<Tables>, name: string): readonly Compilable[] {
  const parts = [
    'verdicts',
    'model_aliases',
    'alias_moves',
    'model_version_tags',
    'model_versions',
    'registered_model_tags',
  ] as const;
  return [
    ...parts.map((table) => sql.deleteFrom(table).where('model', '=', name)),
    sql.deleteFrom('registered_models').where('name', '=', name),
  ];
}
