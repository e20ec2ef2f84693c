import type { Kysely } from 'kysely';
import type { Digest } from '../../../kernel/digest.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import {
  type Adoption,
  type AliasMove,
  asPipelineVersion,
  type ModelVersion,
  type NewModelVersion,
  type NewPipelineVersion,
  type PipelineVersion,
  type Stage,
  type VersionKey,
} from '../../../registry/model.ts';
import type { ChangedBy } from '../../../registry/store.ts';
import { modelCreated, versionCreated } from '../../../registry/webhooks/event.ts';
import { folderUri } from '../../../tracking/artifacts/location.ts';
import type { Database, Transaction } from '../database.ts';
import { toColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';
import { aliasQueries } from './registry-aliases.ts';
import { insertModel } from './registry-models.ts';
import { versionQueries, versionsOf, versionsWithFolder } from './registry-rows.ts';
import {
  changeVersion,
  type HeldModel,
  holdModel,
  isPrompt,
  modelChanged,
  readVersion,
  requireVersion,
} from './registry-writes.ts';
import { queueFor } from './webhook-queue.ts';

/** @throws PlatformError MODEL_NOT_FOUND */
export function createVersion(
  { sql, transaction }: Database,
  newVersion: NewModelVersion,
): Promise<ModelVersion> {
  return transaction(async (open) =>
    insertVersion(sql, open, { held: await holdModel(sql, open, newVersion.model), newVersion }),
  );
}

export function registerVersion(
  { sql, transaction }: Database,
  { model, runId, folder, metrics, createdAt: at }: NewPipelineVersion,
): Promise<PipelineVersion> {
  return transaction(async (open) => {
    const described = { tags: {}, description: '' };
    if (await insertModel(sql, open, { name: model, ...described, at }))
      await open.run([queueFor(sql, modelCreated({ name: model, ...described }, false), at)]);
    const held = await holdModel(sql, open, model);
    const [same] = versionsOf(await open.run(versionQueries(sql, versionsWithFolder(sql, model, folder))));
    const source = folderUri(folder);
    const newVersion = { model, source, storage: source, runId, runLink: '', loggedModelId: undefined };
    const version =
      same ??
      (await insertVersion(sql, open, {
        held,
        newVersion: { ...newVersion, metrics, ...described, at },
        folder,
      }));
    return ofPipeline(version);
  });
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export function adoptVersion(
  { sql, transaction }: Database,
  { model, version, folder, runId, metrics, at }: Adoption,
): Promise<PipelineVersion> {
  const key = { model, version };
  return transaction(async (open) => {
    const found = await readVersion(sql, open, key);
    const change = {
      folder,
      run_id: found.runId ?? runId,
      metrics: toColumn(metrics),
      updated_at: at,
    };
    return ofPipeline(await changeVersion(sql, open, { key, change }));
  });
}

function ofPipeline(version: ModelVersion): PipelineVersion {
  const registered = asPipelineVersion(version);
  if (registered) return registered;
  const remedy = 'The database did not return the new version.';
  throw new PlatformError('INTERNAL', { field: 'version', value: version.version, remedy });
}

interface Inserted {
  readonly held: HeldModel;
  readonly newVersion: NewModelVersion;
  /** The model folder, for a version from the pipeline. */
  readonly folder?: Digest;
}

async function insertVersion(
  sql: Kysely<Tables>,
  open: Transaction,
  { held, newVersion, folder }: Inserted,
): Promise<ModelVersion> {
  const { model, source, storage, tags, at } = newVersion;
  const version = held.lastVersion + 1;
  await open.run([
    sql.insertInto('model_versions').values({
      model,
      version,
      run_id: newVersion.runId ?? null,
      folder: folder ?? null,
      source,
      storage_location: storage === source ? null : storage,
      run_link: newVersion.runLink,
      logged_model_id: newVersion.loggedModelId ?? null,
      metrics: toColumn(newVersion.metrics ?? {}),
      description: newVersion.description,
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
    queueFor(sql, versionCreated(newVersion, String(version), held.isPrompt || isPrompt(tags)), at),
  ]);
  return readVersion(sql, open, { model, version });
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export function deleteVersion(
  { sql, transaction }: Database,
  key: VersionKey,
  { by, at }: ChangedBy,
): Promise<readonly AliasMove[]> {
  const { model, version } = key;
  return transaction(async (open) => {
    const held = await holdModel(sql, open, model);
    await requireVersion(sql, open, key);
    const pointing = sql.selectFrom('model_aliases').select('alias').where('model', '=', model);
    const [aliases] = await open.run([pointing.where('version', '=', version).orderBy('alias')]);
    const changes = aliases.rows.map(({ alias }): AliasMove => ({
      model,
      alias,
      from: version,
      to: undefined,
      by,
      movedAt: at,
    }));
    const parts = ['verdicts', 'model_aliases', 'model_version_tags', 'model_versions'] as const;
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
): Promise<ModelVersion> {
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
