import { PlatformError } from '../kernel/errors.ts';
import { nearestName } from '../kernel/nearest-name.ts';
import type { TableWriter } from '../project/step.ts';
import type { TableSchema } from '../project/table.ts';
import type { BlobStore } from './blob-store.ts';
import { columnCheck, isRefusal, type Stored } from './column-check.ts';
import type { TableDataset } from './dataset.ts';
import { chunkRows, openStaging, type Staging } from './table-staging.ts';

/** A row that the schema does not take. */
export interface RefusedRow {
  /** From 1, in the order in which rows were written. */
  readonly row: number;
  readonly column: string;
  readonly wanted: string;
  /** The row as it was given. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A table that is being written. What is not finished leaves nothing behind. */
export interface OpenTableWriter<Row extends object = object> extends TableWriter<Row>, AsyncDisposable {
  /** Adds one row. @throws PlatformError DATA_INVALID, then and at every later call */
  add(row: Row): void;
  /** Rows taken so far. */
  readonly rows: number;
  /** The first rows that were refused, 20 at most. `write` looks on through the 2,048 rows of a chunk. */
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
}

const refusedMost = 20;
const turnRows = 100_000;

/**
 * Opens a table for rows of a schema. Each row is checked as it is added: types, ranges, sets, patterns, lengths, and
 * columns that are missing or unknown. Dates are ISO dates, times ISO times, kept in UTC to the millisecond. The same
 * rows make the same bytes.
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
  const folded = columns.map(({ name }) => name.toLowerCase());
  const twice = columns.find((_, position) => folded.indexOf(folded[position] ?? '') < position);
  if (columns.length > 0 && !twice) return;
  throw new PlatformError('PROJECT_INVALID', {
    field: 'columns of a table',
    value: twice?.name ?? 'none',
    remedy: 'A table needs a column at least, and names that differ in more than case.',
  });
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class CheckedWriter<Row extends object> implements OpenTableWriter<Row> {
  readonly #name: string;
  readonly #schema: TableSchema;
  readonly #staging: Staging;
  readonly #columns: readonly {
    readonly name: string;
    readonly check: ReturnType<typeof columnCheck>;
    readonly values: Stored[];
  }[];
  readonly #names: ReadonlySet<string>;
  readonly #refused: RefusedRow[] = [];
  /** Rows waiting for a chunk to be full. */
  #buffered = 0;
  #taken = 0;
  #turnedAway = 0;
  #isClosed = false;
  #finished: Promise<unknown> = Promise.resolve();

  constructor({ name = 'table', schema }: TableWriterOptions, staging: Staging) {
    this.#name = name;
    this.#schema = schema;
    this.#staging = staging;
    this.#columns = schema.columns.map((column) => ({
      name: column.name,
      check: columnCheck(column),
      values: Array.from<Stored>({ length: chunkRows }).fill(null),
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

  async write(rows: Iterable<Row> | AsyncIterable<Row>): Promise<void> {
    this.#assertOpen();
    if (Symbol.asyncIterator in rows) {
      for await (const row of rows) if (!this.#goesOn(row)) break;
    } else {
      for (const row of rows) {
        if (!this.#goesOn(row)) break;
        // A long iterable would keep progress and heartbeats waiting.
        if (this.#taken % turnRows === 0) await nextTurn();
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
    const profile = await this.#staging.profile();
    const file = await blobs.putFile(path);
    return { kind: 'table', schema: this.#schema, rows: this.#taken, file, profile };
  }

  /** Takes a row. @returns whether to look at the next */
  #goesOn(row: Row): boolean {
    this.#take(row);
    return this.#refused.length === 0 || this.#turnedAway + this.#buffered < chunkRows;
  }

  #take(row: Row): void {
    const given = row as Readonly<Record<string, unknown>>;
    let present = 0;
    for (const column of this.#columns) {
      const value = given[column.name];
      if (value !== undefined) present++;
      const stored = column.check(value);
      if (isRefusal(stored)) return this.#refuse(given, column.name, stored.wanted);
      column.values[this.#buffered] = stored;
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
    const known = `left out, since the table has ${names.join(', ')}`;
    return meant === undefined ? known : `${known}: did you mean "${meant}"?`;
  }

  #refuse(values: Readonly<Record<string, unknown>>, column: string, wanted: string): void {
    this.#turnedAway++;
    if (this.#refused.length < refusedMost)
      this.#refused.push({ row: this.#taken + this.#turnedAway, column, wanted, values });
  }

  #flush(): void {
    if (this.#buffered > 0 && this.#refused.length === 0)
      this.#staging.append(
        this.#columns.map(({ values }) => values),
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
    const others = this.#turnedAway - 1;
    return new PlatformError('DATA_INVALID', {
      field: `column ${first?.column} in row ${first?.row} of ${this.#name}`,
      value: first?.values[first.column],
      remedy: `It must be ${first?.wanted}${first?.wanted.endsWith('?') ? '' : '.'}${others > 0 ? ` ${others} of the rows after it were refused too.` : ''} Correct what makes the row, or the table's schema.`,
    });
  }
}
