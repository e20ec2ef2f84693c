import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../duckdb.ts';

export interface Sandbox extends Disposable {
  readonly connection: DuckDBConnection;
}

/**
 * A DuckDB of its own for SQL of a project. It reads the given files and no others, loads no extensions and changes no
 * settings. One thread, so that sums and orders are the same each time; times are UTC.
 */
export async function openSandbox(files: readonly string[]): Promise<Sandbox> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  const instance = await Instance.create(':memory:', {
    threads: '1',
    errors_as_json: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: join(tmpdir(), `modelyard-sql-${process.pid}-${randomUUID()}`),
  });
  const connection = await instance.connect();
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(`SET allowed_paths = [${files.map(quoteText).join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  } catch (cause) {
    close();
    throw cause;
  }
  return { connection, [Symbol.dispose]: close };
}
