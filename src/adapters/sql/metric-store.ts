import { sql as raw, type Kysely, type RawBuilder } from 'kysely';
import type { MetricStore, RunPoint, SampleQuery } from '../../tracking/metric-store.ts';
import type { Database } from './database.ts';
import { metricPoint, type MetricRow } from './run-rows.ts';
import type { Tables } from './tables.ts';

/** Points of metrics in a SQL database. */
export function sqlMetricStore({ sql, read }: Database): MetricStore {
  return {
    async history({ runId, key, offset, limit }) {
      const [{ rows }] = await read([
        pointsOf(sql, [runId], key)
          .orderBy('timestamp')
          .orderBy('step')
          .orderBy('value')
          .orderBy('is_nan', 'desc')
          .offset(offset)
          .limit(limit + 1),
      ]);
      const items = rows.slice(0, limit).map(metricPoint);
      return { items, next: rows.length > limit ? offset + limit : undefined };
    },
    async histories(runIds, key, limit) {
      if (!runIds.length) return [];
      const [{ rows }] = await read([
        pointsOf(sql, runIds, key)
          .orderBy(placeIn(runIds))
          .orderBy('timestamp')
          .orderBy('step')
          .orderBy('value')
          .orderBy('is_nan', 'desc')
          .limit(limit),
      ]);
      return rows.map(runPoint);
    },
    async sample(query) {
      if (!query.runIds.length) return [];
      const sampled = sampleQuery(query);
      const [{ rows }] = await read([{ compile: () => sampled.compile(sql) }]);
      return rows.map(runPoint);
    },
  };
}

function pointsOf(sql: Kysely<Tables>, runIds: readonly string[], key: string) {
  return sql.selectFrom('metrics').selectAll().where('run_id', 'in', runIds).where('key', '=', key);
}

/** Of n steps in their order the i-th is chosen where i·most/n passes a whole number: about `most`, the first among them. */
function sampleQuery({ runIds, key, steps, most }: SampleQuery): RawBuilder<MetricRow> {
  const within = steps ? raw`and step between ${steps.from} and ${steps.to}` : raw``;
  const points = raw`metrics where run_id in (${raw.join(runIds)}) and key = ${key} ${within}`;
  const wanted = raw.lit(Math.floor(most));
  return raw`with steps as (select distinct step from ${points}),
    placed as (select step, row_number() over (order by step) - 1 as place, count(*) over () as total from steps),
    chosen as (select step from placed
      where place = 0 or place * ${wanted} / total <> (place - 1) * ${wanted} / total),
    ends as (select min(step) as first_step, max(step) as last_step from ${points} group by run_id)
    select metrics.run_id, metrics.key, metrics.timestamp, metrics.step, metrics.value, metrics.is_nan
    from metrics where metrics.run_id in (${raw.join(runIds)}) and metrics.key = ${key} and metrics.step in
      (select step from chosen union select first_step from ends union select last_step from ends)
    order by ${placeIn(runIds)}, metrics.step, metrics.timestamp, metrics.value, metrics.is_nan desc`;
}

/** The order in which runs are given. */
function placeIn(runIds: readonly string[]): RawBuilder<number> {
  const places = runIds.map((runId, place) => raw`when metrics.run_id = ${runId} then ${raw.lit(place)}`);
  return raw`case ${raw.join(places, raw` `)} end`;
}

function runPoint(row: MetricRow): RunPoint {
  return { runId: row.run_id, ...metricPoint(row) };
}
