import type { Compilable, Kysely, Updateable } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import { promptTag, type ModelVersion, type VersionKey } from '../../../registry/model.ts';
import type { Transaction } from '../database.ts';
import { type VersionsQuery, versionQueries, versionsOf } from './registry-rows.ts';
import type { Tables } from '../tables.ts';

/** A model that is locked for the rest of the transaction. */
export interface HeldModel {
  readonly isPrompt: boolean;
  readonly lastVersion: number;
}

/**
 * Starts every write: updates the model's row, so that other writers of the same model wait.
 * @throws PlatformError MODEL_NOT_FOUND
 */
export async function holdModel(
  sql: Kysely<Tables>,
  { run }: Transaction,
  model: string,
): Promise<HeldModel> {
  const [held, prompt] = await run([
    sql
      .updateTable('registered_models')
      .set((row) => ({ last_version: row.ref('last_version') }))
      .where('name', '=', model)
      .returning('last_version'),
    sql
      .selectFrom('registered_model_tags')
      .select('value')
      .where('model', '=', model)
      .where('key', '=', promptTag)
      .where('value', '=', 'true'),
  ]);
  const [row] = held.rows;
  if (row) return { isPrompt: prompt.rows.length > 0, lastVersion: row.last_version };
  const remedy = 'No model has this name: list the models with: modelyard models.';
  throw new PlatformError('MODEL_NOT_FOUND', { field: 'model', value: model, remedy });
}

export function versionAt(sql: Kysely<Tables>, { model, version }: VersionKey): VersionsQuery {
  return sql
    .selectFrom('model_versions')
    .where('model_versions.model', '=', model)
    .where('model_versions.version', '=', version);
}

export function versionsAt(sql: Kysely<Tables>, model: string, versions: readonly number[]): VersionsQuery {
  return sql
    .selectFrom('model_versions')
    .where('model_versions.model', '=', model)
    .where('model_versions.version', 'in', versions);
}

/** @throws PlatformError VERSION_NOT_FOUND */
export async function requireVersion(
  sql: Kysely<Tables>,
  { run }: Transaction,
  key: VersionKey,
): Promise<void> {
  const [{ rows }] = await run([versionAt(sql, key).select('version')]);
  if (!rows.length) throw noVersion(key);
}

function noVersion({ model, version }: VersionKey): PlatformError {
  const remedy = 'List the versions of the model with: modelyard models.';
  return new PlatformError('VERSION_NOT_FOUND', { field: `version of ${model}`, value: version, remedy });
}

export function modelChanged(sql: Kysely<Tables>, model: string, at: number): Compilable {
  return sql.updateTable('registered_models').set({ updated_at: at }).where('name', '=', model);
}

/** Whether the tags mark a model or a version as a prompt. */
export function isPrompt(tags: Readonly<Record<string, string>>): boolean {
  return tags[promptTag] === 'true';
}

/** @throws PlatformError VERSION_NOT_FOUND */
export async function readVersion(
  sql: Kysely<Tables>,
  { run }: Transaction,
  key: VersionKey,
): Promise<ModelVersion> {
  const [version] = versionsOf(await run(versionQueries(sql, versionAt(sql, key))));
  if (version) return version;
  throw noVersion(key);
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export async function changeVersion(
  sql: Kysely<Tables>,
  open: Transaction,
  { key, change }: { readonly key: VersionKey; readonly change: Updateable<Tables['model_versions']> },
): Promise<ModelVersion> {
  await holdModel(sql, open, key.model);
  const update = sql
    .updateTable('model_versions')
    .set(change)
    .where('model', '=', key.model)
    .where('version', '=', key.version);
  await open.run([update]);
  return readVersion(sql, open, key);
}
