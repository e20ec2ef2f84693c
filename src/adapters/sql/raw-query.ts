import { sql as raw, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import type { Tables } from './tables.ts';

/** A raw SQL query in the form that databases accept. */
export function rawQuery<Row>(sql: Kysely<Tables>, query: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => query.compile(sql) };
}

/** Counts the rows of a query up to `most`. */
export function countUpTo(
  sql: Kysely<Tables>,
  rows: RawBuilder<unknown>,
  most: number,
): Compilable<{ readonly count: number }> {
  return rawQuery(sql, raw`select count(*) as count from (${rows} limit ${most}) as counted`);
}
