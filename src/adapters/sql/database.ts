import type { Compilable, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

/** The results of queries, in the same order. */
export type QueryResults<Queries extends readonly Compilable[]> = {
  [Index in keyof Queries]: Queries[Index] extends Compilable<infer Row> ? QueryResult<Row> : never;
};

export interface Transaction {
  /** Runs queries in order, in one round trip. After a failed query the transaction is over. */
  readonly run: <const Queries extends readonly Compilable[]>(
    queries: Queries,
  ) => Promise<QueryResults<Queries>>;
}

/** A query, and whether it must find rows. */
export interface Condition {
  readonly query: Compilable;
  readonly finds: 'rows' | 'nothing';
}

/** A database that is open for reading only. */
export interface ReadDatabase extends AsyncDisposable {
  /** Builds queries. */
  readonly sql: Kysely<Tables>;
  /** Runs selects on one snapshot, in one round trip. The snapshot has every write acknowledged before the call. */
  readonly read: <const Queries extends readonly Compilable[]>(
    queries: Queries,
  ) => Promise<QueryResults<Queries>>;
}

/** A database with up-to-date tables. Stores use this interface in every dialect. */
export interface Database extends ReadDatabase {
  /** Commits the writes of `work` to disk when it returns and rolls them back when it throws. One runs at a time. */
  readonly transaction: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
  /**
   * Runs `queries` as a transaction if every condition holds, with fewer round trips than `transaction`. Concurrent calls
   * may share one wait for the disk; each is written in full or not at all.
   * @returns whether the queries ran; if so, they are on disk
   */
  readonly writeIf: (conditions: readonly Condition[], queries: readonly Compilable[]) => Promise<boolean>;
}
