import type { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import { formatCount } from '../kernel/units.ts';
import type { OneOrMore } from '../project/tables/checks.ts';
import type { Origin } from '../project/tables/origin.ts';
import type { RawFile, ReadContext, Reader, ReadFunction } from '../project/tables/source.ts';
import { type Column, type RowOfShape, table, type TimesOfShape } from '../project/tables/table.ts';
import { type CsvRecord, csvRecords } from './csv-records.ts';
import { coerce, type CsvValue, expectedOf } from './csv-values.ts';

export interface CsvOptions<Shape extends z.ZodRawShape> {
  /**
   * Files, folders, archives, addresses, `http()` or simulations. Of several files, those that end in .csv, .tsv or .txt are
   * read, and those without an ending if there are none.
   */
  readonly from: OneOrMore<Origin>;
  /** The row's schema. Its names are names of the header, in any order; other columns are ignored. */
  readonly row: z.ZodObject<Shape>;
  /** @default ',', or a tab for .tsv */
  readonly delimiter?: ',' | ';' | '\t' | '|';
}

/**
 * Rows of CSV files, each with a header, in order of file name. An empty field is null (absent in an `.optional()`
 * column). Booleans (true, false, yes, no, 1, 0), dates (2024-01-31) and times (2024-01-31T12:00:00Z) are parsed by the
 * column's type.
 * @example csv({ from: 'data/houses.csv', row: z.object({ area: z.number(), built: z.iso.date(), price: z.number() }) })
 */
export function csv<Shape extends z.ZodRawShape>(
  options: CsvOptions<Shape>,
): Reader<RowOfShape<Shape>, TimesOfShape<Shape>> {
  return {
    kind: 'csv',
    version: 1,
    from: options.from,
    options: options.delimiter === undefined ? {} : { delimiter: options.delimiter },
    table: table(options.row),
    read: readCsv as ReadFunction<RowOfShape<Shape>>,
  };
}

/** An empty field is null, or undefined in an optional column. */
export type CsvRow = Readonly<Record<string, CsvValue | undefined>>;

/** Reads the columns of `context.schema`. @throws PlatformError DATA_INVALID naming the file, line, column and value */
export async function* readCsv(files: readonly RawFile[], context: ReadContext): AsyncGenerator<CsvRow> {
  const chosen = chooseFiles(files);
  for (const [index, file] of chosen.entries()) {
    let rows = 0;
    for (const row of rowsOf(file.name, await file.bytes(), context)) {
      yield row;
      rows++;
    }
    context.log(`${file.name}: ${formatCount(rows)} rows`);
    context.progress(index + 1, chosen.length);
  }
}

function chooseFiles(files: readonly RawFile[]): readonly RawFile[] {
  const visible = files.filter(({ name }) => !/(^|\/)(\.|__MACOSX\/)/.test(name));
  const named = visible.filter(({ name }) => /\.(csv|tsv|txt)$/i.test(name));
  const unnamed = visible.filter(({ name }) => !/\.\w+$/.test(name));
  const chosen = visible.length === 1 ? visible : named.length > 0 ? named : unnamed;
  if (chosen.length > 0) return chosen;
  throw new PlatformError('DATA_INVALID', {
    field: 'files of the source',
    value: files.slice(0, 3).map(({ name }) => name),
    remedy: 'No CSV file found: name a file, or a folder with files that end in .csv, .tsv or .txt.',
  });
}

function* rowsOf(file: string, bytes: Uint8Array, { schema, options }: ReadContext): Generator<CsvRow> {
  const delimiter = typeof options['delimiter'] === 'string' ? options['delimiter'] : usualDelimiter(file);
  const records = csvRecords(decoded(bytes, file), { file, delimiter });
  const header = records.next();
  if (header.done === true)
    throw bad(file, undefined, 'The file has no header: write the column names into its first line.');
  const { fields: names } = header.value;
  const positions = schema.columns.map((column) => ({ column, at: positionOf(column, names, file) }));
  for (const record of records) {
    if (record.fields.length !== names.length)
      throw bad(
        `${file}, line ${record.line}`,
        record.fields,
        `The header has ${names.length} fields, this line ${record.fields.length}.`,
      );
    yield Object.fromEntries(
      positions.map(({ column, at }) => [column.name, valueOf(record, column, { file, at })]),
    );
  }
}

function usualDelimiter(file: string): string {
  return file.toLowerCase().endsWith('.tsv') ? '\t' : ',';
}

function positionOf(column: Column, names: readonly string[], file: string): number {
  const trimmed = names.map((name) => name.trim());
  const at = trimmed.indexOf(column.name);
  if (at < 0)
    throw bad(`header of ${file}`, names, `Add the column "${column.name}", or remove it from \`row\`.`);
  if (trimmed.includes(column.name, at + 1))
    throw bad(`header of ${file}`, names, `Name the column "${column.name}" once.`);
  return at;
}

function valueOf(
  record: CsvRecord,
  column: Column,
  { file, at }: { readonly file: string; readonly at: number },
): CsvValue | undefined {
  const written = record.fields[at] ?? '';
  if (written === '' && column.nullable) return column.optional ? undefined : null;
  const value = written === '' ? undefined : coerce(written, column.type);
  if (value !== undefined) return value;
  const remedy =
    written === ''
      ? 'Fill it in, or make the column `.nullable()` or `.optional()` in its schema.'
      : `Write ${expectedOf[column.type]}, or change the column in \`row\`.`;
  throw bad(`${file}, line ${record.line}, column "${column.name}"`, written, remedy);
}

const pieceLength = 1 << 20;

/** Decodes UTF-8 in chunks, without a byte order mark. */
function* decoded(bytes: Uint8Array, file: string): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let start = 0; start < bytes.byteLength; start += pieceLength)
      yield decoder.decode(bytes.subarray(start, start + pieceLength), { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw bad(file, 'not UTF-8', 'Save the file as UTF-8.');
  }
}

function bad(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
