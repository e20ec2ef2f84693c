import { PlatformError } from '../../kernel/errors.ts';
import type { CsvFormat } from './format.ts';
import { RecordScanner } from './record-scanner.ts';

/** A record of a CSV file, without its quotes. */
export interface CsvRecord {
  /** The line, from 1, on which the record begins. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Why the record cannot be read. */
  readonly fault?: string | undefined;
}

export interface RecordFormat extends Partial<Pick<CsvFormat, 'quote' | 'skip' | 'comment'>> {
  /** The file's name, for errors. */
  readonly file: string;
  /** One character. */
  readonly delimiter: string;
}

/**
 * Splits CSV text (RFC 4180, with LF, CRLF or CR between records) into records. Skips empty lines and comments, drops blanks
 * around fields that are not quoted, and takes a quote inside such a field as it is. Text after a closing quote is the fault
 * of its record, and a quote that does not close is that of its line.
 * @param text in chunks, cut anywhere
 * @throws PlatformError DATA_INVALID naming the file and the line, for a record of more than 16,777,216 characters or 65,536
 *   fields
 */
export function* csvRecords(text: Iterable<string>, format: RecordFormat): Generator<CsvRecord> {
  const scanner = new RecordScanner(format);
  for (const piece of text) {
    scanner.add(piece);
    while (scanner.next()) yield recordOf(scanner);
  }
  scanner.end();
  while (scanner.next()) yield recordOf(scanner);
}

function recordOf(scanner: RecordScanner): CsvRecord {
  const { line, fault } = scanner;
  return { line, fields: scanner.fields(), ...(fault && { fault: fault.reason }) };
}

/** Why a record has another number of fields than the header; undefined if it has as many. */
export function raggedFault(fields: number, width: number, of = 'The header'): string | undefined {
  if (fields === width) return undefined;
  return `${of} has ${width} ${width === 1 ? 'field' : 'fields'}, this line ${fields}.`;
}

/** The fields without empty ones beyond the header's: some programs end each line with a delimiter. */
export function withoutEmptyEnd(fields: readonly string[], width: number): readonly string[] {
  return fields.length > width && fields.slice(width).every((field) => field === '')
    ? fields.slice(0, width)
    : fields;
}

/** Whether a record has the names of the columns again; a single cell may have the name of its column by chance. */
export function repeatsHeader(fields: readonly string[], header: readonly string[]): boolean {
  return (
    fields.length > 1 && fields.length === header.length && fields.every((field, at) => field === header[at])
  );
}

/** The reason of a record that has the names of the columns again, as where files were joined. */
export const repeatedHeader = 'It repeats the header.';

/** An error of a CSV file. */
export function invalidCsv(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
