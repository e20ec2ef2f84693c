import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { Column } from '../project/tables/table.ts';
import type { BlobStore } from './blob-store.ts';
import { dateText, dayMs } from './calendar.ts';
import type { TableDataset } from './dataset.ts';
import { connect, queryRows, quoteName, quoteText } from './duckdb.ts';

/** A column in memory: numbers and booleans (1 and 0) as doubles with NaN for null; text, and dates and times as text. */
export type ColumnValues = Float64Array | readonly (string | null)[];

/** How dates and times are read: as text, or as milliseconds since 1970. */
export type Times = 'text' | 'milliseconds';

export interface Chunk {
  readonly columns: readonly ColumnValues[];
  readonly rows: number;
}

export interface ChunksOptions {
  readonly dataset: TableDataset;
  readonly columns: readonly Column[];
  /** @default 'text' */
  readonly times?: Times;
  /** A column to sort by; rows with the same value keep their order. @default the table's order */
  readonly orderBy?: string | undefined;
}

/** How to select a column, and how to convert what is selected. */
interface ColumnReader {
  /** Selects doubles without nulls, or text. */
  readonly sql: string;
  readonly isText: boolean;
  /** @default the selected values */
  readonly convert?: (value: number) => string | null;
}

/** Whether a column is read as doubles. */
export function isNumeric(type: Column['type'], times: Times): boolean {
  if (type === 'date' || type === 'timestamp') return times === 'milliseconds';
  return type !== 'string';
}

/** Columns of a table in parts. @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED */
export async function* readChunks(
  { dataset, columns, orderBy, times = 'text' }: ChunksOptions,
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

interface SelectedVector<Item> {
  readonly itemCount: number;
  getItem(row: number): Item;
}

function valuesOf(chunk: DuckDBDataChunk, position: number, { isText, convert }: ColumnReader): ColumnValues {
  const vector = chunk.getColumnVector(position);
  if (isText) return textsOf(vector as SelectedVector<string | null>);
  const numbers = numbersOf(vector as SelectedVector<number>);
  return convert ? Array.from(numbers, convert) : numbers;
}

function numbersOf(vector: SelectedVector<number>): Float64Array {
  const values = new Float64Array(vector.itemCount);
  for (let row = 0; row < values.length; row++) values[row] = vector.getItem(row);
  return values;
}

function textsOf(vector: SelectedVector<string | null>): readonly (string | null)[] {
  return Array.from({ length: vector.itemCount }, (_, row) => vector.getItem(row));
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
  const [found = []] = await queryRows<readonly (readonly string[])[]>(
    connection,
    `SELECT ${lists.join(', ')} FROM ${relation}`,
  );
  return new Map(columns.map(({ name }, position) => [name, found[position] ?? []]));
}

function listedReader(column: Column, list: readonly string[]): ColumnReader {
  const type = `ENUM(${list.map(quoteText).join(', ')})`;
  return {
    sql: asDouble(`enum_code(CAST(${quoteName(column.name)} AS ${type}))`),
    isText: false,
    convert: (code) => list[code] ?? null,
  };
}

/** A vector without nulls is read many times faster. */
function asDouble(sql: string): string {
  return `coalesce(CAST(${sql} AS DOUBLE), 'NaN'::DOUBLE)`;
}

function plainReader({ name: column, type }: Column, times: Times): ColumnReader {
  const name = quoteName(column);
  switch (type) {
    case 'string':
      return { sql: name, isText: true };
    case 'number':
    case 'boolean':
    case 'integer':
      return { sql: asDouble(name), isText: false };
    case 'date': {
      const days = asDouble(`${name} - DATE '1970-01-01'`);
      if (times === 'milliseconds') return { sql: `${days} * ${dayMs}`, isText: false };
      return { sql: days, isText: false, convert: rememberedDates() };
    }
    case 'timestamp': {
      const sql = asDouble(`epoch_ms(${name})`);
      return times === 'milliseconds'
        ? { sql, isText: false }
        : { sql, isText: false, convert: timestampText };
    }
  }
}

function timestampText(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function rememberedDates(): (days: number) => string | null {
  const texts = new Map<number, string>();
  return (days) => {
    if (Number.isNaN(days)) return null;
    const before = texts.get(days);
    if (before !== undefined) return before;
    const text = dateText(days);
    texts.set(days, text);
    return text;
  };
}
