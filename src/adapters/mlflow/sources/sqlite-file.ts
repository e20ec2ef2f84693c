import { open, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { PlatformError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { fromBigInts } from '../exact-numbers.ts';

/** The first bytes of every SQLite file. */
const magic = 'SQLite format 3\0';

/** Milliseconds to wait for a server that is writing to the file. */
const busyTimeout = 30_000;

/** A SQLite file that is only read. */
export interface SqliteFile extends AsyncDisposable {
  /** Rows of a query by column name. Whole numbers beyond 2^53 are strings. */
  readonly rows: (query: string, ...values: readonly (string | number)[]) => readonly JsonObject[];
  readonly hasTable: (table: string) => boolean;
  readonly hasColumn: (table: string, column: string) => boolean;
}

/** @throws PlatformError SOURCE_UNREADABLE for a file that is not a SQLite database of MLflow */
export async function openSqliteFile(path: string): Promise<SqliteFile> {
  await refuseOther(path);
  // With a plain path libsql opens the file for writing, whatever the options say.
  const database = new Libsql(`${pathToFileURL(path).href}?mode=ro`, { timeout: busyTimeout });
  const rows: SqliteFile['rows'] = (query, ...values) => {
    try {
      const found = database
        .prepare(query)
        .safeIntegers(true)
        .all([...values]);
      return fromBigInts(found) as readonly JsonObject[];
    } catch (cause) {
      throw unreadable(path, String(cause), cause);
    }
  };
  const columns = new Map<string, ReadonlySet<unknown>>();
  const columnsOf = (table: string): ReadonlySet<unknown> => {
    const cached =
      columns.get(table) ??
      new Set(rows('select name from pragma_table_info(?)', table).map(({ name }) => name));
    columns.set(table, cached);
    return cached;
  };
  if (!columnsOf('experiments').has('experiment_id') || !columnsOf('runs').has('run_uuid')) {
    database.close();
    throw unreadable(path, 'it has no MLflow tables');
  }
  return {
    rows,
    hasTable: (table) => columnsOf(table).size > 0,
    hasColumn: (table, column) => columnsOf(table).has(column),
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

/** SQLite creates a file that does not exist. */
async function refuseOther(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isFile()) throw unreadable(path, 'the file does not exist');
  if (!(await isSqlite(path))) throw unreadable(path, 'it is not a SQLite file');
}

async function isSqlite(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return buffer.toString('latin1') === magic;
  } finally {
    await file.close();
  }
}

function unreadable(path: string, reason: string, cause?: unknown): PlatformError {
  const remedy = `${reason}. Name the backend store file of the MLflow server.`;
  return new PlatformError('SOURCE_UNREADABLE', { field: 'SQLite file', value: path, remedy }, { cause });
}
