import type { TableSchema } from '../../project/tables/table.ts';
import type { ReadCsvOptions } from './csv-options.ts';
import { firstLines } from './first-lines.ts';
import { delimiters } from '../../kernel/csv-marks.ts';
import type { CsvFormat, Delimiter } from './format.ts';
import { headerNames } from './header-names.ts';
import { invalidCsv } from './records.ts';
import { sampleOf } from './sample.ts';
import { sniffCsv } from './sniff.ts';
import { guessDelimiter } from './sniff-delimiter.ts';

/** Where a file has the columns of a table. */
export interface FoundColumns {
  /** The position of each column of the schema. */
  readonly positions: readonly number[];
  /** Fields of a record. */
  readonly width: number;
  /** What has so many fields, for errors. */
  readonly widthOf: string;
  /** Columns that the table does not have. */
  readonly unread: readonly string[];
  /** Columns that were given another name. */
  readonly notes: readonly string[];
}

interface CsvFile {
  readonly file: string;
  readonly options: ReadCsvOptions;
  readonly schema: TableSchema;
}

/** The delimiter with which the header has the columns of the schema; of several or none, the one that fits best. */
export function findDelimiter(
  bytes: Uint8Array,
  { file, encoding, options, schema }: CsvFile & { readonly encoding: string },
): Delimiter {
  const text = firstLines(bytes, encoding, file);
  const hasColumns = (delimiter: Delimiter): boolean => {
    const [header] = sampleOf(text, { ...options, delimiter, mostRecords: 1 }).records;
    return !positionsOf(schema.columns, header?.fields ?? []).includes(-1);
  };
  const [only, another] = options.header === false ? [] : delimiters.filter(hasColumns);
  if (only !== undefined && another === undefined) return only;
  return guessDelimiter(text, options).delimiter;
}

/**
 * Finds the columns of the schema by the header's names, or by their order without a header.
 * @throws PlatformError DATA_INVALID for a header that lacks one
 */
export function findColumns(
  header: readonly string[] | undefined,
  { file, bytes, options, schema: { columns } }: CsvFile & { readonly bytes: Uint8Array },
): FoundColumns {
  if (!header)
    return {
      positions: columns.map((_, at) => at),
      width: columns.length,
      widthOf: '`row`',
      unread: [],
      notes: [],
    };
  const { names, renamed } = headerNames(header);
  const positions = positionsOf(columns, header);
  const absent = columns[positions.indexOf(-1)];
  if (absent)
    throw invalidCsv(
      `header of ${file}`,
      header,
      [
        `Add the column "${absent.name}", or remove it from \`row\`.`,
        ...optionHints(bytes, { file, options }),
      ].join(' '),
    );
  const read = new Set(positions);
  return {
    positions,
    width: names.length,
    widthOf: 'The header',
    unread: names.filter((_, at) => !read.has(at)),
    notes: renamed,
  };
}

/** By the names that the columns of a file have, or else as its header writes them: of `a,A` both are there. */
function positionsOf(columns: TableSchema['columns'], header: readonly string[]): readonly number[] {
  const { names } = headerNames(header);
  const written = header.map((field) => field.trim());
  return columns.map(({ name }) => (names.includes(name) ? names.indexOf(name) : written.indexOf(name)));
}

const hinted = ['skip', 'comment', 'header'] as const satisfies readonly (keyof CsvFormat)[];

/** Options that the file seems to need: 'The first 2 lines are titles: set `skip: 2`.' */
function optionHints(
  bytes: Uint8Array,
  { file, options }: { readonly file: string; readonly options: ReadCsvOptions },
): readonly string[] {
  const { format, guesses } = sniffCsv(bytes, { file, given: options });
  return guesses.flatMap(({ option, message }) => {
    const isHint = hinted.some((name) => name === option) && (option !== 'header' || !format.header);
    return isHint ? [`${message} Set \`${option}: ${JSON.stringify(format[option])}\`.`] : [];
  });
}
