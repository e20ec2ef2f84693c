import { sql as raw, type Compilable, type Kysely } from 'kysely';
import { systemClock } from '../../../kernel/clock.ts';
import { digestOfJson } from '../../../kernel/digest.ts';
import type { Database } from '../database.ts';
import type { SqlDialect } from '../migrations/migration.ts';
import { watches, type Watch } from './mirror-watches.ts';
import type { Tables } from '../tables.ts';

const columns = ['key', 'note', 'value', 'number', 'is_nan', 'step', 'at'] as const;

/** Milliseconds since 1970. */
const now: Readonly<Record<SqlDialect, string>> = {
  sqlite: `cast(unixepoch('subsec') * 1000 as integer)`,
  postgres: `(extract(epoch from clock_timestamp()) * 1000)::bigint`,
};

/**
 * Queues every later write for the mirror, in the transaction of the write. Triggers do it, so it works for all writers
 * and statements; without a mirror there are no triggers.
 */
export async function watchWrites(database: Database, dialect: SqlDialect): Promise<void> {
  const statements = watches.flatMap((watch, index) => statementsOf(watch, nameOf(watch, index))[dialect]);
  const digest = digestOfJson(statements);
  const present = triggerNames(database.sql, dialect);
  const watching = database.sql.selectFrom('mirror_state').select('watching');
  const isWatched = (
    triggers: readonly Trigger[],
    [state]: readonly { readonly watching: string }[],
  ): boolean => state?.watching === digest && triggers.length === watches.length;
  const [before, stateBefore] = await database.read([present, watching]);
  if (isWatched(before.rows, stateBefore.rows)) return;
  await database.transaction(async ({ run }) => {
    // The first statement locks the row: of several processes, one creates the triggers.
    await run([database.sql.updateTable('mirror_state').set((row) => ({ watching: row.ref('watching') }))]);
    const [triggers, state] = await run([present, watching]);
    if (isWatched(triggers.rows, state.rows)) return;
    await run(
      [...dropping(triggers.rows, dialect), ...statements].map((text) => statement(database.sql, text)),
    );
    await run([database.sql.updateTable('mirror_state').set({ watching: digest })]);
  });
}

/** Who queues and sends the writes of a database: nobody, a process that sends them, or only the triggers. */
export type Watching = 'off' | 'sending' | 'queueing';

export async function readWatching(database: Database, dialect: SqlDialect): Promise<Watching> {
  const sender = database.sql.selectFrom('mirror_state').select('id').where('held_until', '>', systemClock());
  const [triggers, sending] = await database.read([triggerNames(database.sql, dialect), sender]);
  if (!triggers.rows.length) return 'off';
  return sending.rows.length ? 'sending' : 'queueing';
}

/**
 * Stops queueing writes; the queue keeps its contents. On PostgreSQL the triggers stay while another process sends.
 * @returns whether writes are no longer queued
 */
export async function ignoreWrites(database: Database, dialect: SqlDialect): Promise<boolean> {
  const watching = await readWatching(database, dialect);
  if (watching === 'off') return true;
  if (dialect === 'postgres' && watching === 'sending') return false;
  await database.transaction(async ({ run }) => {
    const [present] = await run([triggerNames(database.sql, dialect)]);
    await run(dropping(present.rows, dialect).map((text) => statement(database.sql, text)));
    await run([database.sql.updateTable('mirror_state').set({ watching: '' })]);
  });
  return true;
}

interface Trigger {
  readonly name: string;
  readonly table: string;
}

function triggerNames(kysely: Kysely<Tables>, dialect: SqlDialect): Compilable<Trigger> {
  const query = {
    sqlite: raw<Trigger>`select name, tbl_name as "table" from sqlite_master where type = 'trigger' and name like 'mirror|_%' escape '|'`,
    postgres: raw<Trigger>`select tgname::text as name, relname::text as "table" from pg_trigger
      join pg_class on pg_class.oid = tgrelid
      where relnamespace = current_schema()::regnamespace and not tgisinternal and tgname like 'mirror|_%' escape '|'`,
  }[dialect];
  return { compile: () => query.compile(kysely) };
}

function dropping(triggers: readonly Trigger[], dialect: SqlDialect): readonly string[] {
  return triggers.flatMap(({ name, table }) =>
    dialect === 'sqlite'
      ? [`drop trigger ${name}`]
      : [`drop trigger ${name} on ${table}`, `drop function if exists ${name}()`],
  );
}

function statement(kysely: Kysely<Tables>, text: string): Compilable {
  return { compile: () => raw.raw(text).compile(kysely) };
}

function nameOf({ table, on }: Watch, index: number): string {
  return `mirror_${String(index).padStart(2, '0')}_${table}_${on}`;
}

function statementsOf(watch: Watch, name: string): Readonly<Record<SqlDialect, readonly string[]>> {
  const { table, on, when } = watch;
  const used = columns.filter((column) => watch[column] !== undefined);
  const insert = (dialect: SqlDialect): string =>
    `insert into mirror_queue (stream, kind, queued_at${used.map((column) => `, ${column}`).join('')})
      values (${watch.stream}, '${watch.kind}', ${now[dialect]}${used.map((column) => `, ${watch[column]}`).join('')})`;
  const condition = when === undefined ? '' : ` when (${when})`;
  return {
    sqlite: [`create trigger ${name} after ${on} on ${table}${condition} begin ${insert('sqlite')}; end`],
    postgres: [
      `create or replace function ${name}() returns trigger language plpgsql as
        $$ begin ${insert('postgres')}; return null; end $$`,
      `create trigger ${name} after ${on} on ${table} for each row${condition} execute function ${name}()`,
    ],
  };
}
