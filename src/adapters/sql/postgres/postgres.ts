import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, type Compilable } from 'kysely';
import { systemClock, type Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { QueryResults, Database, ReadDatabase, Transaction } from '../database.ts';
import { queryResult } from '../kysely-connection.ts';
import { migrate, requireCurrent } from '../migrate.ts';
import { migrations } from '../migrations/all.ts';
import type { Migration } from '../migrations/migration.ts';
import { postgresAddress } from './postgres-address.ts';
import type { PostgresResult, PostgresStatement } from './postgres-batch.ts';
import { begin, beginReading, commit, postgresDialect, postgresStatement } from './postgres-dialect.ts';
import { sqlState } from './postgres-errors.ts';
import { PostgresPool } from './postgres-pool.ts';
import { refuseServer, type ServerFacts } from './postgres-server.ts';
import type { PostgresSession } from './postgres-session.ts';
import type { Tables } from '../tables.ts';

export interface PostgresOptions {
  /** @default the system's */
  readonly clock?: Clock;
  /** @default all of this build */
  readonly migrations?: readonly Migration[];
  /** Concurrent transactions and reads; more wait for a free connection. @default 10 */
  readonly maxConnections?: number;
}

/** Attempts of a transaction that conflicts with others. The random pauses between them grow up to `maxPause`. */
const maxTries = 40;
const maxPause = 64;

/** Serialization failure, deadlock, and a table or prepared statement that changed under the connection. */
const retryable: ReadonlySet<string> = new Set(['40001', '40P01', '0A000', '26000']);

/**
 * Opens a PostgreSQL database, 15 or newer, and applies pending migrations. Uses the first schema of the search_path,
 * which can be set in the address: `?options=-c%20search_path%3Dmodelyard`.
 * @param url 'postgres://user:password@host:5432/database'
 * @throws PlatformError NOT_READY if no server answers; CONFIG_INVALID for a wrong address, password, database or
 * privilege; STATE_NEWER, STATE_DAMAGED, STATE_UNWRITABLE, STATE_LOCKED
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Database> {
  const { clock = systemClock, maxConnections = 10 } = options;
  const pool = new PostgresPool(postgresAddress(url), maxConnections);
  try {
    await checkServer(pool);
    const sql = new Kysely<Tables>({ dialect: postgresDialect(pool) });
    await migrate(sql, {
      dialect: 'postgres',
      migrations: options.migrations ?? migrations,
      database: pool.masked,
      now: clock(),
    });
    return postgresDatabase(pool, sql);
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Opens a PostgreSQL database for reading. Creates, migrates and writes nothing.
 * @throws PlatformError STATE_NEWER, STATE_OLDER for tables of another build; as `openPostgres`
 */
export async function openPostgresReadOnly(
  url: string,
  options: PostgresOptions = {},
): Promise<ReadDatabase> {
  const pool = new PostgresPool(postgresAddress(url), options.maxConnections ?? 2);
  try {
    await checkServer(pool);
    const sql = new Kysely<Tables>({ dialect: postgresDialect(pool) });
    await requireCurrent(sql, {
      dialect: 'postgres',
      migrations: options.migrations ?? migrations,
      database: pool.masked,
    });
    const { read, ...database } = postgresDatabase(pool, sql);
    return { sql, read, [Symbol.asyncDispose]: database[Symbol.asyncDispose] };
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
}

async function checkServer(pool: PostgresPool): Promise<void> {
  const asked: PostgresStatement = {
    sql: `select current_setting('server_version_num')::int / 10000 as version,
      current_setting('server_encoding') as encoding, current_schema() as schema`,
    parameters: [],
  };
  const [result] = await pool.use((session) => session.run([asked]));
  for (const facts of result?.rows ?? []) refuseServer(facts as ServerFacts, pool.masked);
}

function postgresDatabase(pool: PostgresPool, sql: Kysely<Tables>): Database {
  return {
    sql,
    read: (queries) =>
      withRetries(pool, async (session) => {
        const results = await session.run([beginReading, ...queries.map(statementOf), commit]);
        return resultsOf<typeof queries>(results.slice(1, -1));
      }),
    transaction: (work) => withRetries(pool, (session) => committed(session, work)),
    writeIf: (conditions, queries) =>
      withRetries(pool, (session) =>
        committed(session, async ({ run }) => {
          const found = await run(conditions.map(({ query }) => query));
          const holds = conditions.every(
            ({ finds }, index) => (found[index]?.rows.length ?? 0) > 0 === (finds === 'rows'),
          );
          if (holds) await run(queries);
          return holds;
        }),
      ),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** Runs work on a connection. Rolls back after a failure, and tries again after a conflict. */
async function withRetries<Result>(
  pool: PostgresPool,
  work: (session: PostgresSession) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1)
    try {
      return await pool.use(async (session) => {
        try {
          return await work(session);
        } catch (error) {
          await session.undo();
          throw error;
        }
      });
    } catch (error) {
      if (!retryable.has(sqlState(error) ?? '') || tries === maxTries) throw error;
      await pause(Math.random() * Math.min(maxPause, 2 ** tries));
    }
}

async function committed<Result>(
  session: PostgresSession,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const { transaction, begun } = transactionOver(session);
  const result = await work(transaction);
  if (begun()) await commitWork(session);
  return result;
}

async function commitWork(session: PostgresSession): Promise<void> {
  try {
    const [result] = await session.run([commit]);
    if (result?.command === 'COMMIT') return;
  } catch (error) {
    throw error instanceof PlatformError && error.code === 'NOT_READY' ? unknownEnd(error) : error;
  }
  throw new TypeError('a transaction continued after one of its queries had failed');
}

/** A transaction that begins with its first queries, in the same round trip. */
function transactionOver(session: PostgresSession): {
  readonly transaction: Transaction;
  readonly begun: () => boolean;
} {
  let begun = false;
  const transaction: Transaction = {
    async run(queries) {
      const first = begun ? [] : begin;
      const statements = queries.map(statementOf);
      begun = true;
      const results = await session.run([...first, ...statements]);
      return resultsOf<typeof queries>(results.slice(first.length));
    },
  };
  return { transaction, begun: () => begun };
}

function unknownEnd(error: PlatformError): PlatformError {
  const remedy =
    'The connection was lost during a commit: check whether the change was written before you try again.';
  return new PlatformError('NOT_READY', { ...error.detail, remedy }, { cause: error });
}

function statementOf(query: Compilable): PostgresStatement {
  return postgresStatement(query.compile());
}

function resultsOf<Queries extends readonly Compilable[]>(
  results: readonly PostgresResult[],
): QueryResults<Queries> {
  return results.map(queryResult) as QueryResults<Queries>;
}
