import type { Compilable, Kysely } from 'kysely';
import { PlatformError } from '../../kernel/errors.ts';
import type { RunId } from '../../kernel/ids.ts';
import type { RunBatch } from '../../tracking/model.ts';
import { latestOf, metricRow } from './run-rows.ts';
import type { Tables } from './tables.ts';

/** Rows of one insert. Databases take some ten thousand values in a statement, and a row has six at most. */
const rowsAtOnce = 500;

/** What the run has already of the params in a batch. */
export function paramsKnown(
  sql: Kysely<Tables>,
  runId: RunId,
  batch: RunBatch,
): Compilable<{ readonly key: string; readonly value: string }> {
  const keys = Object.keys(batch.params ?? {});
  const known = sql.selectFrom('params').select(['key', 'value']).where('run_id', '=', runId);
  return keys.length ? known.where('key', 'in', keys) : known.limit(0);
}

/** @throws PlatformError INPUT_INVALID naming a param that has another value already */
export function refuseOtherValues(
  { params = {} }: RunBatch,
  known: readonly { readonly key: string; readonly value: string }[],
): void {
  for (const { key, value } of known) {
    if (params[key] === value) continue;
    const remedy = `The run has ${JSON.stringify(value)} there, and a param is written once: start another run.`;
    throw new PlatformError('INPUT_INVALID', { field: `param ${key}`, value: params[key], remedy });
  }
}

/** The inserts of a batch, in few statements however long it is. */
export function logQueries(sql: Kysely<Tables>, runId: RunId, batch: RunBatch): readonly Compilable[] {
  const points = (batch.metrics ?? []).map((point) => metricRow(runId, point));
  return [
    ...inParts(textRows(runId, batch.params), (rows) =>
      sql
        .insertInto('params')
        .values(rows)
        .onConflict((same) => same.doNothing()),
    ),
    ...inParts(textRows(runId, batch.tags), (rows) =>
      sql
        .insertInto('run_tags')
        .values(rows)
        .onConflict((same) =>
          same.columns(['run_id', 'key']).doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
        ),
    ),
    ...inParts(points, (rows) =>
      sql
        .insertInto('metrics')
        .values(rows)
        .onConflict((same) => same.doNothing()),
    ),
    ...inParts(latestOf(points), (rows) =>
      sql
        .insertInto('latest_metrics')
        .values(rows)
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
    ),
  ];
}

function textRows(
  runId: RunId,
  record: Readonly<Record<string, string>> | undefined,
): readonly Tables['params'][] {
  return Object.entries(record ?? {}).map(([key, value]) => ({ run_id: runId, key, value }));
}

function inParts<Row>(
  rows: readonly Row[],
  query: (part: readonly Row[]) => Compilable,
): readonly Compilable[] {
  const parts = Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, part) =>
    rows.slice(part * rowsAtOnce, (part + 1) * rowsAtOnce),
  );
  return parts.map(query);
}
