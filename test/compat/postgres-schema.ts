import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A new schema of a database. Disposal drops it with its contents. */
export interface PostgresSchema extends AsyncDisposable {
  readonly name: string;
  /** The database's address, with this schema first in the search_path. */
  readonly url: string;
}

/** @param settings of the server for connections by the new address: '-c synchronous_commit=off' */
export async function newSchema(url: string, settings = ''): Promise<PostgresSchema> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(url, `create schema ${name}`);
  const address = new URL(url);
  address.searchParams.set('options', `-c search_path=${name} ${settings}`.trim());
  return {
    name,
    url: address.href.replaceAll('+', '%20'),
    [Symbol.asyncDispose]: async () => void (await execute(url, `drop schema ${name} cascade`)),
  };
}

/** Runs one statement on a new connection. */
export async function execute(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
