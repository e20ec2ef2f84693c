import { type RawBuilder, sql as raw } from 'kysely';
import type { Curve, CurvePoint, CurveQuery } from '../../../tracking/metric-store.ts';
import type { Database } from '../database.ts';
import { rawQuery } from '../raw-query.ts';

const columns = { step: raw.ref('step'), time: raw.ref('timestamp') } as const;

/** A curve that is asked for, and what it is drawn along. */
interface Line {
  readonly runId: string;
  readonly key: string;
  readonly along: RawBuilder<unknown>;
}

interface ExtentRow {
  readonly logged: number;
  readonly first: number | null;
  readonly last: number | null;
}

interface BucketRow {
  readonly step: number;
  readonly timestamp: number;
  readonly mean: number | null;
  readonly least: number | null;
  readonly most: number | null;
  readonly nans: number;
}

/** Curves in a SQL database: long ones are put together there, so that a million points are not sent. */
export async function readCurves(
  { sql, read }: Database,
  { runIds, keys, by, most }: CurveQuery,
): Promise<readonly Curve[]> {
  const lines = runIds.flatMap((runId) => keys.map((key): Line => ({ runId, key, along: columns[by] })));
  if (!lines.length) return [];
  const extents = await read(lines.map((line) => rawQuery(sql, extentOf(line))));
  const logged = lines.flatMap((line, index) => {
    const extent = extents[index]?.rows[0];
    return extent && Number(extent.logged) > 0 ? [{ line, extent }] : [];
  });
  const buckets = await read(
    logged.map(({ line, extent }) =>
      rawQuery(sql, Number(extent.logged) <= most ? pointsOf(line) : bucketsOf(line, extent, most)),
    ),
  );
  return logged.map(({ line: { runId, key }, extent }, index) => ({
    runId,
    key,
    logged: Number(extent.logged),
    points: (buckets[index]?.rows ?? []).map(pointOf),
  }));
}

function extentOf({ runId, key, along }: Line): RawBuilder<ExtentRow> {
  return raw`select count(*) as logged, min(${along}) as first, max(${along}) as last
    from metrics where run_id = ${runId} and key = ${key}`;
}

function pointsOf({ runId, key, along }: Line): RawBuilder<BucketRow> {
  const value = raw`case when is_nan = 1 then null else value end`;
  return raw`select step, timestamp, ${value} as mean, ${value} as least, ${value} as most, is_nan as nans
    from metrics where run_id = ${runId} and key = ${key} order by ${along}, step, timestamp, value`;
}

/** Buckets of the same width, of which there are `most` at the most. */
function bucketsOf(
  { runId, key, along }: Line,
  { first, last }: ExtentRow,
  most: number,
): RawBuilder<BucketRow> {
  const from = first ?? 0;
  const width = Math.max(1, Math.ceil(((last ?? 0) - from + 1) / most));
  const bucket = raw`(${along} - ${raw.lit(from)}) / ${raw.lit(width)}`;
  const value = raw`case when is_nan = 1 then null else value end`;
  return raw`select max(step) as step, max(timestamp) as timestamp, avg(${value}) as mean, min(${value}) as least,
      max(${value}) as most, sum(is_nan) as nans
    from metrics where run_id = ${runId} and key = ${key} group by ${bucket} order by ${bucket}`;
}

function pointOf({ step, timestamp, mean, least, most, nans }: BucketRow): CurvePoint {
  const isThere = mean !== null && least !== null && most !== null;
  return {
    step: Number(step),
    timestamp: Number(timestamp),
    value: isThere ? { mean, least, most } : undefined,
    nans: Number(nans),
  };
}
