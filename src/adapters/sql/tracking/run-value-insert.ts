import { type RawBuilder, sql as raw } from 'kysely';
import { metricColumns, textColumns, type MetricRow, type TextRow } from './run-rows.ts';

const scope = ['experiment_id', 'started_at'] as const;
/** The columns that `textValues` has. */
export const textInsertColumns = [...textColumns, 'is_long', 'prefix', ...scope] as const;
/** The columns that `latestValues` has. */
export const latestInsertColumns = [...metricColumns, ...scope] as const;

/** Params or tags to insert. Parameters are in the order of a row's columns. */
export function textValues(rows: readonly TextRow[]): RawBuilder<unknown> {
  const entries = rows.map(({ run_id, key, value }) => raw`(${run_id}, ${key}, ${value})`);
  return withRun(
    entries,
    raw`entry.column1, entry.column2, entry.column3,
      case when length(entry.column3) > 100 then 1 else 0 end, substr(entry.column3, 1, 100)`,
  );
}

/** The latest points of metrics to insert. Parameters are in the order of a row's columns. */
export function latestValues(rows: readonly MetricRow[]): RawBuilder<unknown> {
  const entries = rows.map(
    ({ run_id, key, value, is_nan, step, timestamp }) =>
      raw`(${run_id}, ${key}, ${value}, ${is_nan}, ${step}, ${timestamp})`,
  );
  // PostgreSQL takes parameters for texts where nothing says what they are.
  return withRun(
    entries,
    raw`entry.column1, entry.column2, cast(entry.column3 as double precision),
      cast(entry.column4 as bigint), cast(entry.column5 as bigint), cast(entry.column6 as bigint)`,
  );
}

/**
 * Adds the experiment and the start of the run, which the sort indexes need. A run that does not exist has none, and then
 * the insert fails because the columns are required.
 */
function withRun(entries: readonly RawBuilder<unknown>[], columns: RawBuilder<unknown>): RawBuilder<unknown> {
  return raw`select ${columns}, runs.experiment_id, runs.started_at
    from (values ${raw.join(entries)}) as entry left join runs on runs.id = entry.column1 where true`;
}
