import type { Compilable, Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { RegisteredModel } from '../../../registry/catalogue-model.ts';
import type { ModelCatalogue, Page } from '../../../registry/catalogue.ts';
import { modelCreated } from '../../../registry/webhooks/event.ts';
import type { Database, Transaction } from '../database.ts';
import { deleteTag, setTag } from './registry-tags.ts';
import { modelQueries, modelsOf, versionQueries, versionsOf, aliasChangeOf } from './registry-rows.ts';
import { modelsFound, versionsFound } from './registry-search.ts';
import type { Tables } from '../tables.ts';
import { createVersion, deleteVersion, moveToStage, putAlias, removeAlias } from './registry-versions.ts';
import { changeVersion, isPrompt, holdModel, versionAt } from './registry-writes.ts';
import { queueFor } from './webhook-queue.ts';

/** All models and versions in a SQL database. */
export function sqlModelCatalogue(database: Database): ModelCatalogue {
  const { sql, read, transaction } = database;
  const aliased = aliasedVersion(sql);
  return {
    createModel: (model) =>
      transaction(async (open) => {
        const { name, description, tags, at } = model;
        await insertModel(sql, open, model);
        const told = modelCreated(model, isPrompt(tags));
        await open.run([
          ...Object.entries(tags).map(([key, value]) =>
            sql.insertInto('registered_model_tags').values({ model: name, key, value }),
          ),
          queueFor(sql, told, at),
        ]);
        return { name, description, tags, aliases: {}, latest: [], createdAt: at, updatedAt: at };
      }),
    async findModel(name) {
      return modelsOf(await read(modelQueries(sql, modelNamed(sql, name))))[0];
    },
    describeModel: (name, { description, at }) =>
      transaction(async (open) => {
        await holdModel(sql, open, name);
        const change = sql
          .updateTable('registered_models')
          .set({ description, updated_at: at })
          .where('name', '=', name);
        await open.run([change]);
        return readModel(sql, open, name);
      }),
    renameModel: (name, to) =>
      transaction(async (open) => {
        await holdModel(sql, open, name);
        await refuseTaken(sql, open, to.name);
        await open.run([
          sql
            .updateTable('registered_models')
            .set({ name: to.name, updated_at: to.at })
            .where('name', '=', name),
          sql.updateTable('model_versions').set({ updated_at: to.at }).where('model', '=', to.name),
        ]);
        return readModel(sql, open, to.name);
      }),
    deleteModel: (model, { by, at }) =>
      transaction(async (open) => {
        await holdModel(sql, open, model);
        const aliases = sql
          .selectFrom('model_aliases')
          .selectAll()
          .where('model', '=', model)
          .orderBy('alias');
        const [{ rows }] = await open.run([aliases, ...modelDeletes(sql, model)]);
        return rows.map(({ alias, version }) => {
          return { model, alias, from: version, to: undefined, by, movedAt: at };
        });
      }),
    async searchModels(search) {
      return pageOf(modelsOf(await read(modelQueries(sql, modelsFound(sql, search)))), search.limit);
    },

    createVersion: (version) => createVersion(database, version),
    async findVersion(key) {
      return versionsOf(await read(versionQueries(sql, versionAt(sql, key))))[0];
    },
    findAliased: async (alias) => versionsOf(await read(aliased(alias)))[0],
    describeVersion: (key, { description, at }) =>
      transaction((open) => changeVersion(sql, open, { key, change: { description, updated_at: at } })),
    deleteVersion: (key, by) => deleteVersion(database, key, by),
    moveToStage: (key, to) => moveToStage(database, key, to),
    async searchVersions(search) {
      return pageOf(versionsOf(await read(versionQueries(sql, versionsFound(sql, search)))), search.limit);
    },

    setTag: (tag, value, at) => setTag(database, { ...tag, value }, at),
    deleteTag: (tag, at) => deleteTag(database, tag, at),
    putAlias: (alias, by) => putAlias(database, alias, by),
    removeAlias: (alias, by) => removeAlias(database, alias, by),
    async aliasChanges(model, alias) {
      const changes = sql
        .selectFrom('alias_moves')
        .selectAll()
        .where('model', '=', model)
        .where('alias', '=', alias)
        .orderBy('id', 'desc');
      const [{ rows }] = await read([changes]);
      return rows.map(aliasChangeOf);
    },
  };
}

/** Asked before each prediction by clients that load a model anew, so its texts are made once. */
function aliasedVersion(sql: Kysely<Tables>) {
  const asked = sql
    .selectFrom('model_versions')
    .innerJoin('model_aliases as pointing', (on) =>
      on
        .onRef('pointing.model', '=', 'model_versions.model')
        .onRef('pointing.version', '=', 'model_versions.version'),
    )
    .where('pointing.model', '=', '')
    .where('pointing.alias', '=', '');
  const [versions, tags, aliases] = versionQueries(sql, asked);
  const [version, tag, alias] = [versions.compile(), tags.compile(), aliases.compile()];
  return (key: { readonly model: string; readonly alias: string }): ReturnType<typeof versionQueries> => {
    const parameters = [key.model, key.alias];
    return [
      { compile: () => ({ ...version, parameters }) },
      { compile: () => ({ ...tag, parameters }) },
      { compile: () => ({ ...alias, parameters }) },
    ];
  };
}

async function insertModel(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { name, description, at }: { readonly name: string; readonly description: string; readonly at: number },
): Promise<void> {
  const [{ numAffectedRows }] = await run([
    sql
      .insertInto('registered_models')
      .values({ name, description, created_at: at, updated_at: at })
      .onConflict((taken) => taken.doNothing()),
  ]);
  if (!numAffectedRows) throw taken(name);
}

async function refuseTaken(sql: Kysely<Tables>, { run }: Transaction, name: string): Promise<void> {
  const [{ rows }] = await run([modelNamed(sql, name).select('name')]);
  if (rows.length) throw taken(name);
}

function taken(name: string): PlatformError {
  const remedy = 'A model has the name already: give another, or register a version under it.';
  return new PlatformError('MODEL_EXISTS', { field: 'model', value: name, remedy });
}

function modelNamed(sql: Kysely<Tables>, name: string) {
  return sql.selectFrom('registered_models').where('registered_models.name', '=', name);
}

async function readModel(sql: Kysely<Tables>, { run }: Transaction, name: string): Promise<RegisteredModel> {
  const [model] = modelsOf(await run(modelQueries(sql, modelNamed(sql, name))));
  if (model) return model;
  const remedy = 'It was written and not found again.';
  throw new PlatformError('INTERNAL', { field: 'model', value: name, remedy });
}

/** What points to a row goes before it. */
export function modelDeletes(sql: Kysely<Tables>, name: string): readonly Compilable[] {
  const parts = [
    'judgements',
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

function pageOf<Item>(found: readonly Item[], limit: number): Page<Item> {
  return { items: found.slice(0, limit), more: found.length > limit };
}
