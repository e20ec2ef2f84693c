import { existsSync } from 'node:fs';
import { chmod, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely, type Compilable } from 'kysely';
import { makePrivateFolder } from '../../../data/private-folder.ts';
import { systemClock, type Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { QueryResults, Condition, Database, ReadDatabase, Transaction } from '../database.ts';
import { queryResult } from '../kysely-connection.ts';
import { migrate, nextUpgrade, requireCurrent } from '../migrate.ts';
import { migrations } from '../migrations/all.ts';
import type { Migration } from '../migrations/migration.ts';
import { backUp } from './sqlite-backup.ts';
import { begin, beginReading, commit, sqliteDialect, sqliteStatement } from './sqlite-dialect.ts';
import { groupWriter } from './sqlite-groups.ts';
import type { SqliteCondition, SqliteResult, SqliteStatement } from './sqlite-messages.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { Tables } from '../tables.ts';

export interface SqliteOptions {
  readonly clock?: Clock;
  /** @default all of this build */
  readonly migrations?: readonly Migration[];
  /** Receives the path of the copy that an upgrade makes before it changes tables. */
  readonly onBackup?: (path: string) => void;
}

/**
 * Opens a SQLite file and applies pending migrations. Creates a missing file and its folder, and copies an existing
 * database before an upgrade.
 * @throws PlatformError STATE_DAMAGED, STATE_NEWER, STATE_UNWRITABLE, STATE_LOCKED
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Database> {
  await makePrivateFolder(dirname(path), 'folder');
  await makePrivate(path);
  const thread = await SqliteThread.open(path);
  try {
    const sql = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
    const now = (options.clock ?? systemClock)();
    const migrating = {
      dialect: 'sqlite',
      migrations: options.migrations ?? migrations,
      database: path,
      now,
    } as const;
    const before = await nextUpgrade(sql, migrating);
    const copy = before === undefined ? undefined : await backUp(sql, { path, before });
    if (copy !== undefined) options.onBackup?.(copy);
    await migrate(sql, migrating);
    return sqliteDatabase({
      writer: thread,
      openReader: (onEnd) => SqliteThread.open(path, { readOnly: true, onEnd }),
      sql,
    });
  } catch (error) {
    await thread[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Opens a SQLite file for reading, even while another process has it open. Creates, migrates and writes nothing: what a
 * killed process left in the log of the database stays there.
 * @throws PlatformError STATE_NEWER, STATE_OLDER for tables of another build; STATE_DAMAGED; STATE_MISSING
 */
export async function openSqliteReadOnly(path: string, options: SqliteOptions = {}): Promise<ReadDatabase> {
  if (!existsSync(path)) throw missing(path);
  const thread = await SqliteThread.open(path, { readOnly: true });
  try {
    const sql = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
    await requireCurrent(sql, {
      dialect: 'sqlite',
      migrations: options.migrations ?? migrations,
      database: path,
    });
    return {
      sql,
      read: (queries) => readFrom(thread, queries),
      [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
    };
  } catch (error) {
    await thread[Symbol.asyncDispose]();
    throw error;
  }
}

function missing(path: string): PlatformError {
  const remedy = 'Check --state, or start modelyard once to create it.';
  return new PlatformError('STATE_MISSING', { field: 'database', value: path, remedy });
}

/** SQLite creates the files beside the database with its mode. An existing file is not opened: closing it would drop SQLite's locks. */
async function makePrivate(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch(() => undefined);
  await file?.close();
  if (!file) await chmod(path, 0o600).catch(() => undefined);
}

interface Connections {
  readonly writer: SqliteThread;
  readonly openReader: (onEnd: () => void) => Promise<SqliteThread>;
  /** Builds queries, and runs them on the writer's connection. */
  readonly sql: Kysely<Tables>;
}

/**
 * Reads use a second connection, so they do not wait while a write waits for the disk. They see everything that was
 * committed before they begin, and so every acknowledged write.
 */
function sqliteDatabase({ writer, openReader, sql }: Connections): Database {
  const write = groupWriter(writer);
  let reader: Promise<SqliteThread> | undefined;
  let isClosed = false;
  return {
    sql,
    async read(queries) {
      if (isClosed || (!reader && !writer.isBusy)) return readFrom(writer, queries);
      // The next read opens the connection again after a failure, and after its thread has ended.
      reader ??= openReader(() => (reader = undefined));
      const opening = reader;
      opening.catch(() => {
        if (reader === opening) reader = undefined;
      });
      return readFrom(await opening, queries);
    },
    transaction: (work) =>
      withConnection(writer, async () => {
        const { transaction, begun } = transactionOver(writer);
        const result = await work(transaction);
        if (begun()) await writer.run([commit]);
        return result;
      }),
    writeIf: async (conditions, queries) =>
      write({ conditions: conditions.map(conditionOf), statements: queries.map(statementOf) }),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      const opened = await reader?.catch(() => undefined);
      try {
        await opened?.[Symbol.asyncDispose]();
      } finally {
        await writer[Symbol.asyncDispose]();
      }
    },
  };
}

function readFrom<const Queries extends readonly Compilable[]>(
  thread: SqliteThread,
  queries: Queries,
): Promise<QueryResults<Queries>> {
  return withConnection(thread, async () => {
    const statements = queries.map(statementOf);
    // A single statement sees one snapshot by itself.
    if (statements.length === 1) return resultsOf<Queries>(await thread.run(statements));
    const results = await thread.run([beginReading, ...statements, commit]);
    return resultsOf<Queries>(results.slice(1, -1));
  });
}

/** A transaction that begins with its first queries, in the same round trip. */
function transactionOver(thread: SqliteThread): {
  readonly transaction: Transaction;
  readonly begun: () => boolean;
} {
  let begun = false;
  const transaction: Transaction = {
    async run(queries) {
      const first = begun ? [] : [begin];
      const statements = queries.map(statementOf);
      begun = true;
      const results = await thread.run([...first, ...statements]);
      return resultsOf<typeof queries>(results.slice(first.length));
    },
  };
  return { transaction, begun: () => begun };
}

/** Has exclusive use of the connection while `work` runs. Rolls back if `work` fails. */
async function withConnection<Result>(thread: SqliteThread, work: () => Promise<Result>): Promise<Result> {
  const release = await thread.acquire();
  try {
    return await work();
  } catch (error) {
    await thread.undo();
    throw error;
  } finally {
    release();
  }
}

function statementOf(query: Compilable): SqliteStatement {
  return sqliteStatement(query.compile());
}

function conditionOf({ query, finds }: Condition): SqliteCondition {
  return { ...statementOf(query), finds };
}

function resultsOf<Queries extends readonly Compilable[]>(
  results: readonly SqliteResult[],
): QueryResults<Queries> {
  return results.map(queryResult) as QueryResults<Queries>;
}
