import type { Digest } from '../../kernel/digest.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { withCallSite } from '../call-sites.ts';
import { type Checks, checksOf, listOf, type OneOrMore } from './checks.ts';
import type { ColumnBatch } from './column-batch.ts';
import type { Database } from './database.ts';
import type { Origin, Posts } from './origin.ts';
import type { ColumnOf, TableDeclaration, TableRef, TableSchema, TimeColumn } from './table.ts';

/** A raw file for a reader. The name of an archive's member begins with the archive's name. */
export interface RawFile {
  /** 't20s.zip/1234567.json' */
  readonly name: string;
  /** The digest of the raw bytes. */
  readonly digest: Digest;
  bytes(): Promise<Uint8Array>;
}

/** A function of the project's that a reader calls. */
export type ReaderCode = (input: never) => unknown;

/** A row of a file that a reader sets aside because it cannot be read. */
export interface RejectedRow {
  readonly file: string;
  /** The line of the file, from 1, on which the row begins. */
  readonly line: number;
  /** The column whose cell cannot be read; undefined for a row with the wrong number of fields. */
  readonly column?: string | undefined;
  /** The cell, or the fields. */
  readonly value: string | readonly string[];
  /** What is wrong, or what to do, as a sentence. */
  readonly reason: string;
}

export interface ReadContext {
  /** The reader's options. */
  readonly options: JsonObject;
  /** The reader's functions. @default none */
  readonly code?: Readonly<Record<string, ReaderCode>>;
  /** The schema of the reader's table. */
  readonly schema: TableSchema;
  /** One line for the run's log. */
  readonly log: (message: string) => void;
  readonly progress: (done: number, total?: number) => void;
  /** Counts a row that is set aside, for the run's log and the facts of the task. @default it is not counted */
  readonly reject?: (row: RejectedRow) => void;
  /** Lists columns of the files that the table does not have, for the facts of the task. @default they are not listed */
  readonly ignore?: (columns: readonly string[]) => void;
}

/** Turns raw files into rows, one by one or in batches. Files come once each, in order of name. */
export type ReadFunction<Row extends object> = (
  files: readonly RawFile[],
  context: ReadContext,
) => AsyncIterable<Row | ColumnBatch> | Iterable<Row | ColumnBatch>;

export interface Reader<Row extends object = object, Time extends string = string> {
  /** The format's name: 'cricsheet'. */
  readonly kind: string;
  /** Raise it when the reader makes different rows from the same bytes. */
  readonly version: number;
  readonly from: OneOrMore<Origin> | Database | Posts;
  readonly options: JsonObject;
  /** Functions that `read` gets in its context. Tasks find each among the project's exports. @default none */
  readonly code?: Readonly<Record<string, ReaderCode>>;
  readonly table: TableDeclaration<Row, Time>;
  readonly read: ReadFunction<Row>;
}

export interface SourceOptions<Row extends object, Time extends string> {
  /** Columns that identify a row: a newer row replaces an older one. @default every fetch is the whole table */
  readonly key?: OneOrMore<ColumnOf<Row>>;
  /** With a key: only rows newer by this column are fetched. @default everything is fetched */
  readonly since?: TimeColumn<Row, Time>;
  readonly checks?: Checks<Row, Time>;
  /** Why a column of the files is no feature, by column, for the data page: `{ id: 'it counts the lines' }`. @default no reasons */
  readonly leftOut?: Readonly<Record<string, string>>;
}

export interface Source<Row extends object = object, Time extends string = string> extends TableRef<
  Row,
  Time
> {
  readonly kind: 'source';
  readonly name: string;
  readonly reader: Reader<Row, Time>;
  readonly key?: readonly string[];
  readonly since?: string;
  readonly leftOut?: Readonly<Record<string, string>>;
}

/**
 * Named raw data. The fetched bytes are stored unchanged, by digest, before the reader parses them.
 * @example
 * source('matches', cricsheet({ from: 'https://cricsheet.org/downloads/t20s_json.zip' }))
 * source('bars', csv({ from: 'bars.csv', row: Bar }), { key: ['symbol', 'date'], since: 'date' })
 */
export function source<Row extends object, Time extends string>(
  name: string,
  reader: Reader<Row, Time>,
  options: SourceOptions<NoInfer<Row>, NoInfer<Time>> = {},
): Source<Row, Time> {
  return withCallSite({
    kind: 'source',
    name,
    reader,
    get producer() {
      return this;
    },
    output: 'rows',
    table: options.checks ? { ...reader.table, checks: checksOf(options.checks) } : reader.table,
    ...(options.key !== undefined && { key: listOf<string>(options.key) }),
    ...(options.since !== undefined && { since: options.since }),
    ...(options.leftOut && { leftOut: options.leftOut }),
  });
}
