import type { Digest } from '../kernel/digest.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { withCallSite } from './call-sites.ts';
import type { TableDeclaration, TableRef, TableSchema } from './table.ts';

/** A raw file for a reader. The name of an archive's member begins with the archive's name. */
export interface RawFile {
  /** 't20s.zip/1234567.json' */
  readonly name: string;
  /** The digest of the raw bytes. */
  readonly digest: Digest;
  bytes(): Promise<Uint8Array>;
}

export interface ReadContext {
  /** The reader's options. */
  readonly options: JsonObject;
  /** The schema of the reader's table. */
  readonly schema: TableSchema;
  /** One line for the run's log. */
  readonly log: (message: string) => void;
  readonly progress: (done: number, total?: number) => void;
}

/** Turns raw files into rows. Files come once each, in order of name. */
export type ReadFunction<Row extends object> = (
  files: readonly RawFile[],
  context: ReadContext,
) => AsyncIterable<Row> | Iterable<Row>;

/** Generates plausible raw files in the real format, for a first run without network or key. The same arguments give the same bytes. */
export type SimulateFunction<Args extends JsonObject> = (
  args: Args,
) => Iterable<{ readonly name: string; readonly text: string }>;

export interface Simulation {
  readonly kind: 'simulation';
  readonly make: SimulateFunction<never>;
  readonly args: JsonObject;
}

/** Where raw bytes come from: an http(s) address, a file, a folder, an archive of files, or a simulation. */
export type Origin = string | Simulation;

export interface Reader<Row extends object = object, Time extends string = string> {
  /** The format's name: 'cricsheet'. */
  readonly kind: string;
  /** Raise it when the reader makes different rows from the same bytes. */
  readonly version: number;
  readonly from: Origin;
  readonly options: JsonObject;
  readonly table: TableDeclaration<Row, Time>;
  readonly read: ReadFunction<Row>;
}

export interface Source<Row extends object = object, Time extends string = string> extends TableRef<
  Row,
  Time
> {
  readonly kind: 'source';
  readonly name: string;
  readonly reader: Reader<Row, Time>;
}

/**
 * Named raw data. The fetched bytes are stored unchanged, by digest, before the reader parses them.
 * @example source('matches', cricsheet({ from: 'https://cricsheet.org/downloads/t20s_json.zip' }))
 */
export function source<Row extends object, Time extends string>(
  name: string,
  reader: Reader<Row, Time>,
): Source<Row, Time> {
  return withCallSite({
    kind: 'source',
    name,
    reader,
    get producer() {
      return this;
    },
    output: 'rows',
    table: reader.table,
  });
}

/**
 * Declares a simulator: `export const simulatedBars = simulation(writeBars)`, then `from: simulatedBars({ seed: 1 })`.
 * `make` must be a named export. Its data is labelled 'simulated' everywhere.
 */
export function simulation<Args extends { readonly [Key in keyof Args]: Json }>(
  make: (args: Args) => Iterable<{ readonly name: string; readonly text: string }>,
): (args: Args) => Simulation {
  return (args) => ({ kind: 'simulation', make, args: args as JsonObject });
}

export function isSimulated(origin: Origin): origin is Simulation {
  return typeof origin !== 'string';
}
