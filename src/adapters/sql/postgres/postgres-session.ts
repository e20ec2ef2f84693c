import type { PoolClient } from 'pg';
import { PostgresBatch, type PostgresResult, type PostgresStatement } from './postgres-batch.ts';
import { postgresError, sqlState } from './postgres-errors.ts';
import type { PreparedStatements } from './prepared-statements.ts';

const rollback: PostgresStatement = { sql: 'rollback', parameters: [] };

/** States after which what a connection has prepared is of no use: a table has changed, or the statement is gone. */
const outdated: ReadonlySet<string> = new Set(['0A000', '26000']);

export interface SessionOptions {
  readonly client: PoolClient;
  readonly prepared: PreparedStatements;
  /** What errors call the database. */
  readonly shown: string;
  readonly onRelease: () => void;
}

/** One connection, for one who has it for the time. */
export class PostgresSession {
  readonly #options: SessionOptions;
  #isBroken = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Runs statements in their order, in one trip. The first that fails ends the list. */
  async run(statements: readonly PostgresStatement[]): Promise<readonly PostgresResult[]> {
    const { client, prepared, shown } = this.#options;
    try {
      return await client.query(new PostgresBatch(statements, prepared)).answered;
    } catch (error) {
      const told = postgresError(error, shown);
      const state = sqlState(told);
      if (state === undefined || outdated.has(state) || told.code === 'NOT_READY') this.#isBroken = true;
      throw told;
    }
  }

  /** Rolls back. The server does that by itself where the connection is lost. */
  async undo(): Promise<void> {
    if (this.#isBroken) return;
    try {
      await this.run([rollback]);
    } catch {
      this.#isBroken = true;
    }
  }

  /** Gives the connection back, or ends it where it is of no more use. */
  release(): void {
    const { client, onRelease } = this.#options;
    client.release(this.#isBroken);
    onRelease();
  }
}
