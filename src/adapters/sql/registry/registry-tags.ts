import type { Compilable, Kysely } from 'kysely';
import type { TagOf } from '../../../registry/model.ts';
import { tagChanged, type TagChange } from '../../../registry/webhooks/event.ts';
import type { Database, Transaction } from '../database.ts';
import { holdModel, requireVersion } from './registry-writes.ts';
import type { Tables } from '../tables.ts';
import { queueFor } from './webhook-queue.ts';

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export function setTag(
  { sql, transaction }: Database,
  tag: TagOf & { readonly value: string },
  at: number,
): Promise<void> {
  const { model, version, key, value } = tag;
  return transaction(async (open) => {
    const events = await eventQueries(sql, open, { tag, at });
    const write =
      version === undefined
        ? sql
            .insertInto('registered_model_tags')
            .values({ model, key, value })
            .onConflict((same) => same.columns(['model', 'key']).doUpdateSet({ value }))
        : sql
            .insertInto('model_version_tags')
            .values({ model, version, key, value })
            .onConflict((same) => same.columns(['model', 'version', 'key']).doUpdateSet({ value }));
    await open.run([write, ...events]);
  });
}

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND */
export function deleteTag({ sql, transaction }: Database, tag: TagOf, at: number): Promise<void> {
  const { model, version, key } = tag;
  return transaction(async (open) => {
    const events = await eventQueries(sql, open, { tag, at });
    const write =
      version === undefined
        ? sql.deleteFrom('registered_model_tags').where('model', '=', model).where('key', '=', key)
        : sql
            .deleteFrom('model_version_tags')
            .where('model', '=', model)
            .where('version', '=', version)
            .where('key', '=', key);
    const [{ numAffectedRows }] = await open.run([write]);
    if (numAffectedRows) await open.run(events);
  });
}

async function eventQueries(
  sql: Kysely<Tables>,
  open: Transaction,
  { tag, at }: { readonly tag: TagChange; readonly at: number },
): Promise<readonly Compilable[]> {
  const { model, version } = tag;
  const held = await holdModel(sql, open, model);
  if (version !== undefined) await requireVersion(sql, open, { model, version });
  const event = tagChanged(tag, held.isPrompt);
  return event ? [queueFor(sql, event, at)] : [];
}
