import type { CsvFormat } from '../../sources/csv/format.ts';
import type { CsvRecord } from '../../sources/csv/records.ts';
import { type CsvGuess, sniffCsv } from '../../sources/csv/sniff.ts';
import { isBlankTotal, saysSum } from '../../sources/csv/total-word.ts';
import { missingMarks } from '../../sources/csv/values.ts';
import { mostTotals, totalsAtEnd } from './total-line.ts';

/** Of the lines that say that they are sums: more are a category. */
const mostSubtotals = 1000;

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
  /** The lines with as many fields as the header, from the first each time, without `totals`. */
  records(): Iterable<CsvRecord>;
  /** The last lines, if they are totals of the others, and all that have the form of one. Known after the first complete reading. */
  totals(): readonly CsvRecord[];
  /** Lines before them that say that they are sums. Known after the first complete reading. */
  subtotals(): readonly CsvRecord[];
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
  let totals: readonly CsvRecord[] | undefined;
  let atEnd: readonly CsvRecord[] | undefined;
  let subtotals: readonly CsvRecord[] = [];
  function* readable(): Generator<CsvRecord> {
    for (const record of sniffed.records())
      if (record.fault === undefined && !isBlankTotal(record.fields)) yield record;
  }
  return {
    file,
    bytes,
    format: sniffed.format,
    guesses: sniffed.guesses,
    missing: [...missingMarks, ...missing],
    header: sniffed.names,
    // What is no data is known after the first complete reading.
    *records() {
      const found: CsvRecord[] = [];
      const blank: CsvRecord[] = [];
      const sums: CsvRecord[] = [];
      const last: CsvRecord[] = [];
      for (const record of sniffed.records()) {
        if (record.fault !== undefined) {
          found.push(record);
          continue;
        }
        if (isBlankTotal(record.fields)) {
          blank.push(record);
          continue;
        }
        last.push(record);
        const next = last.length > mostTotals ? last.shift() : undefined;
        if (!next) continue;
        if (sums.length < mostSubtotals && saysSum(next.fields)) sums.push(next);
        yield next;
      }
      faults ??= found;
      atEnd ??= totalsAtEnd(last, { above: readable, decimal: sniffed.format.decimal, usual: sums });
      totals ??= [...blank, ...atEnd].toSorted((one, other) => one.line - other.line);
      const from = atEnd[0]?.line ?? Infinity;
      const rest = last.filter(({ line }) => line < from);
      subtotals = [...sums, ...rest.filter(({ fields }) => saysSum(fields))];
      yield* rest;
    },
    totals: () => totals ?? [],
    subtotals: () => subtotals,
    faults() {
      faults ??= [...sniffed.records()].filter(({ fault }) => fault !== undefined);
      return faults;
    },
  };
}
