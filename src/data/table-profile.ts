import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, TableSchema } from '../project/tables/table.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';

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

/**
 * Profiles every column of a staged table (`c0`, `c1` …) in one query. Numbers get mean, sample deviation and quantiles
 * (interpolated, as R's type 7); a boolean gets its share of true as the mean; text gets its most common values.
 */
export async function readProfile(
  schema: TableSchema,
  relation: string,
  connection: DuckDBConnection,
): Promise<TableProfile> {
  const columns = schema.columns.map((column, position) => measure(column, `c${position}`, relation));
  const reader = await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM ${relation}`);
  const measured = reader.getRowsJS()[0] as unknown as readonly Measured[];
  return Object.fromEntries(
    schema.columns.map(({ name }, position) => [name, profileOf(measured[position])]),
  );
}

function measure({ type }: Column, column: string, relation: string): string {
  const isNumber = type === 'integer' || type === 'number';
  const mean =
    type === 'boolean' ? `avg(CAST(${column} AS INTEGER))` : isNumber ? scaled('avg', column) : 'NULL';
  const values = `SELECT ${column} AS value, count(*) AS count FROM ${relation} WHERE ${column} IS NOT NULL GROUP BY 1`;
  const top = `(SELECT list(struct_pack(value := value, count := count) ORDER BY count DESC, value) FROM (${values} ORDER BY 2 DESC, 1 LIMIT ${commonest}))`;
  return `struct_pack(
    nulls := count(*) - count(${column}),
    "distinct" := count(DISTINCT ${column}),
    mean := ${mean},
    deviation := ${isNumber ? scaled('stddev_samp', column) : 'NULL'},
    quantiles := ${isNumber ? `quantile_cont(${column}, [${quantileAt.map((at) => `${at}::DOUBLE`).join(', ')}])` : 'NULL'},
    common := ${type === 'string' ? top : 'NULL'}
  )`;
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
