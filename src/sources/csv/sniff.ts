import { formatNames } from '../../kernel/format-names.ts';
import { decodedPieces, findEncoding, piecesOfBytes, statedEncoding } from './encoding.ts';
import { firstLines } from './first-lines.ts';
import { delimiters } from '../../kernel/csv-marks.ts';
import type { CsvFormat } from './format.ts';
import { headerNames, positionNames } from './header-names.ts';
import {
  type CsvRecord,
  csvRecords,
  invalidCsv,
  raggedFault,
  repeatedHeader,
  repeatsHeader,
  withoutEmptyEnd,
} from './records.ts';
import { refuseOtherContent } from './refuse-content.ts';
import { cellsByColumn, type Sample, sampleOf } from './sample.ts';
import { decimalEvidence } from './sniff-decimal.ts';
import { guessDelimiter } from './sniff-delimiter.ts';
import { areNames, headerEvidence } from './sniff-header.ts';
import { namedDelimiter, refuseUnsplit, withHeaderWidth } from './sniff-shape.ts';
import { hasComments, titleLines } from './sniff-start.ts';

/** Something that a file does not say itself. */
export interface CsvGuess {
  /** The option of `csv()` that says otherwise. */
  readonly option: keyof CsvFormat;
  /** What was assumed, as a sentence. */
  readonly message: string;
  /** Whether it could as well be otherwise, so that a person should be asked. */
  readonly unsure: boolean;
}

export interface SniffOptions {
  /** The file's name, for errors. */
  readonly file: string;
  /** What a person has said; the rest is found in the file. @default nothing */
  readonly given?: Partial<CsvFormat>;
}

/** A CSV file and how it is written. */
export interface SniffedCsv {
  readonly file: string;
  readonly format: CsvFormat;
  readonly guesses: readonly CsvGuess[];
  /** The header's names, each once (see `headerNames`); column 1, column 2 … without one. */
  readonly names: readonly string[];
  /**
   * The records after the header, from the first each time, without those that have only empty fields. A record that cannot
   * be read, or has another number of fields than the header, has a `fault`.
   */
  readonly records: () => Iterable<CsvRecord>;
}

/**
 * Finds out how a CSV file is written, from its first records.
 * @example sniffCsv(bytes, { file: 'sales.csv', given: { header: false } }).format.delimiter
 * @throws PlatformError DATA_INVALID for a file without records, or one that is not in the encoding that was given
 */
export function sniffCsv(bytes: Uint8Array, { file, given = {} }: SniffOptions): SniffedCsv {
  refuseOtherContent(bytes, file);
  const guesses: CsvGuess[] = [];
  const guess = (option: keyof CsvFormat, message: string, unsure = false): void =>
    void guesses.push({ option, message, unsure });
  const encoding = given.encoding ?? findEncoding(bytes, file);
  if (given.encoding === undefined && encoding !== 'utf-8' && statedEncoding(bytes) === undefined)
    guess('encoding', `The file is not UTF-8, so it is read as ${encoding}.`);
  const text = firstLines(bytes, encoding, file);
  const named = delimiters.find((each) => each === namedDelimiter(text));
  const {
    delimiter,
    quote,
    sample: raw,
  } = guessDelimiter(text, {
    ...(named && { delimiter: named }),
    ...given,
  });
  if (given.delimiter === undefined) refuseUnsplit(raw, file);
  const comment = given.comment ?? (hasComments(raw) ? '#' : undefined);
  if (comment !== undefined && given.comment === undefined)
    guess('comment', `Lines that begin with ${comment} are comments.`);
  const split = { delimiter, quote, comment };
  const skip = given.skip ?? (named === undefined ? titleLines(sampleOf(text, { ...split, skip: 0 })) : 1);
  if (skip > 0 && given.skip === undefined)
    guess('skip', skip === 1 ? 'The first line is a title.' : `The first ${skip} lines are titles.`);
  const found = sampleOf(text, { ...split, skip });
  const sample = given.header === false ? found : withHeaderWidth(found, file);
  const columns = cellsByColumn(sample);
  const decimal = given.decimal ?? guessedDecimal(columns, guess);
  const header = given.header ?? guessedHeader(columns, { decimal, sample, guess });
  const format: CsvFormat = { delimiter, quote, encoding, decimal, header, skip, comment };
  const names = namesOf(sample, { file, header, guess });
  return { file, format, guesses, names, records: () => recordsOf(bytes, { file, format, names }) };
}

type Guess = (option: keyof CsvFormat, message: string, unsure?: boolean) => void;

function guessedDecimal(columns: readonly (readonly string[])[], guess: Guess): CsvFormat['decimal'] {
  const { decimal, ambiguous } = decimalEvidence(columns.flat());
  if (decimal === ',') guess('decimal', 'Numbers have a decimal comma.');
  else if (ambiguous !== undefined)
    guess('decimal', `${ambiguous} is read as a number with a thousands mark, not with a decimal comma.`);
  return decimal ?? '.';
}

function guessedHeader(
  columns: readonly (readonly string[])[],
  { decimal, sample, guess }: Pick<CsvFormat, 'decimal'> & { readonly sample: Sample; readonly guess: Guess },
): boolean {
  const [first] = sample.records;
  if (first && first.fields.length !== sample.width && areNames(first.fields, decimal)) return true;
  const evidence = headerEvidence(columns, decimal);
  const start = first?.fields.slice(0, 4).join(', ') ?? '';
  if (evidence === 'data')
    guess('header', `The first line holds data, so the file has no header: ${start}.`, true);
  if (evidence === 'unclear')
    guess('header', `The first line is read as the header, but may hold data: ${start}.`, true);
  return evidence !== 'data';
}

function namesOf(
  { records: [first] }: Sample,
  { file, header, guess }: { readonly file: string; readonly header: boolean; readonly guess: Guess },
): readonly string[] {
  if (!first)
    throw invalidCsv(
      file,
      'empty',
      'Put the names of the columns into its first line, and a line for each example below it.',
    );
  if (!header) return positionNames(first.fields.length);
  const { names, renamed } = headerNames(first.fields);
  if (renamed.length > 0) guess('header', `In the header, ${formatNames(renamed)}.`);
  return names;
}

interface Sniffed {
  readonly file: string;
  readonly format: CsvFormat;
  readonly names: readonly string[];
}

function* recordsOf(bytes: Uint8Array, { file, format, names }: Sniffed): Generator<CsvRecord> {
  let header: readonly string[] | undefined;
  for (const record of csvRecords(decodedPieces(piecesOfBytes(bytes), format.encoding, file), {
    file,
    ...format,
  })) {
    if (record.fault === undefined && record.fields.every((field) => field === '')) continue;
    if (format.header && !header) {
      header = record.fields;
      continue;
    }
    const fields = withoutEmptyEnd(record.fields, names.length);
    const fault =
      record.fault ??
      raggedFault(fields.length, names.length) ??
      (header && repeatsHeader(record.fields, header) ? repeatedHeader : undefined);
    yield { ...record, fields, ...(fault !== undefined && { fault }) };
  }
}
