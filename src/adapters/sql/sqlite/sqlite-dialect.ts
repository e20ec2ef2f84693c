import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import type { SqliteStatement, SqliteValue } from './sqlite-messages.ts';
import type { SqliteThread } from './sqlite-thread.ts';
import { connectionOver } from '../kysely-connection.ts';
import { textValue } from '../text-value.ts';

/** Takes the write lock at once, so that a transaction that reads first cannot fail when it writes. */
export const begin: SqliteStatement = { sql: 'begin immediate', parameters: [] };
export const beginReading: SqliteStatement = { sql: 'begin', parameters: [] };
export const commit: SqliteStatement = { sql: 'commit', parameters: [] };

/** Kysely's SQLite dialect for a connection in another thread. */
export function sqliteDialect(thread: SqliteThread): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createDriver: () => sqliteDriver(thread),
  };
}

/** @throws PlatformError INPUT_INVALID for a text with U+0000: SQLite would cut it there and PostgreSQL refuses it */
export function sqliteStatement({
  sql,
  parameters,
}: Pick<CompiledQuery, 'sql' | 'parameters'>): SqliteStatement {
  return { sql, parameters: parameters.map(sqliteValue) };
}

function sqliteDriver(thread: SqliteThread): Driver {
  const releases = new WeakMap<DatabaseConnection, () => void>();
  return {
    async init() {},
    async acquireConnection() {
      const release = await thread.acquire();
      const connection = sqliteConnection(thread);
      releases.set(connection, release);
      return connection;
    },
    async beginTransaction(_connection, { accessMode }) {
      await thread.run([accessMode === 'read only' ? beginReading : begin]);
    },
    async commitTransaction() {
      await thread.run([commit]);
    },
    rollbackTransaction: () => thread.undo(),
    async releaseConnection(connection) {
      releases.get(connection)?.();
    },
    async destroy() {},
  };
}

function sqliteConnection(thread: SqliteThread): DatabaseConnection {
  return connectionOver(async (query) => {
    const [result] = await thread.run([sqliteStatement(query)]);
    return result ?? { rows: [] };
  });
}

function sqliteValue(value: unknown): SqliteValue {
  if (typeof value === 'string') return textValue(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || typeof value === 'bigint' || value === null || value instanceof Uint8Array)
    return value;
  throw new TypeError(`SQLite cannot store a value of type ${typeof value}`);
}
