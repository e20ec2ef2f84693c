import { existsSync } from 'node:fs';
import { PlatformError } from '../kernel/errors.ts';

/** A database to read, with its address. */
export type OpenedDatabase =
  | { readonly dialect: 'postgres'; readonly url: string; readonly name: string }
  | { readonly dialect: 'sqlite'; readonly path: string; readonly name: string };

export interface RowQuery {
  readonly sql: string;
  /** The value of `$since`. */
  readonly since: string;
}

/**
 * Rows of a SELECT as JSON lines, in the order of the SELECT, without writing to the database.
 * @throws PlatformError SOURCE_UNREADABLE naming the database, never its address
 */
export async function* queryLines(database: OpenedDatabase, query: RowQuery): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const rows = database.dialect === 'postgres' ? postgresRows(database, query) : sqliteRows(database, query);
  for await (const row of rows) yield encoder.encode(`${JSON.stringify(row, jsonValue)}\n`);
}

/** Whole numbers beyond 2^53 keep their digits as text, and bytes become hexadecimal. */
function jsonValue(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint')
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return Buffer.from(value instanceof ArrayBuffer ? value : value.buffer).toString('hex');
  return value;
}

const quotedOrSince = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\$since\b/g;

/** Whether a SELECT uses `$since` outside of texts, names and comments. */
export function usesSince(sql: string): boolean {
  return [...sql.matchAll(quotedOrSince)].some(([text]) => text === '$since');
}

const batchRows = 10_000;

async function* postgresRows(
  { url, name }: Extract<OpenedDatabase, { dialect: 'postgres' }>,
  { sql, since }: RowQuery,
): AsyncGenerator<object> {
  const { default: pg } = await import('pg');
  // Values stay as PostgreSQL writes them: JavaScript's numbers and dates would lose digits and time zones.
  const types = { getTypeParser: () => (text: string) => text };
  const client = new pg.Client({ connectionString: url, types, application_name: 'modelyard' });
  const fail = (cause: unknown): never => {
    throw unreadable(name, cause, 'Check the address in the secret and the SELECT.');
  };
  client.on('error', () => {});
  try {
    await client.connect().catch(fail);
    await client.query("SET timezone = 'UTC'; SET datestyle = 'ISO'; BEGIN READ ONLY").catch(fail);
    const text = sql
      .replaceAll(quotedOrSince, (part) => (part === '$since' ? '$1' : part))
      .replace(/;\s*$/, '');
    const declare = `DECLARE modelyard_rows NO SCROLL CURSOR FOR ${text}`;
    // The extended protocol takes one statement: no COMMIT can end the transaction that only reads.
    const command = { text: declare, values: usesSince(sql) ? [since] : [], queryMode: 'extended' };
    await client.query(command).catch(fail);
    for (;;) {
      const { rows } = await client.query<object>(`FETCH ${batchRows} FROM modelyard_rows`).catch(fail);
      yield* rows;
      if (rows.length < batchRows) return;
    }
  } finally {
    await client.end().catch(() => {});
  }
}

async function* sqliteRows(
  { path, name }: Extract<OpenedDatabase, { dialect: 'sqlite' }>,
  { sql, since }: RowQuery,
): AsyncGenerator<object> {
  if (!existsSync(path))
    throw unreadable(
      name,
      'no such file',
      'Name a file that exists; a relative path starts at the folder of the project file.',
    );
  const { default: Libsql } = await import('libsql');
  const database = new Libsql(path, { readonly: true });
  try {
    const statement = database.prepare(sql);
    if (!statement.reader) throw new Error('not a SELECT');
    statement.safeIntegers(true);
    const values = usesSince(sql) ? [{ since }] : [];
    yield* statement.iterate(...values) as Iterable<object>;
  } catch (cause) {
    throw unreadable(name, cause, 'Check the file and the SELECT.');
  } finally {
    database.close();
  }
}

function unreadable(field: string, cause: unknown, remedy: string): PlatformError {
  const value = cause instanceof Error ? cause.message : cause;
  return new PlatformError('SOURCE_UNREADABLE', { field, value, remedy }, { cause });
}
