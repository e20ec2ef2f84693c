import { sql as raw, type Kysely, type RawBuilder } from 'kysely';
import type { MetricStore, SampleQuery } from '../../../tracking/metric-store.ts';
import type { MetricPoint } from '../../../tracking/model.ts';
import type { Database } from '../database.ts';
import { readCurves } from './metric-curves.ts';
import type { MetricRow } from './run-rows.ts';
import type { Tables } from '../tables.ts';

/** Points of metrics in a SQL database. */
export function sqlMetricStore(database: Database): MetricStore {
  const { sql, read } = database;
  return {
    curves: (query) => readCurves(database, query),
    async history({ runId, key, offset, limit }) {
      const [{ rows }] = await read([
        pointsOf(sql, [runId], key)
          .select(['timestamp', 'step', 'value', 'is_nan'])
          .orderBy('timestamp')
          .orderBy('step')
          .orderBy('value')
          .orderBy('is_nan', 'desc')
          .offset(offset)
          .limit(limit + 1),
      ]);
      const items = rows.slice(0, limit).map((row) => pointOf(key, row));
      return { items, next: rows.length > limit ? offset + limit : undefined };
    },
    async histories(runIds, key, limit) {
      if (!runIds.length) return [];
      const [{ rows }] = await read([
        pointsOf(sql, runIds, key)
          .select(['run_id', 'timestamp', 'step', 'value', 'is_nan'])
          .orderBy(runOrder(runIds))
          .orderBy('timestamp')
          .orderBy('step')
          .orderBy('value')
          .orderBy('is_nan', 'desc')
          .limit(limit),
      ]);
      return rows.map((row) => ({ runId: row.run_id, ...pointOf(key, row) }));
    },
    async sample(query) {
      if (!query.runIds.length) return [];
      const sampled = sampleQuery(query);
      const [{ rows }] = await read([{ compile: () => sampled.compile(sql) }]);
      return rows.map((row) => ({ runId: row.run_id, ...pointOf(query.key, row) }));
    },
  };
}

/** A point of a key that is known: it is not read again with each. */
function pointOf(key: string, row: Omit<MetricRow, 'run_id' | 'key'>): MetricPoint {
  return { key, value: row.is_nan ? Number.NaN : row.value, step: row.step, timestamp: row.timestamp };
}

function pointsOf(sql: Kysely<Tables>, runIds: readonly string[], key: string) {
  return sql.selectFrom('metrics').where('run_id', 'in', runIds).where('key', '=', key);
}

/** Of n steps in their order those at floor(i·n/most) for i from 0 to most - 1, as MLflow chooses; all where n is not more. */
function sampleQuery({ runIds, key, steps, most }: SampleQuery): RawBuilder<Omit<MetricRow, 'key'>> {
  const within = steps ? raw`and step between ${steps.from} and ${steps.to}` : raw``;
  const points = raw`metrics where run_id in (${raw.join(runIds)}) and key = ${key} ${within}`;
  const count = raw.lit(Math.floor(most));
  return raw`with steps as (select distinct step from ${points}),
    numbered as (select step, row_number() over (order by step) - 1 as index_of_step, count(*) over () as total from steps),
    chosen as (select step from numbered
      where (index_of_step * ${count} + total - 1) / total <> ((index_of_step + 1) * ${count} + total - 1) / total),
    ends as (select min(step) as first_step, max(step) as last_step from ${points} group by run_id)
    select metrics.run_id, metrics.timestamp, metrics.step, metrics.value, metrics.is_nan
    from metrics where metrics.run_id in (${raw.join(runIds)}) and metrics.key = ${key} and metrics.step in
      (select step from chosen union select first_step from ends union select last_step from ends)
    order by ${runOrder(runIds)}, metrics.step, metrics.timestamp, metrics.value, metrics.is_nan desc`;
}

/** The order in which runs are given. */
function runOrder(runIds: readonly string[]): RawBuilder<number> {
  const cases = runIds.map((runId, index) => raw`when metrics.run_id = ${runId} then ${raw.lit(index)}`);
  return raw`case ${raw.join(cases, raw` `)} end`;
}
