import { open, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { PlatformError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';

/** How every SQLite file begins. */
const magic = 'SQLite format 3\0';

/** Milliseconds for which a server that writes to the file is waited for. */
const patience = 30_000;

/** A SQLite file that nothing is written to. */
export interface SqliteFile extends AsyncDisposable {
  /** Rows of a query, by the names of their columns. */
  readonly rows: (query: string, ...values: readonly (string | number)[]) => readonly JsonObject[];
  readonly hasTable: (table: string) => boolean;
  readonly hasColumn: (table: string, column: string) => boolean;
}

/** @throws PlatformError SOURCE_UNREADABLE for what is no SQLite file, or none of MLflow */
export async function openSqliteFile(path: string): Promise<SqliteFile> {
  await refuseOther(path);
  // A path would be opened to write, whatever the options say.
  const database = new Libsql(`${pathToFileURL(path).href}?mode=ro`, { timeout: patience });
  const rows: SqliteFile['rows'] = (query, ...values) => {
    try {
      return database.prepare(query).all([...values]) as readonly JsonObject[];
    } catch (cause) {
      throw unreadable(path, String(cause), cause);
    }
  };
  const columns = new Map<string, ReadonlySet<unknown>>();
  const columnsOf = (table: string): ReadonlySet<unknown> => {
    const known =
      columns.get(table) ??
      new Set(rows('select name from pragma_table_info(?)', table).map(({ name }) => name));
    columns.set(table, known);
    return known;
  };
  if (!columnsOf('experiments').has('experiment_id') || !columnsOf('runs').has('run_uuid')) {
    database.close();
    throw unreadable(path, 'it has no tables of MLflow');
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

/** A file that is not there would be made. */
async function refuseOther(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isFile()) throw unreadable(path, 'there is no file of the name');
  if (!(await isSqlite(path))) throw unreadable(path, 'it is no SQLite file');
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

function unreadable(path: string, why: string, cause?: unknown): PlatformError {
  const remedy = `${why}. Give the file that MLflow's server has as its backend store.`;
  return new PlatformError('SOURCE_UNREADABLE', { field: 'SQLite file', value: path, remedy }, { cause });
}
