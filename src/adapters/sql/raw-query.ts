import { sql as raw, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import type { Tables } from './tables.ts';

/** A query that is written out, as databases take it. */
export function rawQuery<Row>(sql: Kysely<Tables>, query: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => query.compile(sql) };
}

/** How many rows a query has; not looked further than `most`. */
export function countUpTo(
  sql: Kysely<Tables>,
  rows: RawBuilder<unknown>,
  most: number,
): Compilable<{ readonly count: number }> {
  return rawQuery(sql, raw`select count(*) as count from (${rows} limit ${most}) as counted`);
}
