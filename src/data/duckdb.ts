import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

let instance: Promise<DuckDBInstance> | undefined;

/**
 * A connection to the process's DuckDB, which is loaded on first use. It uses one thread, so that rows keep their order and
 * the same rows give the same bytes.
 */
export async function connect(): Promise<DuckDBConnection> {
  instance ??= open();
  return (await instance).connect();
}

async function open(): Promise<DuckDBInstance> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  const created = await Instance.create(':memory:', {
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: join(tmpdir(), `modelyard-duckdb-${process.pid}`),
  });
  const connection = await created.connect();
  // Every attached file is a staging file, which is removed after it is closed.
  await connection.run('PRAGMA disable_checkpoint_on_shutdown');
  connection.closeSync();
  return created;
}

/** Quotes a name for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text for SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The rows of a query, in JavaScript values.
 * @typeParam Row what the query selects: DuckDB's types do not know it
 */
export async function queryRows<Row extends readonly unknown[]>(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly Row[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowsJS() as readonly unknown[] as readonly Row[];
}
