import { PlatformError } from '../kernel/errors.ts';
import { formatNames } from '../kernel/format-names.ts';
import { type BatchColumn, ColumnBatch } from '../project/tables/column-batch.ts';
import type { Column } from '../project/tables/table.ts';
import type { BlobStore } from './blob-store.ts';
import type { TableDataset } from './dataset.ts';
import { type ColumnValues, isNumeric, readChunks, type Times } from './table-chunks.ts';

export type { ColumnValues } from './table-chunks.ts';

type Value = string | number | boolean | null;

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
  const { columns: declared } = dataset.schema;
  for await (const { columns, rows } of readChunks({ dataset, columns: declared, orderBy }, blobs)) {
    const values = columns.map((column, position) => valuesOf(column, declared[position]));
    for (let at = 0; at < rows; at++) {
      const row: Record<string, Value> = {};
      for (let position = 0; position < declared.length; position++) {
        const { name, optional } = declared[position] as Column;
        const value = values[position]?.[at] ?? null;
        if (value !== null || optional !== true) setOwn(row, name, value);
      }
      yield row as Row;
    }
  }
}

/**
 * The rows of a table in order, by columns in parts: numbers as doubles with NaN for null, everything else as in rows.
 * @param names @default all columns
 * @throws as `readColumns`
 */
export async function* readBatches(
  dataset: TableDataset,
  blobs: BlobStore,
  names: readonly string[] = dataset.schema.columns.map(({ name }) => name),
): AsyncGenerator<ColumnBatch, void, undefined> {
  const declared = names.map((name) => columnOf(dataset, name));
  for await (const { columns, rows } of readChunks({ dataset, columns: declared }, blobs)) {
    const values = columns.map((column, position): BatchColumn =>
      declared[position]?.type === 'boolean' ? valuesOf(column, declared[position]) : column,
    );
    yield new ColumnBatch(
      rows,
      Object.fromEntries(names.map((name, position) => [name, values[position] ?? []])),
    );
  }
}

function valuesOf(values: ColumnValues, column: Column | undefined): readonly Value[] {
  if (!(values instanceof Float64Array)) return values;
  const isBoolean = column?.type === 'boolean';
  return Array.from(values, (value) => (Number.isNaN(value) ? null : isBoolean ? value === 1 : value));
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

async function readAllRows(
  dataset: TableDataset,
  blobs: BlobStore,
  { names, times }: ColumnsOptions,
): Promise<Readonly<Record<string, ColumnValues>>> {
  const declared = names.map((name) => columnOf(dataset, name));
  if (declared.length === 0) return {};
  const targets = declared.map(({ type }) =>
    isNumeric(type, times) ? new Float64Array(dataset.rows) : emptyText(dataset.rows),
  );
  let start = 0;
  for await (const { columns, rows } of readChunks({ dataset, columns: declared, times }, blobs)) {
    for (const [position, target] of targets.entries()) copyInto(target, start, columns[position] ?? []);
    start += rows;
  }
  return Object.fromEntries(names.map((name, position) => [name, targets[position] ?? []]));
}

function emptyText(rows: number): (string | null)[] {
  return Array.from<string | null>({ length: rows }).fill(null);
}

function copyInto(target: Float64Array | (string | null)[], start: number, values: ColumnValues): void {
  if (target instanceof Float64Array) target.set(values as Float64Array, start);
  else for (let at = 0; at < values.length; at++) target[start + at] = (values[at] ?? null) as string | null;
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
