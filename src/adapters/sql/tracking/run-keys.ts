import { type RawBuilder, sql as raw } from 'kysely';
import type { KeyQuery, RunKeyStore } from '../../../tracking/run-keys.ts';
import type { Database } from '../database.ts';
import { rawQuery } from '../raw-query.ts';
import { containsMatch } from '../search-match.ts';
import { integerIds } from './experiment-search.ts';

const tables = { metric: 'latest_metrics', param: 'params', tag: 'run_tags' } as const;

/** Keys in a SQL database. */
export function sqlRunKeyStore({ sql, read }: Database): RunKeyStore {
  return {
    async find(query) {
      const ids = integerIds(query.experimentIds);
      const results = await read(ids.map((id) => rawQuery(sql, keysOf(id, query))));
      const keys = new Set(results.flatMap(({ rows }) => rows.map(({ key }) => key)));
      return [...keys].toSorted(byBytes).slice(0, query.limit + 1);
    },
  };
}

/** Steps from key to key along the index by value, instead of reading the rows of every run. */
function keysOf(
  id: number,
  { entity, contains = '', limit }: KeyQuery,
): RawBuilder<{ readonly key: string }> {
  const table = raw.table(tables[entity]);
  const next = (after: RawBuilder<unknown>): RawBuilder<unknown> =>
    raw`(select key from ${table} where experiment_id = ${id} ${after} order by key limit 1)`;
  return raw`with recursive keys (key) as (
      select ${next(raw``)}
      union all
      select ${next(raw`and ${table}.key > keys.key`)} from keys where keys.key is not null
    )
    select key from keys where key is not null and ${containsMatch(raw.ref('key'), contains)} limit ${limit + 1}`;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
