import type { Digest } from '../kernel/digest.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { TableDeclaration, TableRef, TableSchema } from './table.ts';

/** A raw file as a reader sees it; a member of an archive has the archive's name before its own. */
export interface RawFile {
  /** 't20s.zip/1234567.json' */
  readonly name: string;
  /** Of these bytes as they came, before anything read them. */
  readonly digest: Digest;
  bytes(): Promise<Uint8Array>;
}

export interface ReadContext {
  /** The reader's own. */
  readonly options: JsonObject;
  /** Of the reader's table. */
  readonly schema: TableSchema;
  /** One line for the run's log. */
  readonly log: (message: string) => void;
  readonly progress: (done: number, total?: number) => void;
}

/** Turns raw files into rows. Each file comes once, in order of name. */
export type ReadFunction<Row extends object> = (
  files: readonly RawFile[],
  context: ReadContext,
) => AsyncIterable<Row> | Iterable<Row>;

/** Makes plausible raw files in the real format, for a first run without network or key. The same arguments, the same bytes. */
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

export interface Reader<Row extends object = object> {
  /** Names the format: 'cricsheet'. */
  readonly kind: string;
  /** Raised when the reader makes other rows of the same bytes. */
  readonly version: number;
  readonly from: Origin;
  readonly options: JsonObject;
  readonly table: TableDeclaration<Row>;
  readonly read: ReadFunction<Row>;
}

export interface Source<Row extends object = object> extends TableRef<Row> {
  readonly kind: 'source';
  readonly name: string;
  readonly reader: Reader<Row>;
}

/**
 * Raw data under a name. What is fetched is kept as it came, under its digest, before the reader parses it.
 * @example source('matches', cricsheet({ from: 'https://cricsheet.org/downloads/t20s_json.zip' }))
 */
export function source<Row extends object>(name: string, reader: Reader<Row>): Source<Row> {
  return {
    kind: 'source',
    name,
    reader,
    get producer() {
      return this;
    },
    output: 'rows',
    table: reader.table,
  };
}

/**
 * Declares a simulator: `export const simulatedBars = simulation(writeBars)`, then `from: simulatedBars({ seed: 1 })`.
 * `make` must be a named export. Data made by it is called 'simulated' wherever it is shown.
 */
export function simulation<Args extends { readonly [Key in keyof Args]: Json }>(
  make: (args: Args) => Iterable<{ readonly name: string; readonly text: string }>,
): (args: Args) => Simulation {
  return (args) => ({ kind: 'simulation', make, args: args as JsonObject });
}

export function isSimulated(origin: Origin): origin is Simulation {
  return typeof origin !== 'string';
}
