import type { Connection, FieldDef, Submittable } from 'pg';
import type { PreparedStatements } from './prepared-statements.ts';

export interface PostgresStatement {
  readonly sql: string;
  readonly parameters: readonly (string | Buffer | null)[];
}

export interface PostgresResult {
  readonly rows: readonly unknown[];
  /** 'SELECT', 'INSERT', 'COMMIT' */
  readonly command: string;
  /** Number of inserted, updated or deleted rows; absent for reads. */
  readonly changes?: number;
}

type Field = Pick<FieldDef, 'name' | 'dataTypeID'>;

const changing: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** int8, int2, int4, float4, float8, numeric. Our integers are counts, keys and milliseconds, which fit a double. */
const numberTypes: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 1700]);
const booleanType = 16;

/**
 * Sends statements in one round trip with a single Sync after them, so that the server skips everything after the first
 * failure. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class PostgresBatch implements Submittable {
  readonly completed: Promise<readonly PostgresResult[]>;
  readonly #statements: readonly PostgresStatement[];
  readonly #prepared: PreparedStatements;
  readonly #new = new Set<string>();
  readonly #results: PostgresResult[] = [];
  #fields: readonly Field[] = [];
  #rows: unknown[] = [];
  #resolve: (results: readonly PostgresResult[]) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(statements: readonly PostgresStatement[], prepared: PreparedStatements) {
    this.#statements = statements;
    this.#prepared = prepared;
    this.completed = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.stream.cork();
    for (const name of this.#prepared.takeSuperfluous()) connection.close({ type: 'S', name }, true);
    for (const statement of this.#statements) this.#send(connection, statement);
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#fields = fields;
  }

  handleDataRow({ fields: values }: { readonly fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    for (const [index, { name, dataTypeID }] of this.#fields.entries())
      row[name] = columnValue(values[index] ?? null, dataTypeID);
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const [command = '', ...counts] = text.split(' ');
    const changes = changing.has(command) ? { changes: Number(counts.at(-1)) } : {};
    this.#results.push({ rows: this.#rows, command, ...changes });
    this.#rows = [];
    this.#fields = [];
  }

  handleError(error: Error): void {
    this.#prepared.forget(this.#new);
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#results);
  }

  #send(connection: Connection, { sql, parameters }: PostgresStatement): void {
    const { name, isNew } = this.#prepared.nameOf(sql);
    if (isNew) {
      this.#new.add(sql);
      connection.parse({ name, text: sql, types: [] }, true);
    }
    connection.bind({ statement: name, values: [...parameters] }, true);
    connection.describe({ type: 'P', name: '' }, true);
    connection.execute(null, true);
  }
}

function columnValue(text: string | null, type: number): unknown {
  if (text === null) return null;
  if (numberTypes.has(type)) return Number(text);
  return type === booleanType ? text === 't' : text;
}
