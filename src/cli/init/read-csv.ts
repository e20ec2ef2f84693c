import type { CsvFormat } from '../../sources/csv/format.ts';
import type { CsvRecord } from '../../sources/csv/records.ts';
import { type CsvGuess, sniffCsv } from '../../sources/csv/sniff.ts';
import { hasSums, isMostlyBlank, saysTotal } from './total-line.ts';
import { missingMarks } from '../../sources/csv/values.ts';

/** A CSV file in memory. */
export interface CsvFile {
  /** Without its folders. */
  readonly file: string;
  /** As the file has them, compressed or not. */
  readonly bytes: Uint8Array;
  readonly format: CsvFormat;
  readonly guesses: readonly CsvGuess[];
  /** Words that mean a missing value. */
  readonly missing: readonly string[];
  /** The names of the columns, all different. */
  readonly header: readonly string[];
  /** The lines with as many fields as the header, from the first each time, without a total at the end. */
  records(): Iterable<CsvRecord>;
  /** The last line, if it is a total of the others. */
  total(): CsvRecord | undefined;
  /** Lines that cannot be read. */
  faults(): readonly CsvRecord[];
}

/** The bytes of a file, and those of the CSV in it where it is compressed. */
export interface CsvBytes {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

export interface ReadOptions {
  /** What the caller says of the file. @default what is found in it */
  readonly given?: Partial<CsvFormat>;
  /** Words that mean a missing value, besides the usual ones. */
  readonly missing?: readonly string[];
}

/** @throws PlatformError DATA_INVALID for text without lines */
export function csvFile(file: string, text: string, options: ReadOptions = {}): CsvFile {
  const bytes = new TextEncoder().encode(text);
  return sniffedFile({ file, bytes, content: bytes }, options);
}

/** @throws PlatformError DATA_INVALID for a file without lines */
export function sniffedFile(
  { file, bytes, content }: CsvBytes,
  { given = {}, missing = [] }: ReadOptions = {},
): CsvFile {
  const sniffed = sniffCsv(content, { file, given });
  let faults: readonly CsvRecord[] | undefined;
  let total: CsvRecord | undefined;
  function* readable(): Generator<CsvRecord> {
    for (const record of sniffed.records()) if (record.fault === undefined) yield record;
  }
  const isTotal = (last: CsvRecord, isUsual: boolean): boolean =>
    saysTotal(last) ? !isUsual : isMostlyBlank(last) && hasSums(last, readable(), sniffed.format.decimal);
  return {
    file,
    bytes,
    format: sniffed.format,
    guesses: sniffed.guesses,
    missing: [...missingMarks, ...missing],
    header: sniffed.names,
    // The faults are known after the first complete reading.
    *records() {
      const found: CsvRecord[] = [];
      let last: CsvRecord | undefined;
      let isUsual = false;
      for (const record of sniffed.records())
        if (record.fault === undefined) {
          if (last) {
            isUsual ||= saysTotal(last);
            yield last;
          }
          last = record;
        } else found.push(record);
      faults ??= found;
      if (!last) return;
      if (total?.line !== last.line && !isTotal(last, isUsual)) yield last;
      else total = last;
    },
    total: () => total,
    faults() {
      faults ??= [...sniffed.records()].filter(({ fault }) => fault !== undefined);
      return faults;
    },
  };
}
