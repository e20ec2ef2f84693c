import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, type Compilable } from 'kysely';
import { systemClock, type Clock } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Answers, Database, ReadDatabase, Transaction } from '../database.ts';
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
  /** Transactions and reads at one time; more wait for their turn. @default 10 */
  readonly maxConnections?: number;
}

/** Tries of a transaction that meets another's. The waits between them grow to `longestPause`, each by chance shorter. */
const mostTries = 40;
const longestPause = 64;

/** Serialization failure, deadlock, and a table or prepared statement that changed under the connection. */
const passing: ReadonlySet<string> = new Set(['40001', '40P01', '0A000', '26000']);

/**
 * Opens a PostgreSQL database, 15 or newer, and brings its tables up to date. Its tables lie in the first schema of the
 * search_path, which can be named in the address: `?options=-c%20search_path%3Dmodelyard`.
 * @param url 'postgres://user:password@host:5432/database'
 * @throws PlatformError NOT_READY when no server answers; CONFIG_INVALID for an address, password, database or right
 * that is not there; STATE_NEWER, STATE_DAMAGED, STATE_UNWRITABLE, STATE_LOCKED
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
      database: pool.shown,
      now: clock(),
    });
    return postgresDatabase(pool, sql);
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Opens a PostgreSQL database to look at it: no table is created, migrated or written.
 * @throws PlatformError STATE_NEWER, STATE_OLDER where its tables are of another build; as `openPostgres`
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
      database: pool.shown,
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
  for (const facts of result?.rows ?? []) refuseServer(facts as ServerFacts, pool.shown);
}

function postgresDatabase(pool: PostgresPool, sql: Kysely<Tables>): Database {
  return {
    sql,
    read: (queries) =>
      triedAgain(pool, async (session) => {
        const results = await session.run([beginReading, ...queries.map(statementOf), commit]);
        return answersOf<typeof queries>(results.slice(1, -1));
      }),
    transaction: (work) => triedAgain(pool, (session) => committed(session, work)),
    writeIf: (conditions, queries) =>
      triedAgain(pool, (session) =>
        committed(session, async ({ run }) => {
          const found = await run(conditions.map(({ query }) => query));
          const holds = conditions.every(
            ({ finds }, place) => (found[place]?.rows.length ?? 0) > 0 === (finds === 'rows'),
          );
          if (holds) await run(queries);
          return holds;
        }),
      ),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** Does work on a connection; whatever a failure left open is undone, and what only met another's work is done again. */
async function triedAgain<Result>(
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
      if (!passing.has(sqlState(error) ?? '') || tries === mostTries) throw error;
      await pause(Math.random() * Math.min(longestPause, 2 ** tries));
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
  throw new TypeError('a transaction went on after one of its queries had failed');
}

/** A transaction that begins with its first queries, in the same trip. */
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
      return answersOf<typeof queries>(results.slice(first.length));
    },
  };
  return { transaction, begun: () => begun };
}

function unknownEnd(error: PlatformError): PlatformError {
  const remedy =
    'The connection was lost while a transaction was committed: see whether it is there before it is tried again.';
  return new PlatformError('NOT_READY', { ...error.detail, remedy }, { cause: error });
}

function statementOf(query: Compilable): PostgresStatement {
  return postgresStatement(query.compile());
}

function answersOf<Queries extends readonly Compilable[]>(
  results: readonly PostgresResult[],
): Answers<Queries> {
  return results.map(queryResult) as Answers<Queries>;
}
