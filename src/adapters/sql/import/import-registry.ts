import { sql as raw, type Kysely } from 'kysely';
import type { ImportedModel, ImportedVersion, RegistryImport } from '../../../registry/import-store.ts';
import type { ImportNote } from '../../../tracking/import-store.ts';
import type { Database, Transaction } from '../database.ts';
import { importedNote, writeNote } from './import-notes.ts';
import { holdModel, requireVersion, versionAt } from '../registry/registry-writes.ts';
import type { Tables } from '../tables.ts';

/** Writes imported models, versions and aliases to a SQL database. */
export function sqlRegistryImport({ sql, transaction }: Database): RegistryImport {
  return {
    putModel: (model, note) => transaction((open) => putModel(sql, open, { model, note })),
    putVersion: (version, note) => transaction((open) => putVersion(sql, open, { version, note })),
    async putAliases(model, aliases, by) {
      await transaction((open) => putAliases(sql, open, { model, aliases, ...by }));
    },
  };
}

async function putModel(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { model, note }: { readonly model: ImportedModel; readonly note: ImportNote },
): Promise<boolean> {
  const { name, description, tags, createdAt, updatedAt } = model;
  const [same, imported] = await run([
    sql.selectFrom('registered_models').select('name').where('name', '=', name),
    importedNote(sql, note),
  ]);
  if (same.rows.length && !imported.rows.length) return false;
  const facts = { description, created_at: createdAt, updated_at: updatedAt };
  await run([
    sql
      .insertInto('registered_models')
      .values({ name, ...facts })
      .onConflict((taken) => taken.column('name').doUpdateSet(facts)),
    ...Object.entries(tags).map(([key, value]) =>
      sql
        .insertInto('registered_model_tags')
        .values({ model: name, key, value })
        .onConflict((taken) => taken.columns(['model', 'key']).doUpdateSet({ value })),
    ),
    writeNote(sql, note),
  ]);
  return true;
}

async function putVersion(
  sql: Kysely<Tables>,
  open: Transaction,
  { version: newVersion, note }: { readonly version: ImportedVersion; readonly note: ImportNote },
): Promise<boolean> {
  const { model, version, source, storage, tags } = newVersion;
  await holdModel(sql, open, model);
  const [same, imported] = await open.run([
    versionAt(sql, newVersion).select('version'),
    importedNote(sql, note),
  ]);
  if (same.rows.length && !imported.rows.length) return false;
  const facts = {
    run_id: newVersion.runId ?? null,
    source,
    storage_location: storage === source ? null : storage,
    run_link: newVersion.runLink,
    logged_model_id: newVersion.loggedModelId ?? null,
    stage: newVersion.stage,
    description: newVersion.description,
    created_at: newVersion.createdAt,
    updated_at: newVersion.updatedAt,
  };
  await open.run([
    sql
      .insertInto('model_versions')
      .values({ model, version, folder: null, ...facts })
      .onConflict((taken) => taken.columns(['model', 'version']).doUpdateSet(facts)),
    ...Object.entries(tags).map(([key, value]) =>
      sql
        .insertInto('model_version_tags')
        .values({ model, version, key, value })
        .onConflict((taken) => taken.columns(['model', 'version', 'key']).doUpdateSet({ value })),
    ),
    sql
      .updateTable('registered_models')
      .set({
        last_version: raw<number>`case when last_version < ${version} then ${version} else last_version end`,
      })
      .where('name', '=', model),
    writeNote(sql, note),
  ]);
  return true;
}

async function putAliases(
  sql: Kysely<Tables>,
  open: Transaction,
  {
    model,
    aliases,
    by,
    at,
  }: {
    readonly model: string;
    readonly aliases: Readonly<Record<string, number>>;
    readonly by: string;
    readonly at: number;
  },
): Promise<void> {
  await holdModel(sql, open, model);
  const [{ rows }] = await open.run([
    sql.selectFrom('model_aliases').select(['alias', 'version']).where('model', '=', model),
  ]);
  const current = new Map(rows.map(({ alias, version }) => [alias, version]));
  for (const [alias, version] of Object.entries(aliases)) {
    const from = current.get(alias);
    if (from === version) continue;
    await requireVersion(sql, open, { model, version });
    await open.run([
      sql
        .insertInto('model_aliases')
        .values({ model, alias, version })
        .onConflict((same) => same.columns(['model', 'alias']).doUpdateSet({ version })),
      sql.insertInto('alias_moves').values({
        model,
        alias,
        from_version: from ?? null,
        to_version: version,
        moved_by: by,
        moved_at: at,
      }),
    ]);
  }
}
