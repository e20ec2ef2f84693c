import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import type { PostgresStatement } from './postgres-batch.ts';
import type { PostgresPool } from './postgres-pool.ts';
import type { PostgresSession } from './postgres-session.ts';
import { connectionOver } from '../kysely-connection.ts';
import { textValue } from '../text-value.ts';

/**
 * Serializable: of two conflicting transactions one fails. PostgreSQL reports false conflicts after a sequential scan,
 * which it prefers for small tables. Our statements look up keys, so scans are off.
 */
export const begin: readonly PostgresStatement[] = [
  { sql: 'begin isolation level serializable', parameters: [] },
  { sql: 'set local enable_seqscan = off', parameters: [] },
];
export const beginReading: PostgresStatement = {
  sql: 'begin isolation level repeatable read read only',
  parameters: [],
};
/** Sees what others committed while it waited for a lock. */
const beginCommitted: PostgresStatement = { sql: 'begin isolation level read committed', parameters: [] };
export const commit: PostgresStatement = { sql: 'commit', parameters: [] };

/** Kysely's PostgreSQL dialect for our connections. */
export function postgresDialect(pool: PostgresPool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createDriver: () => postgresDriver(pool),
  };
}

/** @throws PlatformError INPUT_INVALID for a text with U+0000 */
export function postgresStatement({
  sql,
  parameters,
}: Pick<CompiledQuery, 'sql' | 'parameters'>): PostgresStatement {
  return { sql, parameters: parameters.map(parameterText) };
}

function postgresDriver(pool: PostgresPool): Driver {
  const sessions = new WeakMap<DatabaseConnection, PostgresSession>();
  return {
    async init() {},
    async acquireConnection() {
      const session = await pool.acquire();
      const connection = postgresConnection(session);
      sessions.set(connection, session);
      return connection;
    },
    async beginTransaction(connection) {
      await sessions.get(connection)?.run([beginCommitted]);
    },
    async commitTransaction(connection) {
      await sessions.get(connection)?.run([commit]);
    },
    async rollbackTransaction(connection) {
      await sessions.get(connection)?.undo();
    },
    async releaseConnection(connection) {
      sessions.get(connection)?.release();
    },
    async destroy() {},
  };
}

function postgresConnection(session: PostgresSession): DatabaseConnection {
  return connectionOver(async (query) => {
    const [result] = await session.run([postgresStatement(query)]);
    return result ?? { rows: [] };
  });
}

/** Numbers are sent as the shortest text that parses to the same double. PostgreSQL also reads NaN and Infinity. */
function parameterText(value: unknown): string | Buffer | null {
  if (value === null) return null;
  if (typeof value === 'string') return textValue(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' || typeof value === 'bigint')
    return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError(`PostgreSQL cannot store a value of type ${typeof value}`);
}
