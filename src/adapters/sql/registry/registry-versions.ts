import type { Kysely } from 'kysely';
import type {
  AliasChange,
  CatalogueVersion,
  NewCatalogueVersion,
  Stage,
  VersionKey,
} from '../../../registry/catalogue-model.ts';
import { versionCreated } from '../../../registry/webhooks/event.ts';
import type { Database, Transaction } from '../database.ts';
import {
  aliasQueries,
  changeVersion,
  holdModel,
  isPrompt,
  modelChanged,
  readVersion,
  requireVersion,
} from './registry-writes.ts';
import { toColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';
import { queueFor } from './webhook-queue.ts';

/** Who does it, and when. */
interface By {
  readonly by: string;
  readonly at: number;
}

type Alias = Pick<AliasChange, 'model' | 'alias'>;

/** @throws PlatformError MODEL_NOT_FOUND */
export function createVersion(
  { sql, transaction }: Database,
  made: NewCatalogueVersion,
): Promise<CatalogueVersion> {
  const { model, source, storage, tags, at } = made;
  return transaction(async (open) => {
    const held = await holdModel(sql, open, model);
    const version = held.lastVersion + 1;
    await open.run([
      sql.insertInto('model_versions').values({
        model,
        version,
        run_id: made.runId ?? null,
        folder: null,
        source,
        storage_location: storage === source ? null : storage,
        run_link: made.runLink,
        logged_model_id: made.loggedModelId ?? null,
        metrics: toColumn(made.metrics ?? {}),
        description: made.description,
        created_at: at,
        updated_at: at,
      }),
      sql
        .updateTable('registered_models')
        .set({ last_version: version, updated_at: at })
        .where('name', '=', model),
      ...Object.entries(tags).map(([key, value]) =>
        sql.insertInto('model_version_tags').values({ model, version, key, value }),
      ),
      queueFor(sql, versionCreated(made, String(version), held.isPrompt || isPrompt(tags)), at),
    ]);
    return readVersion(sql, open, { model, version });
  });
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export function deleteVersion(
  { sql, transaction }: Database,
  key: VersionKey,
  { by, at }: By,
): Promise<readonly AliasChange[]> {
  const { model, version } = key;
  return transaction(async (open) => {
    const held = await holdModel(sql, open, model);
    await requireVersion(sql, open, key);
    const pointing = sql.selectFrom('model_aliases').select('alias').where('model', '=', model);
    const [aliases] = await open.run([pointing.where('version', '=', version).orderBy('alias')]);
    const changes = aliases.rows.map(({ alias }): AliasChange => ({
      model,
      alias,
      from: version,
      to: undefined,
      by,
      movedAt: at,
    }));
    const parts = ['judgements', 'model_aliases', 'model_version_tags', 'model_versions'] as const;
    await open.run([
      ...parts.map((table) =>
        sql.deleteFrom(table).where('model', '=', model).where('version', '=', version),
      ),
      ...changes.flatMap((change) => aliasQueries(sql, change, held)),
      modelChanged(sql, model, at),
    ]);
    return changes;
  });
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export function moveToStage(
  { sql, transaction }: Database,
  key: VersionKey,
  to: { readonly stage: Stage; readonly archiveOthers: boolean; readonly at: number },
): Promise<CatalogueVersion> {
  const { stage, archiveOthers, at } = to;
  return transaction(async (open) => {
    const version = await changeVersion(sql, open, { key, change: { stage, updated_at: at } });
    const others = sql
      .updateTable('model_versions')
      .set({ stage: 'Archived', updated_at: at })
      .where('model', '=', key.model)
      .where('version', '<>', key.version)
      .where('stage', '=', stage);
    await open.run([modelChanged(sql, key.model, at), ...(archiveOthers ? [others] : [])]);
    return version;
  });
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export function putAlias(
  { sql, transaction }: Database,
  { model, version, alias }: VersionKey & Alias,
  { by, at }: By,
): Promise<AliasChange | undefined> {
  return transaction(async (open) => {
    const held = await holdModel(sql, open, model);
    await requireVersion(sql, open, { model, version });
    const from = await aliasedVersion(sql, open, { model, alias });
    if (from === version) return undefined;
    const change: AliasChange = { model, alias, from, to: version, by, movedAt: at };
    await open.run([
      sql
        .insertInto('model_aliases')
        .values({ model, alias, version })
        .onConflict((same) => same.columns(['model', 'alias']).doUpdateSet({ version })),
      ...aliasQueries(sql, change, held),
    ]);
    return change;
  });
}

/** @throws PlatformError MODEL_NOT_FOUND */
export function removeAlias(
  { sql, transaction }: Database,
  { model, alias }: Alias,
  { by, at }: By,
): Promise<AliasChange | undefined> {
  return transaction(async (open) => {
    const held = await holdModel(sql, open, model);
    const from = await aliasedVersion(sql, open, { model, alias });
    if (from === undefined) return undefined;
    const change: AliasChange = { model, alias, from, to: undefined, by, movedAt: at };
    await open.run([
      sql.deleteFrom('model_aliases').where('model', '=', model).where('alias', '=', alias),
      ...aliasQueries(sql, change, held),
    ]);
    return change;
  });
}

async function aliasedVersion(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { model, alias }: Alias,
): Promise<number | undefined> {
  const aliases = sql.selectFrom('model_aliases').select('version').where('model', '=', model);
  const [{ rows }] = await run([aliases.where('alias', '=', alias)]);
  return rows[0]?.version;
}
