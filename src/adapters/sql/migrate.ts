import { sql, type Kysely, type Selectable } from 'kysely';
import { digestOfJson } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Migration, SqlDialect } from './migrations/migration.ts';
import type { Tables } from './tables.ts';

export interface MigrateOptions {
  readonly dialect: SqlDialect;
  /** In the order in which they are applied. */
  readonly migrations: readonly Migration[];
  /** The database's name in errors. */
  readonly database: string;
  readonly now: number;
}

/** Statements that lock migrations. SQLite's transactions begin with the write lock; PostgreSQL takes an advisory lock, which does not block readers. */
const locks: Readonly<Record<SqlDialect, readonly string[]>> = {
  sqlite: [],
  postgres: [
    "set local lock_timeout = '0'",
    "select pg_advisory_xact_lock(hashtext('modelyard_migrations'), hashtext(current_schema()))",
  ],
};

/**
 * Applies all pending migrations in one transaction that starts with the write lock, so a second process waits and finds
 * nothing to do.
 * @throws PlatformError STATE_DAMAGED for a migration that was edited after it was applied; STATE_NEWER for one that
 * this build does not have
 */
export async function migrate(kysely: Kysely<Tables>, options: MigrateOptions): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    for (const lock of locks[options.dialect]) await sql.raw(lock).execute(transaction);
    const pending = pendingMigrations(await appliedIfAny(transaction, options), options);
    await createTable(transaction);
    for (const migration of pending) {
      for (const statement of migration.statements[options.dialect])
        await sql.raw(statement).execute(transaction);
      await transaction
        .insertInto('modelyard_migrations')
        .values({
          name: migration.name,
          digest: digestOfMigration(migration, options.dialect),
          applied_at: options.now,
        })
        .execute();
    }
  });
}

/**
 * The first migration that `migrate` would apply to an existing database; undefined for a new or up-to-date database.
 * @throws PlatformError as `migrate`
 */
export async function nextUpgrade(
  kysely: Kysely<Tables>,
  options: MigrateOptions,
): Promise<string | undefined> {
  const applied = await appliedIfAny(kysely, options);
  return applied.length ? pendingMigrations(applied, options)[0]?.name : undefined;
}

/**
 * Refuses a database that has the tables of another build. Writes nothing.
 * @throws PlatformError STATE_OLDER, STATE_NEWER, STATE_DAMAGED
 */
export async function requireCurrent(
  kysely: Kysely<Tables>,
  options: Omit<MigrateOptions, 'now'>,
): Promise<void> {
  const [pending] = pendingMigrations(await appliedIfAny(kysely, options), options);
  if (pending) throw older(options.database, pending.name);
}

/** The tables that tell what a database is for. */
const knownTables: Readonly<Record<SqlDialect, string>> = {
  sqlite: `select name from sqlite_schema where type = 'table' and name in ('modelyard_migrations', 'runs', 'experiments')`,
  postgres: `select table_name as name from information_schema.tables where table_schema = current_schema()
    and table_name in ('modelyard_migrations', 'runs', 'experiments')`,
};

/** @throws PlatformError STATE_OLDER for tables of a program or build that recorded no migration */
async function appliedIfAny(
  kysely: Kysely<Tables>,
  { dialect, database }: Pick<MigrateOptions, 'dialect' | 'database'>,
): Promise<readonly Applied[]> {
  const { rows } = await sql.raw<{ readonly name: string }>(knownTables[dialect]).execute(kysely);
  const names = rows.map(({ name }) => name);
  const applied = names.includes('modelyard_migrations') ? await appliedTo(kysely) : [];
  const [other] = names.filter((name) => name !== 'modelyard_migrations');
  if (other !== undefined && !applied.length) throw foreign(database, other);
  return applied;
}

type Applied = Selectable<Tables['modelyard_migrations']>;

async function createTable(kysely: Kysely<Tables>): Promise<void> {
  await sql`create table if not exists modelyard_migrations (
    name text primary key,
    digest text not null,
    applied_at bigint not null
  )`.execute(kysely);
}

async function appliedTo(kysely: Kysely<Tables>): Promise<readonly Applied[]> {
  return kysely.selectFrom('modelyard_migrations').selectAll().orderBy('name').execute();
}

function pendingMigrations(
  applied: readonly Applied[],
  { dialect, migrations, database }: Omit<MigrateOptions, 'now'>,
): readonly Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  const [first] = migrations;
  const [oldest] = applied;
  if (first && oldest && !applied.some(({ name }) => name === first.name))
    throw preRelease(database, oldest.name);
  for (const { name, digest } of applied) {
    const migration = byName.get(name);
    if (!migration) throw newer(database, name);
    if (digestOfMigration(migration, dialect) !== digest) throw edited(database, name);
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

function digestOfMigration({ name, statements }: Migration, dialect: SqlDialect): string {
  return digestOfJson([name, statements[dialect]]);
}

const elsewhere = 'another --state, or an empty database or schema for MODELYARD_DATABASE_URL';

/** Before the first release there was another baseline, from which nothing leads here. */
function preRelease(database: string, name: string): PlatformError {
  const remedy = `${database} was created by a pre-release build and cannot be upgraded. Choose another database: ${elsewhere}. To keep its runs and models, start it with the build that created it and copy them: modelyard import mlflow http://127.0.0.1:4310.`;
  return new PlatformError('STATE_OLDER', { field: 'migration', value: name, remedy });
}

function foreign(database: string, table: string): PlatformError {
  const remedy = `${database} has tables that this build did not create. Choose another database: ${elsewhere}. To copy runs and models of MLflow: modelyard import mlflow --help.`;
  return new PlatformError('STATE_OLDER', { field: 'table', value: table, remedy });
}

function newer(database: string, name: string): PlatformError {
  const remedy = `${database} was used by a newer build. Update modelyard: npm install modelyard@latest.`;
  return new PlatformError('STATE_NEWER', { field: 'migration', value: name, remedy });
}

function older(database: string, name: string): PlatformError {
  const remedy = `${database} has the tables of an older build. Start modelyard once to upgrade it; SQLite files are copied first.`;
  return new PlatformError('STATE_OLDER', { field: 'migration', value: name, remedy });
}

function edited(database: string, name: string): PlatformError {
  const remedy = `${database} was created by another version of this migration. Run the build of modelyard that created it, or restore a backup.`;
  return new PlatformError('STATE_DAMAGED', { field: 'migration', value: name, remedy });
}
