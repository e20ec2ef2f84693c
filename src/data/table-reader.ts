import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { PlatformError } from '../kernel/errors.ts';
import { formatNames } from '../kernel/format-names.ts';
import type { Column } from '../project/tables/table.ts';
import type { BlobStore } from './blob-store.ts';
import { dateText, dayMs } from './calendar.ts';
import type { TableDataset } from './dataset.ts';
import { connect, quoteName, quoteText } from './duckdb.ts';

/** A column in memory: numbers and booleans (1 and 0) as doubles with NaN for null; text, and dates and times as text. */
export type ColumnValues = Float64Array | readonly (string | null)[];

type Value = string | number | boolean | null;

/** How to select a column, and how to convert its values to those of rows. */
interface ColumnReader {
  readonly column: Column;
  readonly sql: string;
  readonly convert: (value: Value) => Value;
}

export interface ReadOptions {
  /** A column to sort by; rows with the same value keep their order. @default the table's order */
  readonly orderBy?: string | undefined;
}

/**
 * The rows of a table in order, read in chunks. Dates are 'YYYY-MM-DD', times ISO in UTC, absent values null; an absent
 * optional column is not in the row.
 * @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED
 */
export async function* readRows<Row extends object>(
  dataset: TableDataset,
  blobs: BlobStore,
  { orderBy }: ReadOptions = {},
): AsyncGenerator<Row, void, undefined> {
  const names = dataset.schema.columns.map(({ name }) => name);
  const isOptional = dataset.schema.columns.map(({ optional }) => optional === true);
  for await (const { columns, rows } of readChunks({ dataset, orderBy }, dataset.schema.columns, blobs)) {
    for (let at = 0; at < rows; at++) {
      const row: Record<string, Value> = {};
      for (let position = 0; position < names.length; position++) {
        const value = columns[position]?.[at] ?? null;
        if (value !== null || !isOptional[position]) setOwn(row, names[position] ?? '', value);
      }
      yield row as Row;
    }
  }
}

/** Assigning `__proto__` would change the row's prototype. */
function setOwn(row: Record<string, Value>, name: string, value: Value): void {
  if (name === '__proto__')
    Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
  else row[name] = value;
}

/**
 * Complete columns of a table, for training.
 * @throws PlatformError DATA_INVALID for a column that the table does not have; BLOB_NOT_FOUND, STATE_DAMAGED
 */
export async function readColumns(
  dataset: TableDataset,
  blobs: BlobStore,
  names: readonly string[],
): Promise<Readonly<Record<string, ColumnValues>>> {
  return readAllRows(dataset, blobs, { names, times: 'text' });
}

/**
 * As `readColumns`, with dates and times as milliseconds since 1970 and NaN for null; a date is the start of its day. Text
 * of times takes several times as long.
 */
export async function readColumnsInMilliseconds(
  dataset: TableDataset,
  blobs: BlobStore,
  names: readonly string[],
): Promise<Readonly<Record<string, ColumnValues>>> {
  return readAllRows(dataset, blobs, { names, times: 'milliseconds' });
}

interface ColumnsOptions {
  readonly names: readonly string[];
  readonly times: Times;
}

type Times = 'text' | 'milliseconds';

async function readAllRows(
  dataset: TableDataset,
  blobs: BlobStore,
  { names, times }: ColumnsOptions,
): Promise<Readonly<Record<string, ColumnValues>>> {
  const columnsToRead = names.map((name) => columnOf(dataset, name));
  if (columnsToRead.length === 0) return {};
  const targets = columnsToRead.map(({ type }) =>
    isNumeric(type, times) ? new Float64Array(dataset.rows) : emptyText(dataset.rows),
  );
  let start = 0;
  for await (const { columns, rows } of readChunks({ dataset, times }, columnsToRead, blobs)) {
    for (const [position, target] of targets.entries())
      copyInto(target, start, columns[position]?.slice(0, rows) ?? []);
    start += rows;
  }
  return Object.fromEntries(names.map((name, position) => [name, targets[position] ?? []]));
}

function emptyText(rows: number): (string | null)[] {
  return Array.from<string | null>({ length: rows }).fill(null);
}

function copyInto(target: Float64Array | (string | null)[], start: number, values: readonly Value[]): void {
  if (target instanceof Float64Array) {
    for (let at = 0; at < values.length; at++)
      target[start + at] = values[at] === null ? Number.NaN : Number(values[at]);
  } else {
    for (let at = 0; at < values.length; at++) target[start + at] = (values[at] ?? null) as string | null;
  }
}

function isNumeric(type: Column['type'], times: Times): boolean {
  if (type === 'date' || type === 'timestamp') return times === 'milliseconds';
  return type !== 'string';
}

function columnOf(dataset: TableDataset, name: string): Column {
  const found = dataset.schema.columns.find((column) => column.name === name);
  if (found) return found;
  throw new PlatformError('DATA_INVALID', {
    field: 'column',
    value: name,
    remedy: `The table has ${formatNames(dataset.schema.columns.map((column) => column.name))}.`,
  });
}

interface Chunk {
  readonly columns: readonly (readonly Value[])[];
  readonly rows: number;
}

interface ChunksOptions extends ReadOptions {
  readonly dataset: TableDataset;
  /** @default 'text' */
  readonly times?: Times;
}

async function* readChunks(
  { dataset, orderBy, times = 'text' }: ChunksOptions,
  columns: readonly Column[],
  blobs: BlobStore,
): AsyncGenerator<Chunk> {
  const path = quoteText(await blobs.localPath(dataset.file.digest));
  const relation = `read_parquet(${path}, file_row_number = ${orderBy !== undefined})`;
  const order = orderBy === undefined ? '' : ` ORDER BY ${quoteName(orderBy)}, file_row_number`;
  const connection = await connect();
  try {
    const readers = await columnReaders({ dataset, columns, relation, connection, times });
    const result = await connection.stream(
      `SELECT ${readers.map(({ sql }) => sql).join(', ')} FROM ${relation}${order}`,
    );
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield {
        columns: readers.map((reader, position) => valuesOf(chunk, position, reader)),
        rows: chunk.rowCount,
      };
    }
  } finally {
    connection.closeSync();
  }
}

function valuesOf(chunk: DuckDBDataChunk, position: number, { convert }: ColumnReader): readonly Value[] {
  const vector = chunk.getColumnVector(position);
  const { itemCount } = vector;
  const values = Array.from<Value>({ length: itemCount });
  for (let row = 0; row < itemCount; row++) values[row] = convert(vector.getItem(row) as Value);
  return values;
}

/** Text columns with few distinct values are read as indexes of a list: decoding each text takes ten times as long. */
const listedMost = 4096;
const worthListing = 10_000;

interface Reading {
  readonly dataset: TableDataset;
  readonly columns: readonly Column[];
  readonly relation: string;
  readonly connection: DuckDBConnection;
  readonly times: Times;
}

async function columnReaders(reading: Reading): Promise<readonly ColumnReader[]> {
  const { dataset, columns, times } = reading;
  const listed = columns.filter(({ name, type }) => {
    const distinct = dataset.profile[name]?.distinct ?? Infinity;
    return type === 'string' && dataset.rows >= worthListing && distinct > 0 && distinct <= listedMost;
  });
  const lists = await readLists(listed, reading);
  return columns.map((column) => {
    const list = lists.get(column.name);
    return list ? listedReader(column, list) : plainReader(column, times);
  });
}

async function readLists(
  columns: readonly Column[],
  { relation, connection }: Reading,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (columns.length === 0) return new Map();
  const lists = columns.map(
    ({ name }) => `list(DISTINCT ${quoteName(name)}) FILTER (${quoteName(name)} IS NOT NULL)`,
  );
  const reader = await connection.runAndReadAll(`SELECT ${lists.join(', ')} FROM ${relation}`);
  const found = (reader.getRowsJS()[0] ?? []) as unknown as readonly (readonly string[])[];
  return new Map(columns.map(({ name }, position) => [name, found[position] ?? []]));
}

function listedReader(column: Column, list: readonly string[]): ColumnReader {
  const type = `ENUM(${list.map(quoteText).join(', ')})`;
  return {
    column,
    sql: `CAST(enum_code(CAST(${quoteName(column.name)} AS ${type})) AS DOUBLE)`,
    convert: (code) => (typeof code === 'number' ? (list[code] ?? null) : null),
  };
}

function plainReader(column: Column, times: Times): ColumnReader {
  const name = quoteName(column.name);
  const asIs = (value: Value): Value => value;
  switch (column.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return { column, sql: name, convert: asIs };
    case 'integer':
      return { column, sql: `CAST(${name} AS DOUBLE)`, convert: asIs };
    case 'date': {
      const days = `CAST(${name} - DATE '1970-01-01' AS DOUBLE)`;
      if (times === 'milliseconds') return { column, sql: `${days} * ${dayMs}`, convert: asIs };
      return { column, sql: days, convert: rememberedDates() };
    }
    case 'timestamp': {
      const convert = times === 'milliseconds' ? asIs : timestampText;
      return { column, sql: `CAST(epoch_ms(${name}) AS DOUBLE)`, convert };
    }
  }
}

function timestampText(ms: Value): Value {
  return typeof ms === 'number' ? new Date(ms).toISOString() : null;
}

function rememberedDates(): (days: Value) => Value {
  const texts = new Map<number, string>();
  return (days) => {
    if (typeof days !== 'number') return null;
    const before = texts.get(days);
    if (before !== undefined) return before;
    const text = dateText(days);
    texts.set(days, text);
    return text;
  };
}
