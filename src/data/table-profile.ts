import type { DuckDBConnection } from '@duckdb/node-api';
import { chunksOf } from '../kernel/chunks.ts';
import type { Column, TableSchema } from '../project/tables/table.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import { queryRows } from './duckdb.ts';
import { stackedColumns, stackedMostRows, withHistograms } from './table-histogram.ts';

const quantileAt = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
const commonest = 10;

interface Measured {
  readonly nulls: bigint;
  readonly distinct: bigint;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly quantiles: readonly number[] | null;
  readonly common: readonly { readonly value: string; readonly count: bigint }[] | null;
}

/** A column and its name in the staged table. */
interface StagedColumn {
  readonly column: Column;
  readonly staged: string;
}

export interface StagedTable {
  readonly schema: TableSchema;
  /** Its columns are `c0`, `c1` … */
  readonly relation: string;
  readonly rows: number;
}

/**
 * Profiles every column of a staged table. Numbers get mean, sample deviation and quantiles (interpolated, as R's type 7); a
 * boolean gets its share of true as the mean; text gets its most common values.
 */
export async function readProfile(
  { schema, relation, rows }: StagedTable,
  connection: DuckDBConnection,
): Promise<TableProfile> {
  const columns = schema.columns.map((column, position) => ({ column, staged: `c${position}` }));
  const profiles = new Map<string, ColumnProfile>();
  for (const { part, sql } of queriesOf(columns, relation, rows)) {
    const [[measured] = [null]] = await queryRows<readonly [readonly Measured[] | null]>(connection, sql);
    for (const [index, { column }] of part.entries()) profiles.set(column.name, profileOf(measured?.[index]));
  }
  const measured = columns.map(({ column: { name, type }, staged }) => ({
    type,
    staged,
    profile: profiles.get(name) ?? profileOf(undefined),
  }));
  const complete = await withHistograms(measured, { relation, rows }, connection);
  return Object.fromEntries(
    columns.map(({ column: { name } }, index) => [name, complete[index] ?? profileOf(undefined)]),
  );
}

interface ProfileQuery {
  readonly part: readonly StagedColumn[];
  /** Selects one list: a struct for each column of the part, or null if there are no rows. */
  readonly sql: string;
}

const selectedColumns = 32;

/**
 * DuckDB prepares the statistics of each column for some milliseconds, and longer the more columns a query has: seconds for a
 * wide table. Numbers of a table of few rows are therefore stacked into one column and grouped, which takes a tenth of that.
 */
function queriesOf(columns: readonly StagedColumn[], relation: string, rows: number): ProfileQuery[] {
  const isStacked = ({ column }: StagedColumn): boolean => rows <= stackedMostRows && isNumber(column.type);
  const stacked = columns.filter(isStacked);
  const selected = columns.filter((column) => !isStacked(column));
  return [
    ...chunksOf(stacked, stackedColumns).map((part) => ({ part, sql: selectStacked(part, relation) })),
    ...chunksOf(selected, selectedColumns).map((part) => ({ part, sql: selectEach(part, relation) })),
  ];
}

function selectStacked(part: readonly StagedColumn[], relation: string): string {
  const values = part.map(({ staged }) => staged).join(', ');
  const stacked = `SELECT unnest(range(${part.length})) AS number, unnest([${values}]) AS value FROM ${relation}`;
  const measured = `SELECT number, ${measure('number', 'value')} AS measured FROM (${stacked}) GROUP BY number`;
  return `SELECT list(measured ORDER BY number) FROM (${measured})`;
}

function selectEach(part: readonly StagedColumn[], relation: string): string {
  const measured = part.map(({ column: { type }, staged }) =>
    measure(type, staged, type === 'string' ? selectCommonest(staged, relation) : undefined),
  );
  return `SELECT [${measured.join(', ')}] FROM ${relation}`;
}

function isNumber(type: Column['type']): boolean {
  return type === 'integer' || type === 'number';
}

function measure(type: Column['type'], column: string, common = 'NULL'): string {
  const numeric = isNumber(type);
  const mean =
    type === 'boolean' ? `avg(CAST(${column} AS INTEGER))` : numeric ? scaled('avg', column) : 'NULL';
  return `struct_pack(
    nulls := count(*) - count(${column}),
    "distinct" := count(DISTINCT ${column}),
    mean := ${mean},
    deviation := ${numeric ? scaled('stddev_samp', column) : 'NULL'},
    quantiles := ${numeric ? `quantile_cont(${column}, [${quantileAt.map((at) => `${at}::DOUBLE`).join(', ')}])` : 'NULL'},
    common := ${common}
  )`;
}

function selectCommonest(column: string, relation: string): string {
  const values = `SELECT ${column} AS value, count(*) AS count FROM ${relation} WHERE ${column} IS NOT NULL GROUP BY 1`;
  return `(SELECT list(struct_pack(value := value, count := count) ORDER BY count DESC, value) FROM (${values} ORDER BY 2 DESC, 1 LIMIT ${commonest}))`;
}

/** Squares of very large numbers overflow, which DuckDB refuses: such a column has no deviation. */
function scaled(aggregate: string, column: string): string {
  const largest = `max(abs(${column}))`;
  return `CASE WHEN ${largest} < 1e100 THEN ${aggregate}(CASE WHEN abs(${column}) < 1e100 THEN ${column} END) END`;
}

function profileOf(measured: Measured | undefined): ColumnProfile {
  if (!measured) return { nulls: 0, distinct: 0 };
  const { mean, deviation, quantiles, common } = measured;
  return {
    nulls: Number(measured.nulls),
    distinct: Number(measured.distinct),
    ...(mean !== null && { mean }),
    ...(deviation !== null && { deviation }),
    ...(quantiles && { quantiles }),
    ...(common && { common: common.map(({ value, count }) => [value, Number(count)] as const) }),
  };
}
