import { rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type {
  DuckDBAppender,
  DuckDBBooleanVector,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBType,
  DuckDBVarCharVector,
} from '@duckdb/node-api';
import type { Column, TableSchema } from '../project/tables/table.ts';
import type { StagedValues } from './column-buffer.ts';
import { connect, quoteName, quoteText } from './duckdb.ts';
import type { TableProfile } from './profile.ts';
import { readProfile } from './table-profile.ts';

/** Rows of a chunk in DuckDB. */
export const chunkRows = 2048;

/** An unfinished table: a DuckDB file in the scratch folder, so that memory does not grow with the rows. */
export interface Staging extends AsyncDisposable {
  /** @param columns one array for each column of the schema, each with at least `rows` values */
  append(columns: readonly StagedValues[], rows: number): void;
  /** Writes all rows to a Parquet file in the scratch folder. @returns its path */
  writeParquet(): Promise<string>;
  profile(): Promise<TableProfile>;
}

export async function openStaging(schema: TableSchema, scratchPath: string): Promise<Staging> {
  const api = await import('@duckdb/node-api');
  const connection = await connect();
  const name = `t${randomUUID().replaceAll('-', '')}`;
  const path = join(scratchPath, name);
  const relation = `${name}.staged`;
  await connection.run(`ATTACH ${quoteText(`${path}.duckdb`)} AS ${name}`);
  const types = schema.columns.map((column) => stagedType(column, api));
  const fields = types.map((type, position) => `c${position} ${type.toString()}`);
  await connection.run(`CREATE TABLE ${relation} (${fields.join(', ')})`);
  const appender = await connection.createAppender('staged', null, name);
  // One chunk for all rows: memory of a chunk outside V8 is only freed when V8 collects it.
  const chunk = api.DuckDBDataChunk.create(types);
  let staged = 0;
  return {
    append(columns, rows) {
      staged += rows;
      chunk.reset();
      chunk.rowCount = rows;
      for (const [position, values] of columns.entries())
        fill(chunk, { position, type: schema.columns[position]?.type }, values);
      appender.appendDataChunk(chunk);
    },
    async writeParquet() {
      appender.flushSync();
      const columns = schema.columns.map(
        (column, index) => `${finalForm(column, `c${index}`)} AS ${quoteName(column.name)}`,
      );
      await connection.run(
        `COPY (SELECT ${columns.join(', ')} FROM ${relation}) TO ${quoteText(`${path}.parquet`)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      return `${path}.parquet`;
    },
    profile: () => readProfile({ schema, relation, rows: staged }, connection),
    [Symbol.asyncDispose]: () => close({ connection, appender, name, path }),
  };
}

function fill(
  chunk: DuckDBDataChunk,
  { position, type }: { readonly position: number; readonly type: Column['type'] | undefined },
  values: StagedValues,
): void {
  const vector = chunk.getColumnVector(position);
  if (!(values instanceof Float64Array))
    setItems(vector as DuckDBVarCharVector, (row) => values[row] ?? null);
  else if (type === 'boolean')
    setItems(vector as DuckDBBooleanVector, (row) => (Number.isNaN(values[row]) ? null : values[row] === 1));
  else fillDoubles(vector as DuckDBDoubleVector, values);
  vector.flush();
}

/** A vector sets its first null much slower than values before it, and all values after it: so nulls come last. */
function fillDoubles(vector: DuckDBDoubleVector, values: Float64Array): void {
  let nulls = 0;
  for (let row = 0; row < vector.itemCount; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) nulls += 1;
    else vector.setItem(row, value);
  }
  for (let row = 0; nulls > 0 && row < vector.itemCount; row++)
    if (Number.isNaN(values[row])) vector.setItem(row, null);
}

function setItems<Item>(
  vector: { readonly itemCount: number; setItem(row: number, value: Item | null): void },
  itemOf: (row: number) => Item | null,
): void {
  const nulls: number[] = [];
  for (let row = 0; row < vector.itemCount; row++) {
    const item = itemOf(row);
    if (item === null) nulls.push(row);
    else vector.setItem(row, item);
  }
  for (const row of nulls) vector.setItem(row, null);
}

interface Opened {
  readonly connection: DuckDBConnection;
  readonly appender: DuckDBAppender;
  readonly name: string;
  readonly path: string;
}

async function close({ connection, appender, name, path }: Opened): Promise<void> {
  appender.closeSync();
  await connection.run(`DETACH ${name}`);
  connection.closeSync();
  await Promise.all(
    ['.duckdb', '.duckdb.wal', '.parquet'].map((ending) => rm(`${path}${ending}`, { force: true })),
  );
}

interface StagedTypes {
  readonly VARCHAR: DuckDBType;
  readonly DOUBLE: DuckDBType;
  readonly BOOLEAN: DuckDBType;
}

/** Everything but text and booleans is staged as a double, because the appender takes it without a BigInt for each value. */
function stagedType(column: Column, { VARCHAR, DOUBLE, BOOLEAN }: StagedTypes): DuckDBType {
  if (column.type === 'string') return VARCHAR;
  return column.type === 'boolean' ? BOOLEAN : DOUBLE;
}

function finalForm({ type }: Column, staged: string): string {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return staged;
    case 'integer':
      return `CAST(${staged} AS BIGINT)`;
    case 'date':
      return `DATE '1970-01-01' + CAST(${staged} AS INTEGER)`;
    case 'timestamp':
      return `make_timestamp(CAST(${staged} AS BIGINT) * 1000)`;
  }
}
