import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely, type Compilable } from 'kysely';
import { systemClock, type Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Answers, Condition, Database, Transaction } from '../database.ts';
import { queryResult } from '../kysely-connection.ts';
import { migrate, nextUpgrade } from '../migrate.ts';
import { migrations } from '../migrations/all.ts';
import { backUp } from './sqlite-backup.ts';
import { begin, beginReading, commit, sqliteDialect, sqliteStatement } from './sqlite-dialect.ts';
import { groupWriter } from './sqlite-groups.ts';
import type { SqliteCondition, SqliteResult, SqliteStatement } from './sqlite-messages.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { Tables } from '../tables.ts';

export interface SqliteOptions {
  readonly clock?: Clock;
  /** Told where the database was copied to before its tables were changed. */
  readonly onBackup?: (path: string) => void;
}

/**
 * Opens a SQLite file, made with its folder where there is none, and brings its tables up to date; a copy of it as it was
 * stays beside it then.
 * @throws PlatformError STATE_DAMAGED, STATE_NEWER, STATE_UNWRITABLE, STATE_LOCKED
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Database> {
  await makeFolder(dirname(path));
  await makePrivate(path);
  const thread = await SqliteThread.open(path);
  try {
    const sql = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
    const now = (options.clock ?? systemClock)();
    const migrating = { dialect: 'sqlite', migrations, database: path, now } as const;
    const before = await nextUpgrade(sql, migrating);
    const copy = before === undefined ? undefined : await backUp(sql, { path, before });
    if (copy !== undefined) options.onBackup?.(copy);
    await migrate(sql, migrating);
    return sqliteDatabase(thread, sql);
  } catch (error) {
    await thread[Symbol.asyncDispose]();
    throw error;
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const remedy = 'The folder cannot be made: give this user the right to, or name another with --state.';
    throw new PlatformError('STATE_UNWRITABLE', { field: 'folder', value: path, remedy }, { cause: error });
  }
}

/** SQLite gives the files beside the database its mode. What is there is not opened: that would end locks on it. */
async function makePrivate(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch(() => undefined);
  await file?.close();
  if (!file) await chmod(path, 0o600).catch(() => undefined);
}

function sqliteDatabase(thread: SqliteThread, sql: Kysely<Tables>): Database {
  const write = groupWriter(thread);
  return {
    sql,
    read: (queries) =>
      inTurn(thread, async () => {
        const statements = queries.map(statementOf);
        // One statement sees one state by itself.
        if (statements.length === 1) return answersOf<typeof queries>(await thread.run(statements));
        const results = await thread.run([beginReading, ...statements, commit]);
        return answersOf<typeof queries>(results.slice(1, -1));
      }),
    transaction: (work) =>
      inTurn(thread, async () => {
        const { transaction, begun } = transactionOver(thread);
        const result = await work(transaction);
        if (begun()) await thread.run([commit]);
        return result;
      }),
    writeIf: async (conditions, queries) =>
      write({ conditions: conditions.map(conditionOf), statements: queries.map(statementOf) }),
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}

/** A transaction that begins with its first queries, in the same trip. */
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
      return answersOf<typeof queries>(results.slice(first.length));
    },
  };
  return { transaction, begun: () => begun };
}

/** Has the connection for itself while `work` runs; whatever a failure left open is undone before the next one's turn. */
async function inTurn<Result>(thread: SqliteThread, work: () => Promise<Result>): Promise<Result> {
  const giveBack = await thread.takeTurn();
  try {
    return await work();
  } catch (error) {
    await thread.undo();
    throw error;
  } finally {
    giveBack();
  }
}

function statementOf(query: Compilable): SqliteStatement {
  return sqliteStatement(query.compile());
}

function conditionOf({ query, finds }: Condition): SqliteCondition {
  return { ...statementOf(query), finds };
}

function answersOf<Queries extends readonly Compilable[]>(
  results: readonly SqliteResult[],
): Answers<Queries> {
  return results.map(queryResult) as Answers<Queries>;
}
