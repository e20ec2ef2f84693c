import type { TableSchema } from '../../project/tables/table.ts';
import type { ReadCsvOptions } from './csv-options.ts';
import { decodedPieces, findEncoding, piecesOfBytes, statedEncoding } from './encoding.ts';
import { findColumns, findDelimiter, type FoundColumns } from './find-columns.ts';
import { invalidCsv } from './records.ts';
import { RecordScanner } from './record-scanner.ts';
import { refuseOtherContent } from './refuse-content.ts';

/** A CSV file whose header is read. */
export interface OpenCsv {
  readonly scanner: RecordScanner;
  /** Moves the scanner to each record after the header that has a field which is not empty. */
  readonly records: Generator<undefined>;
  /** Undefined for a file without one. */
  readonly header: readonly string[] | undefined;
  readonly columns: FoundColumns;
}

interface OpenOptions {
  readonly options: ReadCsvOptions;
  readonly schema: TableSchema;
}

/** @throws PlatformError DATA_INVALID for other content than CSV, and for a header without the columns of the schema */
export function openCsv(file: string, bytes: Uint8Array, { options, schema }: OpenOptions): OpenCsv {
  refuseOtherContent(bytes, file);
  const encoding = options.encoding ?? statedEncoding(bytes) ?? refuseEncoding(bytes, file);
  const delimiter = options.delimiter ?? findDelimiter(bytes, { file, encoding, options, schema });
  const scanner = new RecordScanner({ ...options, file, delimiter });
  const records = filledRecords(scanner, decodedPieces(piecesOfBytes(bytes), encoding, file));
  const hasHeader = options.header !== false;
  if (hasHeader && records.next().done === true)
    throw invalidCsv(file, undefined, 'The file has no header: write the column names into its first line.');
  const header = hasHeader ? scanner.fields() : undefined;
  return { scanner, records, header, columns: findColumns(header, { file, bytes, options, schema }) };
}

/** A guess would be silent here: the project file says the encoding. */
function refuseEncoding(bytes: Uint8Array, file: string): never {
  throw invalidCsv(
    file,
    'not UTF-8',
    `Set \`encoding: '${findEncoding(bytes, file)}'\` if Windows or Excel saved it, name another encoding, or save the file as UTF-8.`,
  );
}

/** Moves the scanner to each record that has a field which is not empty. */
function* filledRecords(scanner: RecordScanner, pieces: Iterable<string>): Generator<undefined> {
  for (const piece of pieces) {
    scanner.add(piece);
    while (scanner.next()) if (!scanner.isBlank()) yield;
  }
  scanner.end();
  while (scanner.next()) if (!scanner.isBlank()) yield;
}
