import { Pool, type ClientBase, type PoolClient } from 'pg';
import { PlatformError } from '../../../kernel/errors.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { postgresError } from './postgres-errors.ts';
import { PostgresSession } from './postgres-session.ts';
import { PreparedStatements } from './prepared-statements.ts';

/** Milliseconds for which a connection is waited for, whether it is made or another's. */
const connectTimeout = 10_000;

/**
 * What holds for every connection. A commit waits for the disk whatever the server's default is; one who hangs in a
 * transaction, or waits for another's rows, does not do so for ever. To compile a query, or to start processes for it, takes
 * longer than most of ours do.
 */
const settings = `select
  set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
  set idle_in_transaction_session_timeout = '60s';
  set lock_timeout = '10s';
  set jit = off;
  set max_parallel_workers_per_gather = 0`;

/** Connections to one PostgreSQL database, made when they are needed. */
export class PostgresPool implements AsyncDisposable {
  readonly shown: string;
  readonly #pool: Pool;
  readonly #prepared = new WeakMap<PoolClient, PreparedStatements>();
  #open = 0;
  #ended: Promise<void> | undefined;
  #onIdle: () => void = () => {};

  constructor({ url, shown }: PostgresAddress, maxConnections: number) {
    this.shown = shown;
    this.#pool = new Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: connectTimeout,
      keepAlive: true,
      application_name: 'modelyard',
      onConnect: (client: ClientBase) => client.query(settings),
    });
    // A connection that is lost while nobody uses it leaves the pool by itself; one in use fails what it was asked.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** Waits for a connection and has it for itself while `work` runs. @throws PlatformError NOT_READY, CONFIG_INVALID */
  async use<Result>(work: (session: PostgresSession) => Promise<Result>): Promise<Result> {
    const session = await this.acquire();
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  /** Waits for a connection, which must be released. @throws PlatformError NOT_READY, CONFIG_INVALID */
  async acquire(): Promise<PostgresSession> {
    if (this.#ended) throw closed(this.shown);
    this.#open += 1;
    try {
      const client = await this.#pool.connect();
      const onRelease = (): void => this.#leave();
      return new PostgresSession({
        client,
        prepared: this.#preparedOf(client),
        shown: this.shown,
        onRelease,
      });
    } catch (error) {
      this.#leave();
      throw postgresError(error, this.shown);
    }
  }

  /** Waits for what was begun. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    if (this.#open)
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    await this.#pool.end();
  }

  #leave(): void {
    this.#open -= 1;
    if (!this.#open) this.#onIdle();
  }

  #preparedOf(client: PoolClient): PreparedStatements {
    const prepared = this.#prepared.get(client) ?? new PreparedStatements();
    this.#prepared.set(client, prepared);
    return prepared;
  }
}

function closed(shown: string): PlatformError {
  const remedy = 'It is closed: start modelyard again.';
  return new PlatformError('INTERNAL', { field: 'database', value: shown, remedy });
}
