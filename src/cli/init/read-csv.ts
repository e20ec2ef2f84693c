import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { formatBytes } from '../../kernel/units.ts';
import type { CsvFormat } from '../../sources/csv/format.ts';
import type { CsvRecord } from '../../sources/csv/records.ts';
import { type CsvGuess, sniffCsv } from '../../sources/csv/sniff.ts';
import { missingMarks } from '../../sources/csv/values.ts';

const mostBytes = 256_000_000;

/** A CSV file in memory. */
export interface CsvFile {
  /** Without its folders. */
  readonly file: string;
  /** As the file has them. */
  readonly bytes: Uint8Array;
  readonly format: CsvFormat;
  readonly guesses: readonly CsvGuess[];
  /** Words that mean a missing value. */
  readonly missing: readonly string[];
  /** The names of the columns, all different. */
  readonly header: readonly string[];
  /** The lines with as many fields as the header, from the first each time. */
  records(): Iterable<CsvRecord>;
  /** Lines that cannot be read. */
  faults(): readonly CsvRecord[];
}

export interface ReadOptions {
  /** What the caller says of the file. @default what is found in it */
  readonly given?: Partial<CsvFormat>;
  /** Words that mean a missing value, besides the usual ones. */
  readonly missing?: readonly string[];
}

export interface CsvBytes {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** @throws PlatformError CONFIG_INVALID for a file that cannot be read, DATA_INVALID for one that is too large */
export async function readCsvBytes(path: string): Promise<CsvBytes> {
  return { file: basename(path), bytes: await readBytes(path) };
}

/** @throws PlatformError DATA_INVALID for text without lines */
export function csvFile(
  file: string,
  content: string | Uint8Array,
  { given = {}, missing = [] }: ReadOptions = {},
): CsvFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const sniffed = sniffCsv(bytes, { file, given });
  let faults: readonly CsvRecord[] | undefined;
  return {
    file,
    bytes,
    format: sniffed.format,
    guesses: sniffed.guesses,
    missing: [...missingMarks, ...missing],
    header: sniffed.names,
    *records() {
      for (const record of sniffed.records()) if (record.fault === undefined) yield record;
    },
    faults() {
      faults ??= [...faultsOf(sniffed.records())];
      return faults;
    },
  };
}

function* faultsOf(records: Iterable<CsvRecord>): Generator<CsvRecord> {
  for (const record of records) if (record.fault !== undefined) yield record;
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= mostBytes) return await readFile(path);
    throw new PlatformError('DATA_INVALID', {
      field: basename(path),
      value: formatBytes(size),
      remedy: `Start with a part of it, of ${formatBytes(mostBytes)} at most; the project can take the whole file later.`,
    });
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new PlatformError(
      'CONFIG_INVALID',
      { field: '--csv', value: path, remedy: 'must be a readable CSV file' },
      { cause },
    );
  }
}
