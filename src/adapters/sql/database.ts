import type { Compilable, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

/** What each of some queries answers, in their order. */
export type Answers<Queries extends readonly Compilable[]> = {
  [Place in keyof Queries]: Queries[Place] extends Compilable<infer Row> ? QueryResult<Row> : never;
};

export interface Transaction {
  /** Runs queries in their order, in one trip to the database. After one has failed the transaction is over. */
  readonly run: <const Queries extends readonly Compilable[]>(queries: Queries) => Promise<Answers<Queries>>;
}

/** What a query is to find for something else to be done. */
export interface Condition {
  readonly query: Compilable;
  readonly finds: 'rows' | 'nothing';
}

/** A database with the tables of Modelyard that is only looked at. */
export interface ReadDatabase extends AsyncDisposable {
  /** Builds queries. */
  readonly sql: Kysely<Tables>;
  /** Runs selects that all see the same moment, in one trip. They see every write that was acknowledged before. */
  readonly read: <const Queries extends readonly Compilable[]>(queries: Queries) => Promise<Answers<Queries>>;
}

/** A database with the tables of Modelyard, up to date. Stores are written against this and know no dialect. */
export interface Database extends ReadDatabase {
  /** Commits what `work` wrote when it returns, on disk; undoes all of it when it throws. One at a time. */
  readonly transaction: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
  /**
   * Runs `queries` as a transaction if every condition holds, else nothing. It takes fewer trips than `transaction`, and
   * what several callers write at one time may wait for the disk together; each is there whole or not at all.
   * @returns whether it ran them; they are on disk then
   */
  readonly writeIf: (conditions: readonly Condition[], queries: readonly Compilable[]) => Promise<boolean>;
}
