import type { Kysely } from 'kysely';
import { asPipelineVersion, type ModelVersion } from '../../../registry/model.ts';
import type { Page, RegistryStore } from '../../../registry/store.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';
import { moveAlias, readAliases, readHistory } from './registry-aliases.ts';
import { createModel, deleteModel, describeModel, modelNamed, renameModel } from './registry-models.ts';
import {
  modelQueries,
  modelsOf,
  pipelineVersions,
  versionQueries,
  versionsOf,
  type VersionsQuery,
  versionsWithFolder,
} from './registry-rows.ts';
import {
  modelsCounted,
  modelsFound,
  modelSizes,
  versionsCounted,
  versionsFound,
  versionSizes,
} from './registry-search.ts';
import { fittingLimit } from '../page-size.ts';
import { deleteTag, setTag } from './registry-tags.ts';
import { insertVerdict, readVerdicts } from './registry-verdicts.ts';
import {
  adoptVersion,
  createVersion,
  deleteVersion,
  moveToStage,
  registerVersion,
} from './registry-versions.ts';
import { changeVersion, requireVersion, versionAt, versionsAt } from './registry-writes.ts';

/** Models, versions, aliases and verdicts in a SQL database. */
export function sqlRegistryStore(database: Database): RegistryStore {
  const { sql, read, transaction } = database;
  const aliased = aliasedVersion(sql);
  const readVersions = async (query: VersionsQuery): Promise<readonly ModelVersion[]> =>
    versionsOf(await read(versionQueries(sql, query)));
  return {
    createModel: (model) => createModel(database, model),
    async findModel(name) {
      return modelsOf(await read(modelQueries(sql, modelNamed(sql, name))))[0];
    },
    async listModels() {
      const [{ rows }] = await read([sql.selectFrom('registered_models').select('name').orderBy('name')]);
      return rows.map(({ name }) => name);
    },
    describeModel: (name, to) => describeModel(database, name, to),
    renameModel: (name, to) => renameModel(database, name, to),
    deleteModel: (name, by) => deleteModel(database, name, by),
    async searchModels(search) {
      const limit = await fittingLimit(database, modelSizes(sql, search), search.limit);
      return pageOf(modelsOf(await read(modelQueries(sql, modelsFound(sql, { ...search, limit })))), limit);
    },
    async countModels(filter) {
      const [{ rows }] = await read([modelsCounted(sql, filter)]);
      return Number(rows[0]?.found ?? 0);
    },

    createVersion: (version) => createVersion(database, version),
    register: (version) => registerVersion(database, version),
    adopt: (adoption) => adoptVersion(database, adoption),
    findVersion: async (key) => (await readVersions(versionAt(sql, key)))[0],
    findVersions: async (model, versions) =>
      versions.length ? readVersions(versionsAt(sql, model, versions)) : [],
    findAliased: async (alias) => versionsOf(await read(aliased(alias)))[0],
    async findByFolder(model, folder) {
      return asPipelineVersion((await readVersions(versionsWithFolder(sql, model, folder)))[0]);
    },
    async listPipelineVersions(model) {
      const versions = await readVersions(pipelineVersions(sql, model).orderBy('version', 'desc'));
      return versions.flatMap((version) => asPipelineVersion(version) ?? []);
    },
    describeVersion: (key, { description, at }) =>
      transaction((open) => changeVersion(sql, open, { key, change: { description, updated_at: at } })),
    deleteVersion: (key, by) => deleteVersion(database, key, by),
    moveToStage: (key, to) => moveToStage(database, key, to),
    async searchVersions(search) {
      const limit = await fittingLimit(database, versionSizes(sql, search), search.limit);
      return pageOf(await readVersions(versionsFound(sql, { ...search, limit })), limit);
    },
    async countVersions(filter) {
      const [{ rows }] = await read([versionsCounted(sql, filter)]);
      return Number(rows[0]?.found ?? 0);
    },

    setTag: (tag, value, at) => setTag(database, { ...tag, value }, at),
    deleteTag: (tag, at) => deleteTag(database, tag, at),

    aliases: (model) => readAliases(database, model),
    moveAlias: (move) => transaction((open) => moveAlias(sql, open, move)),
    aliasHistory: (model, alias, most) => readHistory(database, { model, alias, most }),
    decide: (verdict, move) =>
      transaction(async (open) => {
        await requireVersion(sql, open, verdict);
        if (move) await moveAlias(sql, open, move);
        return insertVerdict(sql, open, verdict);
      }),
    listVerdicts: (model, versions) => readVerdicts(database, model, versions),
  };
}

/** Clients that reload a model run this before each prediction, so it is compiled once. */
function aliasedVersion(sql: Kysely<Tables>) {
  const query = sql
    .selectFrom('model_versions')
    .innerJoin('model_aliases as pointing', (on) =>
      on
        .onRef('pointing.model', '=', 'model_versions.model')
        .onRef('pointing.version', '=', 'model_versions.version'),
    )
    .where('pointing.model', '=', '')
    .where('pointing.alias', '=', '');
  const [versions, tags, aliases] = versionQueries(sql, query);
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

function pageOf<Item>(found: readonly Item[], limit: number): Page<Item> {
  return { items: found.slice(0, limit), more: found.length > limit };
}
