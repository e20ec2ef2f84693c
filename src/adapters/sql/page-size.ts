import { sql as raw, type Compilable, type RawBuilder } from 'kysely';
import { pageBytes } from '../../tracking/run-limits.ts';
import type { Database } from './database.ts';

/** Selects how many bytes each row of a page holds, in the order of the page. */
export type SizesQuery = Compilable<{ readonly bytes: number | bigint | string }>;

/** How many rows at the start of a page fit into `pageBytes`: `limit` if all do, and at least one. */
export async function fittingLimit(
  { read }: Pick<Database, 'read'>,
  sizes: SizesQuery,
  limit: number,
): Promise<number> {
  const [{ rows }] = await read([sizes]);
  let left: number = pageBytes;
  const end = rows.findIndex(({ bytes }, index) => {
    left -= Number(bytes);
    return left < 0 && index > 0;
  });
  return end < 0 ? limit : Math.min(limit, end);
}

/** The bytes of these columns; an absent value has none. */
export function bytesOf(columns: readonly string[]): RawBuilder<number> {
  return raw<number>`(${raw.join(
    columns.map((column) => raw`coalesce(octet_length(${raw.ref(column)}), 0)`),
    raw` + `,
  )})`;
}

/** The bytes of all rows of `from`: a table, and after `where` the rows of it. */
export function bytesIn(columns: readonly string[], from: RawBuilder<unknown>): RawBuilder<number> {
  return raw<number>`coalesce((select sum(${bytesOf(columns)}) from ${from}), 0)`;
}
