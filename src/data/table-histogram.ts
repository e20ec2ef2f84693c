import type { DuckDBConnection } from '@duckdb/node-api';
import { chunksOf } from '../kernel/chunks.ts';
import type { ColumnType } from '../project/tables/column.ts';
import { dateText } from './calendar.ts';
import { queryRows } from './duckdb.ts';
import type { ColumnProfile } from './profile.ts';

const mostBins = 20;
/** Columns of a query that stacks them. */
export const stackedColumns = 1000;
/** Columns of tables with more rows are not stacked. */
export const stackedMostRows = 100_000;

/** A column of a staged table, where everything but text and booleans is a double: dates are days, times milliseconds. */
export interface MeasuredColumn {
  readonly type: ColumnType;
  readonly staged: string;
  readonly profile: ColumnProfile;
}

interface Bins {
  readonly staged: string;
  readonly low: number;
  readonly width: number;
  readonly count: number;
}

/** The profiles of the columns in order, with histograms of numbers, dates and times. */
export async function withHistograms(
  columns: readonly MeasuredColumn[],
  { relation, rows }: { readonly relation: string; readonly rows: number },
  connection: DuckDBConnection,
): Promise<readonly ColumnProfile[]> {
  const spans = await readSpans(columns, relation, connection);
  const bins = columns.map(({ type, staged, profile }, index) =>
    binsOf(type, staged, rangeOf(profile, spans[index])),
  );
  const counted = await readCounts(
    bins.filter((each) => each !== undefined),
    { relation, isStacked: rows <= stackedMostRows },
    connection,
  );
  return columns.map(({ type, profile }, index) => {
    const span = spans[index];
    const histogram = counted.get(bins[index]?.staged ?? '');
    return {
      ...profile,
      ...(span && { span: span.map((value) => timeText(type, value)) as [string, string] }),
      ...(histogram && { histogram }),
    };
  });
}

type Span = readonly [first: number, last: number];

function rangeOf({ quantiles }: ColumnProfile, span: Span | undefined): Span | undefined {
  const [low, high] = [quantiles?.[0], quantiles?.at(-1)];
  return span ?? (low === undefined || high === undefined ? undefined : [low, high]);
}

/** Few whole numbers have a bin each. */
function binsOf(type: ColumnType, staged: string, range: Span | undefined): Bins | undefined {
  if (!range) return undefined;
  const [low, high] = range;
  const size = type === 'integer' || type === 'date' ? high - low + 1 : high - low;
  if (!Number.isFinite(size) || size <= 0) return undefined;
  const count = type === 'integer' || type === 'date' ? Math.min(mostBins, size) : mostBins;
  return { staged, low, width: size / count, count };
}

function timeText(type: ColumnType, value: number): string {
  return type === 'date' ? dateText(value) : new Date(value).toISOString();
}

async function readSpans(
  columns: readonly MeasuredColumn[],
  relation: string,
  connection: DuckDBConnection,
): Promise<readonly (Span | undefined)[]> {
  const times = columns.filter(({ type }) => type === 'date' || type === 'timestamp');
  const found = new Map<string, Span>();
  for (const part of chunksOf(times, stackedColumns)) {
    const selected = part.map(({ staged }) => `[min(${staged}), max(${staged})]`).join(', ');
    const [[spans] = [[]]] = await queryRows<
      readonly [spans: readonly (readonly [first: number | null, last: number | null])[]]
    >(connection, `SELECT [${selected}] FROM ${relation}`);
    for (const [index, { staged }] of part.entries()) {
      const [first, last] = spans[index] ?? [null, null];
      if (first !== null && last !== null) found.set(staged, [first, last]);
    }
  }
  return columns.map(({ staged }) => found.get(staged));
}

async function readCounts(
  bins: readonly Bins[],
  { relation, isStacked }: { readonly relation: string; readonly isStacked: boolean },
  connection: DuckDBConnection,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  for (const part of chunksOf(bins, isStacked ? stackedColumns : 1)) {
    const counts = part.map(({ count }) => Array.from<number>({ length: count }).fill(0));
    const counted = await queryRows<readonly [number: number, bin: number, rows: bigint]>(
      connection,
      selectCounts(part, relation),
    );
    for (const [number, bin, rows] of counted) {
      const of = counts[number];
      if (of) of[bin] = Number(rows);
    }
    for (const [index, { staged }] of part.entries()) found.set(staged, counts[index] ?? []);
  }
  return found;
}

/** One query for many columns: DuckDB prepares each column of a query for some milliseconds. */
function selectCounts(part: readonly Bins[], relation: string): string {
  const bounds = part.map(
    ({ low, width, count }, number) => `(${number}, ${low}::DOUBLE, ${width}::DOUBLE, ${count})`,
  );
  const values = `SELECT unnest(range(${part.length}))::INTEGER AS number, unnest([${part.map(({ staged }) => staged).join(', ')}]) AS value FROM ${relation}`;
  return `SELECT number, least(bins - 1, floor((value - low) / width))::INTEGER AS bin, count(*)
    FROM (${values}) JOIN (VALUES ${bounds.join(', ')}) AS bounds(number, low, width, bins) USING (number)
    WHERE value IS NOT NULL GROUP BY ALL`;
}
