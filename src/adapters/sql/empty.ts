import { type Compilable, type Kysely, sql as raw, SqliteAdapter } from 'kysely';
import { systemClock } from '../../kernel/clock.ts';
import type { Database } from './database.ts';
import { rawQuery } from './raw-query.ts';
import type { Tables } from './tables.ts';

/** Ordered so that no row references a deleted one. */
const tables = [
  'webhook_deliveries',
  'webhook_events',
  'webhooks',
  'verdicts',
  'alias_moves',
  'model_aliases',
  'model_version_tags',
  'model_versions',
  'registered_model_tags',
  'registered_models',
  'model_metrics',
  'logged_model_params',
  'logged_model_tags',
  'logged_models',
  'run_models',
  'run_input_tags',
  'run_inputs',
  'datasets',
  'run_datasets',
  'run_tasks',
  'latest_metrics',
  'metrics',
  'params',
  'run_tags',
  'purged_folders',
  'imported',
  'imports',
  'run_owners',
  'jobs',
  'batches',
] as const satisfies readonly (keyof Tables)[];

/** Deletes everything and restarts ids, for a server under test. */
export async function emptyDatabase({ sql, transaction }: Database): Promise<void> {
  const now = systemClock();
  await transaction(async ({ run }) => {
    await run([
      ...tables.map((table) => sql.deleteFrom(table)),
      sql.updateTable('runs').set({ parent_id: null }),
      sql.deleteFrom('runs'),
      sql.deleteFrom('experiment_tags'),
      sql.deleteFrom('experiments').where('id', '<>', 0),
      sql
        .updateTable('experiments')
        .set({ name: 'Default', lifecycle_stage: 'active', created_at: now, updated_at: now }),
      sql.deleteFrom('mirror_queue'),
      sql.deleteFrom('mirror_remote_ids'),
      sql.updateTable('mirror_state').set({ holder: '', held_until: 0 }),
      restartedIds(sql),
    ]);
  });
}

/** Restarts the numbering of every table with generated ids. */
function restartedIds(sql: Kysely<Tables>): Compilable<unknown> {
  if (sql.getExecutor().adapter instanceof SqliteAdapter)
    return rawQuery(sql, raw`delete from sqlite_sequence`);
  return rawQuery(
    sql,
    raw`do $$ declare numbered record; begin
      for numbered in select table_name, column_name from information_schema.columns
        where table_schema = current_schema() and is_identity = 'YES'
      loop
        execute format('alter table %I alter column %I restart', numbered.table_name, numbered.column_name);
      end loop;
    end $$`,
  );
}
