import { sql, type Kysely, type Selectable } from 'kysely';
import { digestOfJson } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Migration, SqlDialect } from './migrations/migration.ts';
import type { Tables } from './tables.ts';

export interface MigrateOptions {
  readonly dialect: SqlDialect;
  /** The oldest first. */
  readonly migrations: readonly Migration[];
  /** What errors call the database. */
  readonly database: string;
  readonly now: number;
}

/** Taken first. SQLite's transactions begin with the write lock; PostgreSQL's take one of the schema that a reader does not meet. */
const locks: Readonly<Record<SqlDialect, readonly string[]>> = {
  sqlite: [],
  postgres: [
    "set local lock_timeout = '0'",
    "select pg_advisory_xact_lock(hashtext('modelyard_migrations'), hashtext(current_schema()))",
  ],
};

/**
 * Applies what has not been applied yet: all of it or none, in one transaction that begins with the write lock, so that
 * of two processes the second waits and finds it done.
 * @throws PlatformError STATE_DAMAGED for a migration that was edited after it was applied; STATE_NEWER for one that
 * this build does not know
 */
export async function migrate(kysely: Kysely<Tables>, options: MigrateOptions): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    for (const lock of locks[options.dialect]) await sql.raw(lock).execute(transaction);
    await makeTable(transaction);
    const waiting = stillToApply(await appliedTo(transaction), options);
    for (const migration of waiting) {
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
 * What `migrate` would apply first to a database that has tables already; absent for a new one, and for one that is up to
 * date.
 * @throws PlatformError as `migrate`
 */
export async function nextUpgrade(
  kysely: Kysely<Tables>,
  options: MigrateOptions,
): Promise<string | undefined> {
  await makeTable(kysely);
  const applied = await appliedTo(kysely);
  return applied.length ? stillToApply(applied, options)[0]?.name : undefined;
}

/**
 * Refuses a database whose tables are not those of this build. It writes nothing.
 * @throws PlatformError STATE_OLDER, STATE_NEWER, STATE_DAMAGED
 */
export async function requireCurrent(
  kysely: Kysely<Tables>,
  options: Omit<MigrateOptions, 'now'>,
): Promise<void> {
  const [waiting] = stillToApply(await appliedIfAny(kysely, options.dialect), options);
  if (waiting) throw older(options.database, waiting.name);
}

/** Which tables there are, in the words of a dialect. */
const ownTables: Readonly<Record<SqlDialect, string>> = {
  sqlite: `select name from sqlite_schema where name = 'modelyard_migrations'`,
  postgres: `select 1 where to_regclass('modelyard_migrations') is not null`,
};

async function appliedIfAny(kysely: Kysely<Tables>, dialect: SqlDialect): Promise<readonly Applied[]> {
  const { rows } = await sql.raw(ownTables[dialect]).execute(kysely);
  return rows.length ? appliedTo(kysely) : [];
}

type Applied = Selectable<Tables['modelyard_migrations']>;

async function makeTable(kysely: Kysely<Tables>): Promise<void> {
  await sql`create table if not exists modelyard_migrations (
    name text primary key,
    digest text not null,
    applied_at bigint not null
  )`.execute(kysely);
}

async function appliedTo(kysely: Kysely<Tables>): Promise<readonly Applied[]> {
  return kysely.selectFrom('modelyard_migrations').selectAll().orderBy('name').execute();
}

function stillToApply(
  applied: readonly Applied[],
  { dialect, migrations, database }: Omit<MigrateOptions, 'now'>,
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, digest } of applied) {
    const migration = known.get(name);
    if (!migration) throw newer(database, name);
    if (digestOfMigration(migration, dialect) !== digest) throw edited(database, name);
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

function digestOfMigration({ name, statements }: Migration, dialect: SqlDialect): string {
  return digestOfJson([name, statements[dialect]]);
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
