import { Pool, type ClientBase, type PoolClient } from 'pg';
import { PlatformError } from '../../../kernel/errors.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { postgresError } from './postgres-errors.ts';
import { PostgresSession } from './postgres-session.ts';
import { PreparedStatements } from './prepared-statements.ts';

/** Milliseconds to wait for a new or released connection. */
const connectTimeout = 10_000;

/**
 * Settings of every connection. Commits always wait for the disk, and no transaction idles or waits for a lock for ever.
 * Our queries are shorter than JIT compilation and the start of parallel workers.
 */
const settings = `select
  set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
  set idle_in_transaction_session_timeout = '60s';
  set lock_timeout = '10s';
  set jit = off;
  set max_parallel_workers_per_gather = 0`;

/** Connections to one PostgreSQL database, opened when needed. */
export class PostgresPool implements AsyncDisposable {
  readonly masked: string;
  readonly #pool: Pool;
  readonly #prepared = new WeakMap<PoolClient, PreparedStatements>();
  #open = 0;
  #ended: Promise<void> | undefined;
  #onIdle: () => void = () => {};

  constructor({ url, masked }: PostgresAddress, maxConnections: number) {
    this.masked = masked;
    this.#pool = new Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: connectTimeout,
      keepAlive: true,
      application_name: 'modelyard',
      onConnect: (client: ClientBase) => client.query(settings),
    });
    // An idle connection that breaks leaves the pool by itself; a broken one in use fails its query.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** Waits for a connection and holds it while `work` runs. @throws PlatformError NOT_READY, CONFIG_INVALID */
  async use<Result>(work: (session: PostgresSession) => Promise<Result>): Promise<Result> {
    const session = await this.acquire();
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  /** Waits for a connection; the caller releases it. @throws PlatformError NOT_READY, CONFIG_INVALID */
  async acquire(): Promise<PostgresSession> {
    if (this.#ended) throw closed(this.masked);
    this.#open += 1;
    try {
      const client = await this.#pool.connect();
      const onRelease = (): void => this.#leave();
      return new PostgresSession({
        client,
        prepared: this.#preparedOf(client),
        masked: this.masked,
        onRelease,
      });
    } catch (error) {
      this.#leave();
      throw postgresError(error, this.masked);
    }
  }

  /** Waits for running work to end. */
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

function closed(masked: string): PlatformError {
  const remedy = 'It is closed: start modelyard again.';
  return new PlatformError('INTERNAL', { field: 'database', value: masked, remedy });
}
