import type { PoolClient } from 'pg';
import { PostgresBatch, type PostgresResult, type PostgresStatement } from './postgres-batch.ts';
import { postgresError, sqlState } from './postgres-errors.ts';
import type { PreparedStatements } from './prepared-statements.ts';

const rollback: PostgresStatement = { sql: 'rollback', parameters: [] };

/** SQLSTATEs that invalidate prepared statements: a table has changed, or the statement is gone. */
const outdated: ReadonlySet<string> = new Set(['0A000', '26000']);

export interface SessionOptions {
  readonly client: PoolClient;
  readonly prepared: PreparedStatements;
  /** The masked address, for errors. */
  readonly masked: string;
  readonly onRelease: () => void;
}

/** A connection that one caller holds until it releases it. */
export class PostgresSession {
  readonly #options: SessionOptions;
  #isBroken = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Runs statements in order, in one round trip, up to the first that fails. */
  async run(statements: readonly PostgresStatement[]): Promise<readonly PostgresResult[]> {
    const { client, prepared, masked } = this.#options;
    try {
      return await client.query(new PostgresBatch(statements, prepared)).completed;
    } catch (error) {
      const failure = postgresError(error, masked);
      const state = sqlState(failure);
      if (state === undefined || outdated.has(state) || failure.code === 'NOT_READY') this.#isBroken = true;
      throw failure;
    }
  }

  /** Rolls back. If the connection is lost, the server does so itself. */
  async undo(): Promise<void> {
    if (this.#isBroken) return;
    try {
      await this.run([rollback]);
    } catch {
      this.#isBroken = true;
    }
  }

  /** Returns the connection to the pool, or closes a broken one. */
  release(): void {
    const { client, onRelease } = this.#options;
    client.release(this.#isBroken);
    onRelease();
  }
}
