import { type RawBuilder, sql as raw } from 'kysely';
import { dayMs } from '../../../data/calendar.ts';
import type {
  ActivityQuery,
  ExperimentActivity,
  ExperimentActivityStore,
} from '../../../tracking/experiment-activity.ts';
import type { RunStatus } from '../../../tracking/model.ts';
import type { Database } from '../database.ts';
import { groupRows } from '../group-rows.ts';
import { rawQuery } from '../raw-query.ts';
import { integerIds } from './experiment-search.ts';

interface CountRow {
  readonly experiment_id: number;
  readonly status: RunStatus;
  readonly runs: number;
}

interface DayRow extends CountRow {
  readonly day: number;
}

interface LastRow {
  readonly experiment_id: number;
  readonly id: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly ended_at: number | null;
}

/** Counts of runs in a SQL database, from the indexes of `runs`. */
export function sqlExperimentActivityStore({ sql, read }: Database): ExperimentActivityStore {
  return {
    async of(query) {
      const ids = integerIds(query.experimentIds);
      if (!ids.length) return [];
      const [counts, days, last] = await read([
        rawQuery(sql, countsOf(ids)),
        rawQuery(sql, daysOf(ids, query)),
        rawQuery(sql, lastOf(ids)),
      ]);
      const countsByExperiment = groupRows(counts.rows, ({ experiment_id }) => experiment_id);
      const daysByExperiment = groupRows(days.rows, ({ experiment_id }) => experiment_id);
      return last.rows.map((row) =>
        activityOf(row, {
          counts: countsByExperiment.get(row.experiment_id) ?? [],
          days: daysByExperiment.get(row.experiment_id) ?? [],
          length: query.days,
        }),
      );
    },
  };
}

function countsOf(ids: readonly number[]): RawBuilder<CountRow> {
  return raw`select experiment_id, status, count(*) as runs from runs
    where experiment_id in (${raw.join(ids)}) and lifecycle_stage = 'active' group by experiment_id, status`;
}

function daysOf(ids: readonly number[], { from, days }: ActivityQuery): RawBuilder<DayRow> {
  const day = raw`(started_at - ${raw.lit(Math.floor(from))}) / ${raw.lit(dayMs)}`;
  return raw`select experiment_id, status, ${day} as day, count(*) as runs from runs
    where experiment_id in (${raw.join(ids)}) and lifecycle_stage = 'active'
      and started_at >= ${from} and started_at < ${from + days * dayMs}
    group by experiment_id, status, ${day}`;
}

function lastOf(ids: readonly number[]): RawBuilder<LastRow> {
  const latest = raw`select id from runs as others
    where others.experiment_id = experiments.id and others.lifecycle_stage = 'active'
    order by others.started_at desc, others.id limit 1`;
  return raw`select runs.experiment_id, runs.id, runs.name, runs.status, runs.started_at, runs.ended_at
    from experiments join runs on runs.id = (${latest}) where experiments.id in (${raw.join(ids)})`;
}

interface Counted {
  readonly counts: readonly CountRow[];
  readonly days: readonly DayRow[];
  readonly length: number;
}

function activityOf(row: LastRow, { counts, days, length }: Counted): ExperimentActivity {
  return {
    experimentId: String(row.experiment_id),
    runs: sum(counts),
    running: sum(counts.filter(({ status }) => status === 'RUNNING')),
    started: byDay(days, length),
    failed: byDay(
      days.filter(({ status }) => status === 'FAILED'),
      length,
    ),
    last: {
      id: row.id,
      name: row.name,
      status: row.status,
      startedAt: row.started_at,
      endedAt: row.ended_at ?? undefined,
    },
  };
}

function byDay(rows: readonly DayRow[], length: number): readonly number[] {
  return Array.from({ length }, (_, index) => sum(rows.filter(({ day }) => Number(day) === index)));
}

function sum(rows: readonly CountRow[]): number {
  return rows.reduce((total, { runs }) => total + Number(runs), 0);
}
