import { PlatformError } from '../kernel/errors.ts';
import { nearestName } from '../kernel/nearest-name.ts';
import { formatNames } from '../kernel/format-names.ts';
import {
  batchRows,
  type BatchColumn,
  type ColumnBatch,
  isColumnBatch,
} from '../project/tables/column-batch.ts';
import type { TableWriter } from '../project/tables/step.ts';
import type { TableSchema } from '../project/tables/table.ts';
import type { BlobStore } from './blob-store.ts';
import { type ColumnBuffer, columnBuffer } from './column-buffer.ts';
import type { TableDataset } from './dataset.ts';
import { chunkRows, openStaging, type Staging } from './table-staging.ts';

/** A row that the schema refuses. */
export interface RefusedRow {
  /** From 1, in the order in which rows were written. */
  readonly row: number;
  readonly column: string;
  readonly expected: string;
  /** The row as given. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** An open table. If it is never finished, nothing is left. */
export interface OpenTableWriter<Row extends object = object> extends TableWriter<Row>, AsyncDisposable {
  /** Adds one row. @throws PlatformError DATA_INVALID, now and at every later call */
  add(row: Row): void;
  /** Adds rows and batches of them. @throws PlatformError DATA_INVALID, now and at every later call */
  write(rows: Iterable<Row | ColumnBatch> | AsyncIterable<Row | ColumnBatch>): Promise<void>;
  /** The number of accepted rows. */
  readonly rows: number;
  /** The first refused rows, at most 20. `write` checks the rest of the 2,048 rows of a chunk. */
  readonly refused: readonly RefusedRow[];
  /** Closes the table: one Parquet file in the store and its description. @throws PlatformError DATA_INVALID, STATE_UNWRITABLE */
  finish(blobs: BlobStore): Promise<TableDataset>;
}

export interface TableWriterOptions {
  /** For error messages. @default 'table' */
  readonly name?: string;
  readonly schema: TableSchema;
  /** A folder for unfinished files, on the blob store's disk. */
  readonly scratchPath: string;
  /** Whether columns are profiled; it takes as long as writing them. Only tables of the project are shown. @default true */
  readonly profiled?: boolean;
}

const refusedMost = 20;
const turnRows = 100_000;

/**
 * Opens a table for rows of a schema. Each row is checked when it is added: types, ranges, sets, patterns, lengths, and
 * missing or unknown columns. Dates are ISO dates; times are ISO times, stored in UTC to the millisecond. The same rows give
 * the same bytes.
 * @throws PlatformError PROJECT_INVALID for a schema without columns, or with two that differ in case alone
 */
export async function openTableWriter<Row extends object>(
  options: TableWriterOptions,
): Promise<OpenTableWriter<Row>> {
  assertNames(options.schema);
  const staging = await openStaging(options.schema, options.scratchPath);
  return new CheckedWriter<Row>(options, staging);
}

function assertNames({ columns }: TableSchema): void {
  const seen = new Set<string>();
  const twice = columns.find(({ name }) => {
    const folded = name.toLowerCase();
    if (seen.has(folded)) return true;
    seen.add(folded);
    return false;
  });
  if (columns.length > 0 && !twice) return;
  throw new PlatformError('PROJECT_INVALID', {
    field: 'columns of a table',
    value: twice?.name ?? 'none',
    remedy: 'A table needs at least one column, and names that differ in more than case.',
  });
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class CheckedWriter<Row extends object> implements OpenTableWriter<Row> {
  readonly #name: string;
  readonly #schema: TableSchema;
  readonly #profiled: boolean;
  readonly #staging: Staging;
  readonly #columns: readonly {
    readonly name: string;
    readonly buffer: ColumnBuffer;
    /** Whether every object has a property of this name: 'constructor'. */
    readonly isInherited: boolean;
  }[];
  readonly #names: ReadonlySet<string>;
  readonly #refused: RefusedRow[] = [];
  /** Rows of an incomplete chunk. */
  #buffered = 0;
  #taken = 0;
  #turnedAway = 0;
  #isClosed = false;
  #finished: Promise<unknown> = Promise.resolve();

  constructor({ name = 'table', schema, profiled = true }: TableWriterOptions, staging: Staging) {
    this.#name = name;
    this.#profiled = profiled;
    this.#schema = schema;
    this.#staging = staging;
    this.#columns = schema.columns.map((column) => ({
      name: column.name,
      buffer: columnBuffer(column),
      isInherited: column.name in Object.prototype,
    }));
    this.#names = new Set(schema.columns.map((column) => column.name));
  }

  get rows(): number {
    return this.#taken;
  }

  get refused(): readonly RefusedRow[] {
    return this.#refused;
  }

  add(row: Row): void {
    this.#assertOpen();
    this.#take(row);
    if (this.#refused.length > 0) throw this.#error();
  }

  async write(rows: Iterable<Row | ColumnBatch> | AsyncIterable<Row | ColumnBatch>): Promise<void> {
    this.#assertOpen();
    if (Symbol.asyncIterator in rows) {
      for await (const row of rows) if (!this.#addItem(row)) break;
    } else {
      let turn = turnRows;
      for (const row of rows) {
        if (!this.#addItem(row)) break;
        // A long iterable would delay progress events and heartbeats.
        if (this.#taken < turn) continue;
        turn = this.#taken + turnRows;
        await nextTurn();
      }
    }
    if (this.#refused.length > 0) throw this.#error();
  }

  async finish(blobs: BlobStore): Promise<TableDataset> {
    this.#assertOpen();
    this.#isClosed = true;
    const finishing = this.#close(blobs);
    this.#finished = finishing.catch(() => undefined);
    return finishing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#finished;
    await this.#staging[Symbol.asyncDispose]();
  }

  async #close(blobs: BlobStore): Promise<TableDataset> {
    this.#flush();
    const path = await this.#staging.writeParquet();
    const profile = this.#profiled ? await this.#staging.profile() : {};
    const file = await blobs.putFile(path);
    return { kind: 'table', schema: this.#schema, rows: this.#taken, file, profile };
  }

  /** @returns whether to check the next one */
  #addItem(item: Row | ColumnBatch): boolean {
    return isColumnBatch(item) ? this.#addBatch(item) : this.#addRow(item);
  }

  #addBatch(batch: ColumnBatch): boolean {
    const columns = this.#batchColumns(batch);
    for (let from = 0; from < batch.rows;) {
      const to = Math.min(batch.rows, from + chunkRows - this.#buffered);
      if (columns && this.#refused.length === 0 && this.#takeColumns(columns, from, to)) {
        from = to;
        continue;
      }
      // Rows say what is wrong with which of them.
      for (const row of batchRows(batch, from, to)) if (!this.#addRow(row as Row)) return false;
      from = to;
    }
    return true;
  }

  /** The values of each column of the table; undefined if the batch has another column with values. */
  #batchColumns({ columns }: ColumnBatch): readonly (BatchColumn | undefined)[] | undefined {
    const isUnknown = ([name, values]: readonly [string, BatchColumn]): boolean =>
      !this.#names.has(name) && values.some((value) => value !== undefined);
    if (Object.entries(columns).some(isUnknown)) return undefined;
    return this.#columns.map(({ name }) => (Object.hasOwn(columns, name) ? columns[name] : undefined));
  }

  /** Adds the rows of columns if all are accepted. */
  #takeColumns(columns: readonly (BatchColumn | undefined)[], from: number, to: number): boolean {
    const range = { from, to, at: this.#buffered };
    const isAccepted = this.#columns.every(({ buffer }, position) =>
      buffer.setRange(columns[position], range),
    );
    if (!isAccepted) return false;
    this.#taken += to - from;
    this.#buffered += to - from;
    if (this.#buffered === chunkRows) this.#flush();
    return true;
  }

  /** Adds a row. @returns whether to check the next one */
  #addRow(row: Row): boolean {
    this.#take(row);
    return this.#refused.length === 0 || this.#turnedAway + this.#buffered < chunkRows;
  }

  #take(row: Row): void {
    const given = row as Readonly<Record<string, unknown>>;
    let present = 0;
    for (const column of this.#columns) {
      const isAbsent = column.isInherited && !Object.hasOwn(given, column.name);
      const value = isAbsent ? undefined : given[column.name];
      if (value !== undefined) present++;
      const refusal = column.buffer.set(this.#buffered, value);
      if (refusal) return this.#refuse(given, column.name, refusal.expected);
    }
    const unknown = this.#unknownColumn(given, present);
    if (unknown !== undefined) return this.#refuse(given, unknown, this.#withoutColumn(unknown, given));
    this.#taken++;
    if (++this.#buffered === chunkRows) this.#flush();
  }

  #unknownColumn(row: Readonly<Record<string, unknown>>, present: number): string | undefined {
    let keys = 0;
    for (const _ in row) keys++;
    return keys === present
      ? undefined
      : Object.keys(row).find((key) => !this.#names.has(key) && row[key] !== undefined);
  }

  /** 'left out, since the table has id, points: did you mean "points"?' */
  #withoutColumn(unknown: string, row: Readonly<Record<string, unknown>>): string {
    const names = [...this.#names];
    const absent = names.filter((name) => row[name] === undefined);
    const meant = nearestName(unknown, absent) ?? nearestName(unknown, names);
    const message = `left out, since the table has ${formatNames(names)}`;
    return meant === undefined ? message : `${message}: did you mean "${meant}"?`;
  }

  #refuse(values: Readonly<Record<string, unknown>>, column: string, expected: string): void {
    this.#turnedAway++;
    if (this.#refused.length < refusedMost)
      this.#refused.push({ row: this.#taken + this.#turnedAway, column, expected, values });
  }

  #flush(): void {
    if (this.#buffered > 0 && this.#refused.length === 0)
      this.#staging.append(
        this.#columns.map(({ buffer }) => buffer.values),
        this.#buffered,
      );
    this.#buffered = 0;
  }

  #assertOpen(): void {
    if (this.#refused.length > 0) throw this.#error();
    if (this.#isClosed)
      throw new PlatformError('DATA_INVALID', {
        field: this.#name,
        value: 'closed',
        remedy: 'Write all rows before the table is finished.',
      });
  }

  #error(): PlatformError {
    const [first] = this.#refused;
    return new PlatformError('DATA_INVALID', {
      field: `column ${first?.column} in row ${first?.row} of ${this.#name}`,
      value: first?.values[first.column],
      remedy: `must be ${first?.expected}${laterRows(this.#turnedAway - 1)}`,
    });
  }
}

/** ' (39 later rows are wrong too)' */
function laterRows(count: number): string {
  if (count === 0) return '';
  return ` (${count} later ${count === 1 ? 'row is' : 'rows are'} wrong too)`;
}
