import Libsql from 'libsql';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { formatCause } from '../../../kernel/errors.ts';
import { undo, writeJobs, type JobConnection } from './sqlite-jobs.ts';
import type {
  SqliteResponse,
  SqliteFailure,
  SqliteOutcome,
  SqliteCall,
  SqliteRequest,
  SqliteResult,
  SqliteStatement,
} from './sqlite-messages.ts';

/** Prepared statements in the cache. The least recently used is evicted first. */
const maxPrepared = 200;

/** SQLITE_ERROR. */
const plainError = 1;

/** A connection to a database file. All waits for the disk happen in this thread. */
class Connection implements JobConnection {
  readonly #database: Libsql.Database;
  readonly #prepared = new Map<string, Libsql.Statement>();

  constructor({ path, busyTimeout, readOnly }: Extract<SqliteRequest, { readonly kind: 'open' }>) {
    this.#database = new Libsql(readOnly ? readOnlyAddress(path) : path, { timeout: busyTimeout });
    const durability = 'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;';
    this.#database.exec(
      `${readOnly ? 'pragma query_only = on;' : durability} pragma cache_size = -16384; pragma case_sensitive_like = on`,
    );
  }

  readonly run = ({ sql, parameters }: SqliteStatement): SqliteResult => {
    const statement = this.#prepare(sql);
    if (!statement.reader) return { rows: [], changes: statement.run(parameters).changes };
    const rows = statement.all(parameters);
    return /^\s*(?:select|with|pragma)\b/i.test(sql) ? { rows } : { rows, changes: rows.length };
  };

  readonly inTransaction = (): boolean => this.#database.inTransaction;

  readonly failureOf = failureOf;

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Libsql.Statement {
    const cached = this.#prepared.get(sql);
    const statement = cached ?? this.#database.prepare(sql);
    this.#prepared.delete(sql);
    this.#prepared.set(sql, statement);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > maxPrepared && oldest !== undefined) this.#prepared.delete(oldest);
    return statement;
  }
}

/**
 * Where there is a log, closing a connection that may write would move it into the database. Without one, a
 * connection that may not write would leave an empty log.
 */
function readOnlyAddress(path: string): string {
  return existsSync(`${path}-wal`) ? `${pathToFileURL(path).href}?mode=ro` : path;
}

let connection: Connection | undefined;

function perform(
  request: SqliteRequest,
): { readonly results: readonly SqliteResult[] } | { readonly outcomes: readonly SqliteOutcome[] } {
  switch (request.kind) {
    case 'open':
      connection = new Connection(request);
      return { results: [] };
    case 'run':
      return { results: request.statements.map(opened().run) };
    case 'write':
      return { outcomes: writeJobs(opened(), request.jobs) };
    case 'undo':
      undo(opened());
      return { results: [] };
    case 'close':
      connection?.close();
      return { results: [] };
  }
}

function opened(): Connection {
  if (connection) return connection;
  throw new TypeError('the database is not open');
}

function respond({ id, request }: SqliteCall): SqliteResponse {
  try {
    return { id, ...perform(request) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): SqliteFailure {
  const message = formatCause(error);
  return { code: codeOf(error) ?? plainError, message };
}

/** If libsql cannot open a file, the code appears only at the end of the message. */
function codeOf(error: unknown): number | undefined {
  if (error instanceof Libsql.SqliteError && error.rawCode !== undefined) return error.rawCode;
  const ending =
    error instanceof Error ? /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message)?.[1] : undefined;
  return ending === undefined ? undefined : Number(ending);
}

parentPort?.on('message', (call: SqliteCall) => {
  parentPort?.postMessage(respond(call));
  if (call.request.kind === 'close') parentPort?.close();
});
