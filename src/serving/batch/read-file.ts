import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PlatformError } from '../../kernel/errors.ts';
import { EncodingEvidence } from '../../sources/csv/encoding-evidence.ts';
import { decodedPieces, findEncoding, hasByteOrderMark, statedEncoding } from '../../sources/csv/encoding.ts';
import type { CsvFormat } from '../../sources/csv/format.ts';
import { headerNames } from '../../sources/csv/header-names.ts';
import { type CsvRecord, csvRecords } from '../../sources/csv/records.ts';
import { refuseOtherContent } from '../../sources/csv/refuse-content.ts';
import { sniffCsv } from '../../sources/csv/sniff.ts';
import type { AskedFormat } from './asked-reading.ts';
import { piecesOf } from './local-file.ts';
import type { StatedSource } from './stated-source.ts';

/** How the file of a batch is laid out. */
export interface FileLayout {
  readonly format: CsvFormat;
  /** Whether it begins with a byte order mark. */
  readonly mark: boolean;
  /** The names of the columns, each once. */
  readonly names: readonly string[];
  /** The header as it is written. */
  readonly written: readonly string[];
  /** Columns that were given another name: 'column 3 "x" is named "x 2"'. */
  readonly renamed: readonly string[];
  /** What the lines are that were found before the header. */
  readonly leading?: 'titles' | 'comments' | 'both' | undefined;
  /** Options that are as the source states them, and not as the file shows. */
  readonly stated: readonly (keyof CsvFormat)[];
  /** The first records after the header. */
  readonly sample: readonly CsvRecord[];
}

/** Bytes from the start of a file that show how it is laid out. */
const sniffed = 4_000_000;
const sampleRecords = 1000;
const sampleCharacters = 4_000_000;

interface SniffFile {
  /** The caller's name of the file, for errors. */
  readonly name: string;
  /** What the caller says of it. @default nothing */
  readonly asked?: AskedFormat;
  /** The source that the model's rows come from: its encoding is that of a file that is not UTF-8. */
  readonly source?: Pick<StatedSource, 'options' | 'columns'> | undefined;
  /** Whether to read it in the layout of the source. @default as its first lines show, with a header */
  readonly asSource?: boolean;
  /** Columns that a file without a header may have, besides those of the source: the first list of as many is taken. */
  readonly orders?: readonly (readonly string[])[];
}

/** @throws PlatformError INPUT_INVALID for a file without a header, or that is not text */
export async function sniffFile(
  path: string,
  { name, asked: given = {}, source, asSource = false, orders = [] }: SniffFile,
): Promise<FileLayout> {
  const asked = withoutUndefined(given);
  const start = await startOf(path);
  asInput(() => refuseOtherContent(start, name));
  const encoding =
    asked.encoding ?? (await encodingOf(path, { name, start, stated: source?.options.encoding }));
  const layout = asSource ? layoutOf(source) : {};
  const found = asInput(() =>
    sniffCsv(start, { file: name, given: { header: true, ...layout, ...asked, encoding } }),
  );
  const guessed = new Set(found.guesses.map(({ option }) => option));
  const format = guessed.has('comment')
    ? withoutComments(path, { name, format: found.format })
    : found.format;
  const records = recordsWithHeader(path, { name, format });
  const names = format.header
    ? found.names
    : namesByOrder(found.names, [...(source ? [source.columns] : []), ...orders]);
  const header = format.header ? records.next() : undefined;
  const written = header === undefined ? names : header.done === true ? [] : header.value.fields;
  const sample: CsvRecord[] = [];
  for (let characters = 0; sample.length < sampleRecords && characters < sampleCharacters;) {
    const next = records.next();
    if (next.done === true) break;
    sample.push(next.value);
    for (const field of next.value.fields) characters += field.length;
  }
  records.return(undefined);
  const isStated = encoding === source?.options.encoding && encoding !== 'utf-8';
  const stated = [
    ...(Object.keys(layout) as (keyof CsvFormat)[]),
    ...(isStated ? (['encoding'] as const) : []),
  ];
  return {
    format,
    mark: hasByteOrderMark(start),
    names,
    written,
    renamed: format.header ? headerNames(written).renamed : [],
    leading: guessed.has('comment') ? (guessed.has('skip') ? 'both' : 'comments') : 'titles',
    stated: stated.filter((option) => !(option in asked)),
    sample,
  };
}

/** The layout that a source states. */
function layoutOf(source: SniffFile['source']): Partial<CsvFormat> {
  const { delimiter, quote, skip, comment, header } = source?.options ?? {};
  return withoutUndefined({ delimiter, quote, skip, comment, header });
}

function withoutUndefined(format: AskedFormat): Partial<CsvFormat> {
  return Object.fromEntries(Object.entries(format).filter(([, value]) => value !== undefined));
}

/** Comments that were found are those before the header: after it, a line that begins so is a row, whose id may be #1. */
function withoutComments(
  path: string,
  { name, format }: Reading & { readonly format: CsvFormat },
): CsvFormat {
  const records = recordsWithHeader(path, { name, format });
  const { value } = records.next();
  records.return(undefined);
  const { comment: _found, ...others } = format;
  return { ...others, skip: value ? value.line - 1 : format.skip };
}

function namesByOrder(found: readonly string[], orders: readonly (readonly string[])[]): readonly string[] {
  return orders.find(({ length }) => length === found.length) ?? found;
}

/** The start of a file, up to the end of a line if there is more. */
async function startOf(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const bytes = Buffer.alloc(sniffed);
  let length = 0;
  for (let read = 1; read > 0 && length < sniffed; length += read)
    read = (await file.read(bytes, length, sniffed - length, length)).bytesRead;
  const end = length < sniffed ? length : bytes.lastIndexOf(0x0a) + 1;
  return bytes.subarray(0, end || length);
}

/**
 * The encoding of a file: what it shows, unless it is not UTF-8 and the source states another.
 * @throws PlatformError INPUT_INVALID for a file that is UTF-8 in part
 */
async function encodingOf(
  path: string,
  {
    name,
    start,
    stated,
  }: { readonly name: string; readonly start: Uint8Array; readonly stated: string | undefined },
): Promise<string> {
  const ofStart = statedEncoding(start);
  if (ofStart !== undefined && ofStart !== 'utf-8') return ofStart;
  const other = stated !== undefined && new TextDecoder(stated).encoding !== 'utf-8' ? stated : undefined;
  if (ofStart === undefined) return other ?? asInput(() => findEncoding(start, name));
  const evidence = new EncodingEvidence();
  for (const piece of piecesOf(path)) {
    evidence.add(piece);
    await nextTurn();
  }
  if (other === undefined) return asInput(() => evidence.encoding(name));
  return evidence.isUtf8() ? 'utf-8' : other;
}

interface Reading {
  readonly name: string;
  readonly format: Pick<CsvFormat, 'delimiter' | 'quote' | 'encoding' | 'skip' | 'comment' | 'header'>;
}

/** The records after the header, from the first each time. @throws PlatformError INPUT_INVALID for quotes that do not close */
export function* recordsIn(path: string, reading: Reading): Generator<CsvRecord> {
  const records = recordsWithHeader(path, reading);
  if (reading.format.header) records.next();
  yield* records;
}

/** From the header, which is the first record with a field that is not empty. */
function* recordsWithHeader(path: string, { name, format }: Reading): Generator<CsvRecord> {
  const records = csvRecords(decodedPieces(piecesOf(path), format.encoding, name), { file: name, ...format });
  let isHeader = true;
  try {
    for (;;) {
      const next = asInput(() => records.next());
      if (next.done === true) return;
      if (isHeader && next.value.fields.every((field) => field === '')) continue;
      isHeader = false;
      yield next.value;
    }
  } finally {
    // A caller that stops early closes the file too.
    records.return(undefined);
  }
}

/** What the reader finds wrong with data is wrong input here. */
function asInput<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'DATA_INVALID') throw error;
    throw new PlatformError('INPUT_INVALID', error.detail, { cause: error });
  }
}
