import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PlatformError } from '../../kernel/errors.ts';
import { EncodingEvidence } from '../../sources/csv/encoding-evidence.ts';
import { decodedPieces, hasByteOrderMark } from '../../sources/csv/encoding.ts';
import type { CsvFormat } from '../../sources/csv/format.ts';
import { type CsvRecord, csvRecords } from '../../sources/csv/records.ts';
import { sniffCsv } from '../../sources/csv/sniff.ts';
import { piecesOf } from './local-file.ts';
import type { SourceLayout } from './source-options.ts';

/** How the file of a batch is laid out. */
export interface FileLayout {
  readonly format: CsvFormat;
  /** Whether it begins with a byte order mark. */
  readonly mark: boolean;
  /** The names of the columns, each once. */
  readonly names: readonly string[];
  /** The header as it is written. */
  readonly written: readonly string[];
  /** The first records after the header. */
  readonly sample: readonly CsvRecord[];
}

/** Bytes from the start of a file that show how it is laid out. */
const sniffed = 4_000_000;
const sampleRecords = 1000;
const sampleCharacters = 4_000_000;

/**
 * @param name the caller's name of the file, for errors
 * @param as a layout to read it in @default as its first lines show, with a header
 * @throws PlatformError INPUT_INVALID for a file without a header, or that is not text
 */
export async function sniffFile(path: string, name: string, as?: SourceLayout): Promise<FileLayout> {
  const start = await startOf(path);
  const given = { header: true, ...as?.format };
  const found = asInput(() => sniffCsv(start, { file: name, given }));
  const isFound = as?.format.encoding === undefined && found.format.encoding === 'utf-8';
  const format: CsvFormat = isFound
    ? { ...found.format, encoding: await encodingOf(path, name) }
    : found.format;
  const records = recordsWithHeader(path, { name, format });
  const names = format.header ? found.names : namesByOrder(found.names, as?.columns ?? []);
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
  return { format, mark: hasByteOrderMark(start), names, written, sample };
}

/** The columns have the names of the source, if there are as many. */
function namesByOrder(found: readonly string[], columns: readonly string[]): readonly string[] {
  return found.length === columns.length ? columns : found;
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

/** The encoding of a file whose start is UTF-8. @throws PlatformError INPUT_INVALID for a file that is so in part */
async function encodingOf(path: string, name: string): Promise<string> {
  const evidence = new EncodingEvidence();
  for (const piece of piecesOf(path)) {
    evidence.add(piece);
    await nextTurn();
  }
  return asInput(() => evidence.encoding(name));
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
