import { withCallSite } from '../call-sites.ts';
import { listOf, type OneOrMore } from './checks.ts';
import type { Database } from './database.ts';
import type { ColumnOf, RowOf, TableRef } from './table.ts';

export interface SinkOptions<Rows extends TableRef> {
  readonly rows: Rows;
  readonly to: Database;
  /** The database's table, created if it is missing; new columns are added to it. @default the sink's name */
  readonly table?: string;
  /** Columns that identify a row: a row that is already there is replaced, so loading twice changes nothing. */
  readonly key: OneOrMore<ColumnOf<RowOf<NoInfer<Rows>>, string | number>>;
}

export interface Sink {
  readonly kind: 'sink';
  readonly name: string;
  readonly rows: TableRef;
  readonly to: Database;
  readonly table: string;
  readonly key: readonly string[];
}

/**
 * Loads a table into a database whenever the table changed.
 * @example sink('games-db', { rows: games, to: postgres(secret('DATABASE_URL')), key: 'gameId' })
 */
export function sink<Rows extends TableRef>(name: string, options: SinkOptions<Rows>): Sink {
  return withCallSite({
    kind: 'sink',
    name,
    rows: options.rows,
    to: options.to,
    table: options.table ?? name,
    key: listOf<string>(options.key),
  });
}
