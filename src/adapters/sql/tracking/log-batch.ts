import { type Compilable, type Kysely, type SelectQueryBuilder, sql as raw, type SqlBool } from 'kysely';
import {
  type KeyValue,
  type LoggedPoint,
  type ParamConflict,
  type RunEntries,
  runTag,
} from '../../../tracking/model.ts';
import type { Condition } from '../database.ts';
import { rowInsert } from '../row-insert.ts';
import { entryConditions, nestedParent } from './run-entry-checks.ts';
import { latestOf, metricRow, type MetricRow, type TextRow } from './run-rows.ts';
import { latestInsertColumns, latestValues, textInsertColumns, textValues } from './run-value-insert.ts';
import type { Tables } from '../tables.ts';

/** Writes what runs log. */
export interface LogWriter {
  /** What the run has already of the params. */
  readonly storedParams: (
    runId: string,
    params: readonly KeyValue[],
  ) => Compilable<{ readonly key: string; readonly value: string }>;
  /**
   * Where they hold, entries are written with no further look: the run is active, has none of the params, and room for
   * all entries.
   */
  readonly conditions: (runId: string, entries: RunEntries) => readonly Condition[];
  readonly writes: (runId: string, entries: RunEntries) => readonly Compilable[];
}

export function logWriter(sql: Kysely<Tables>): LogWriter {
  const insertParams = rowInsert<TextRow>((rows) =>
    sql
      .insertInto('params')
      .columns(textInsertColumns)
      .expression(textValues(rows))
      .onConflict((same) => same.doNothing()),
  );
  const insertTags = rowInsert<TextRow>((rows) =>
    sql
      .insertInto('run_tags')
      .columns(textInsertColumns)
      .expression(textValues(rows))
      .onConflict((same) =>
        same.columns(['run_id', 'key']).doUpdateSet((row) => ({
          value: row.ref('excluded.value'),
          is_long: row.ref('excluded.is_long'),
          prefix: row.ref('excluded.prefix'),
        })),
      ),
  );
  const insertPoints = rowInsert<MetricRow>((rows) =>
    sql
      .insertInto('metrics')
      .values(rows)
      .onConflict((same) => same.doNothing()),
  );
  const insertModelPoints = rowInsert<Tables['model_metrics']>((rows) =>
    sql
      .insertInto('model_metrics')
      .values(rows)
      .onConflict((same) => same.doNothing()),
  );
  const insertLatest = latestInsert(sql);
  const isActive = activeRun(sql);
  const storedParams: LogWriter['storedParams'] = (runId, params) => {
    const keys = params.map(({ key }) => key);
    const all = sql.selectFrom('params').select(['key', 'value']).where('run_id', '=', runId);
    return keys.length ? all.where('key', 'in', keys) : all.limit(0);
  };
  return {
    storedParams,
    conditions: (runId, { params = [], ...entries }) => [
      { query: isActive(runId), finds: 'rows' },
      ...entryConditions(sql, runId, { params, ...entries }),
      ...(params.length ? [{ query: storedParams(runId, params), finds: 'nothing' } as const] : []),
    ],
    writes(runId, { metrics = [], params = [], tags = [] }) {
      const points = metrics.map((point) => metricRow(runId, point));
      return [
        ...insertParams(textRows(runId, params)),
        ...insertTags(textRows(runId, lastOfEach(tags))),
        ...factsOf(sql, runId, tags),
        ...insertPoints(points),
        ...insertLatest(latestOf(points)),
        ...insertModelPoints(modelRows(runId, metrics)),
      ];
    },
  };
}

function activeRun(sql: Kysely<Tables>): (runId: string) => Compilable {
  const active = sql.selectFrom('runs').select('id').where('lifecycle_stage', '=', 'active');
  const compiled = active.where('id', '=', '').compile();
  return (runId) => ({ compile: () => ({ ...compiled, parameters: ['active', runId] }) });
}

/** The params of a batch that the run has with another value. */
export function conflictsOf(
  params: readonly KeyValue[],
  stored: readonly { readonly key: string; readonly value: string }[],
): readonly ParamConflict[] {
  const values = new Map(stored.map(({ key, value }) => [key, value]));
  return params.flatMap(({ key, value }) => {
    const old = values.get(key);
    return old === undefined || old === value ? [] : [{ key, old, new: value }];
  });
}

function latestInsert(sql: Kysely<Tables>) {
  return rowInsert<MetricRow>((rows) =>
    sql
      .insertInto('latest_metrics')
      .columns(latestInsertColumns)
      .expression(latestValues(rows))
      .onConflict((same) =>
        same
          .columns(['run_id', 'key'])
          .doUpdateSet((row) => ({
            value: row.ref('excluded.value'),
            is_nan: row.ref('excluded.is_nan'),
            step: row.ref('excluded.step'),
            timestamp: row.ref('excluded.timestamp'),
          }))
          .where((row) =>
            row(
              row.refTuple('excluded.step', 'excluded.timestamp', 'excluded.value'),
              '>',
              row.refTuple('latest_metrics.step', 'latest_metrics.timestamp', 'latest_metrics.value'),
            ),
          ),
      ),
  );
}

/**
 * A run's name and parent follow the tags that say them. A parent that is not in the database, or that is nested in the
 * run, stays a tag alone.
 */
function factsOf(sql: Kysely<Tables>, runId: string, tags: readonly KeyValue[]): readonly Compilable[] {
  return lastOfEach(tags).flatMap(({ key, value }) => {
    if (key === runTag.name) return [sql.updateTable('runs').set({ name: value }).where('id', '=', runId)];
    if (key !== runTag.parent) return [];
    const parent = possibleParent(sql, runId, value);
    return [sql.updateTable('runs').set({ parent_id: parent }).where('id', '=', runId)];
  });
}

/** The parent's row, unless it is missing or nested in the run. */
export function possibleParent(
  sql: Kysely<Tables>,
  runId: string,
  parentId: string,
): SelectQueryBuilder<Tables, 'runs', { id: string }> {
  return sql
    .selectFrom('runs')
    .select('id')
    .where('id', '=', parentId)
    .where(raw<SqlBool>`not exists (${nestedParent(runId, parentId)})`);
}

function lastOfEach(tags: readonly KeyValue[]): readonly KeyValue[] {
  return [...new Map(tags.map((tag) => [tag.key, tag])).values()];
}

function textRows(runId: string, entries: readonly KeyValue[]): readonly TextRow[] {
  return entries.map(({ key, value }) => ({ run_id: runId, key, value }));
}

function modelRows(runId: string, points: readonly LoggedPoint[]): readonly Tables['model_metrics'][] {
  return points.flatMap((point) => {
    const { modelId, datasetName = '', datasetDigest = '' } = point;
    if (!modelId) return [];
    return [
      {
        model_id: modelId,
        dataset_name: datasetName,
        dataset_digest: datasetDigest,
        ...metricRow(runId, point),
      },
    ];
  });
}
