import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { formatBytes } from '../../kernel/units.ts';
import { csvRecords, type CsvRecord } from '../../sources/csv-records.ts';

const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

const mostBytes = 256_000_000;

/** A CSV file with a header, in memory. */
export interface CsvFile {
  /** Without its folders. */
  readonly file: string;
  readonly text: string;
  readonly delimiter: Delimiter;
  /** Without blanks around the names. */
  readonly header: readonly string[];
  /** The lines after the header, from the first each time; each has as many fields as the header. */
  records(): Iterable<CsvRecord>;
}

/** @throws PlatformError CONFIG_INVALID for a file that cannot be read, DATA_INVALID for one that is no CSV */
export async function readCsvFile(path: string): Promise<CsvFile> {
  const file = basename(path);
  const bytes = await readBytes(path);
  return csvFile(file, decoded(bytes, file));
}

/** @throws PlatformError DATA_INVALID for text without a header and for a header that names a column twice */
export function csvFile(file: string, text: string): CsvFile {
  const delimiter = delimiterOf(text);
  const header = namesIn(csvRecords([text], { file, delimiter }));
  if (!header)
    throw bad(
      file,
      'empty',
      'Put the names of the columns into its first line, and a line for each example below it.',
    );
  const folded = header.map((name) => name.toLowerCase());
  const twice = header.find((name, at) => name !== '' && folded.indexOf(name.toLowerCase()) !== at);
  if (twice !== undefined)
    throw bad(
      `header of ${file}`,
      twice,
      'Give each column a name that differs from the others in more than case.',
    );
  return {
    file,
    text,
    delimiter,
    header,
    records: () => recordsOf({ file, text, delimiter, width: header.length }),
  };
}

function namesIn(records: Iterable<CsvRecord>): readonly string[] | undefined {
  for (const { fields } of records) return fields.map((name) => name.trim());
  return undefined;
}

function* recordsOf({
  file,
  text,
  delimiter,
  width,
}: {
  readonly file: string;
  readonly text: string;
  readonly delimiter: string;
  readonly width: number;
}): Generator<CsvRecord> {
  let isHeader = true;
  for (const record of csvRecords([text], { file, delimiter })) {
    if (record.fields.length !== width)
      throw bad(
        `${file}, line ${record.line}`,
        record.fields,
        `The header has ${width} fields, this line ${record.fields.length}.`,
      );
    if (!isHeader) yield record;
    isHeader = false;
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= mostBytes) return await readFile(path);
    throw bad(
      basename(path),
      formatBytes(size),
      `Start with a part of it, of ${formatBytes(mostBytes)} at most; the project can take the whole file later.`,
    );
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new PlatformError(
      'CONFIG_INVALID',
      { field: '--csv', value: path, remedy: 'must be a readable CSV file' },
      { cause },
    );
  }
}

function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw bad(file, 'not UTF-8', 'Save it as CSV in UTF-8.');
  }
}

/** The one that stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): Delimiter {
  const line = /^[^\r\n]*/.exec(text.trimStart())?.[0].replaceAll(/"[^"]*"/g, '') ?? '';
  const times = (delimiter: Delimiter): number => line.split(delimiter).length;
  return delimiters.reduce((best, delimiter) => (times(delimiter) > times(best) ? delimiter : best));
}

function bad(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
