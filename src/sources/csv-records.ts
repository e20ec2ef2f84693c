import { PlatformError } from '../kernel/errors.ts';
import { formatCount } from '../kernel/units.ts';

/** A record of a CSV file, without its quotes. */
export interface CsvRecord {
  /** The line, from 1, on which the record begins. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvFormat {
  /** The file's name, for errors. */
  readonly file: string;
  /** One character. */
  readonly delimiter: string;
}

/** Most characters of a record, with delimiters. Otherwise an unclosed quote would put the rest of a file into one field. */
const longestRecord = 1 << 24;
const mostFields = 1 << 16;

/**
 * Splits CSV text (RFC 4180, with LF, CRLF or CR between records) into records. Skips empty lines.
 * @param text in chunks, cut anywhere
 * @throws PlatformError DATA_INVALID naming the file and the line, for quotes that do not close or are inside a field,
 *   and for a record of more than 16,777,216 characters or 65,536 fields
 */
export function* csvRecords(text: Iterable<string>, format: CsvFormat): Generator<CsvRecord> {
  const splitter = new Splitter(format);
  for (const piece of text) yield* splitter.read(piece);
  yield* splitter.end();
}

class Splitter {
  readonly #format: CsvFormat;
  readonly #special: RegExp;
  #state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  #field = '';
  #fields: string[] = [];
  #line = 1;
  #begun = 1;
  /** Characters of the record so far. */
  #length = 0;
  /** The last character was CR, so an LF after it ends no record. */
  #afterReturn = false;

  constructor(format: CsvFormat) {
    this.#format = format;
    this.#special = new RegExp(
      `[\\n\\r"\\u${format.delimiter.charCodeAt(0).toString(16).padStart(4, '0')}]`,
      'g',
    );
  }

  *read(piece: string): Generator<CsvRecord> {
    for (let at = 0; at < piece.length;) {
      if (this.#state === 'quoted') {
        at = this.#readQuoted(piece, at);
        continue;
      }
      const end = this.#readPlain(piece, at);
      const record = end < piece.length ? this.#meet(piece.charAt(end)) : undefined;
      if (record) yield record;
      at = end + 1;
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#state === 'quoted') throw this.#fault('the end of the file inside quotes');
    const record = this.#endRecord();
    if (record) yield record;
  }

  /** Reads the text up to the closing quote; two quotes in a row are one. @returns the next index to read */
  #readQuoted(piece: string, at: number): number {
    let quote = piece.indexOf('"', at);
    while (quote >= 0 && piece[quote + 1] === '"') quote = piece.indexOf('"', quote + 2);
    const end = quote < 0 ? piece.length : quote;
    for (let line = piece.indexOf('\n', at); line >= 0 && line < end; line = piece.indexOf('\n', line + 1))
      this.#line++;
    this.#grow(end - at);
    this.#field += piece.slice(at, end).replaceAll('""', '"');
    if (quote >= 0) this.#state = 'closed';
    return end + 1;
  }

  /** Reads up to the next special character. @returns its index */
  #readPlain(piece: string, at: number): number {
    this.#special.lastIndex = at;
    const end = this.#special.exec(piece)?.index ?? piece.length;
    if (end === at) return end;
    if (this.#state === 'closed') throw this.#fault(this.#field.slice(-20) + piece.slice(at, end));
    this.#grow(end - at);
    this.#field += piece.slice(at, end);
    this.#state = 'plain';
    this.#afterReturn = false;
    return end;
  }

  #meet(special: string): CsvRecord | undefined {
    const secondOfTwo = special === '\n' && this.#afterReturn;
    this.#afterReturn = special === '\r';
    if (secondOfTwo) return undefined;
    if (special === '"') return this.#openQuotes();
    if (special === this.#format.delimiter) return this.#endField();
    const record = this.#endRecord();
    this.#begun = ++this.#line;
    return record;
  }

  #openQuotes(): undefined {
    if (this.#state === 'plain') throw this.#fault(this.#field.slice(-20));
    if (this.#state === 'closed') this.#field += '"';
    this.#state = 'quoted';
  }

  #endField(): undefined {
    this.#grow(1);
    this.#fields.push(this.#field);
    this.#field = '';
    this.#state = 'start';
  }

  #endRecord(): CsvRecord | undefined {
    if (this.#fields.length === 0 && this.#state === 'start') return undefined;
    this.#endField();
    const fields = this.#fields;
    this.#fields = [];
    this.#length = 0;
    return { line: this.#begun, fields };
  }

  #grow(characters: number): void {
    this.#length += characters;
    if (this.#length <= longestRecord && this.#fields.length <= mostFields) return;
    const remedy =
      this.#state === 'quoted' ? 'Close its quotes' : 'End it with a line end, or check the delimiter';
    throw new PlatformError('DATA_INVALID', {
      field: `${this.#format.file}, line ${this.#begun}`,
      value:
        this.#fields.length > mostFields
          ? `more than ${formatCount(mostFields)} fields`
          : `more than ${formatCount(longestRecord)} characters`,
      remedy: `The record that begins here is too long. ${remedy}.`,
    });
  }

  #fault(value: string): PlatformError {
    return new PlatformError('DATA_INVALID', {
      field: `${this.#format.file}, line ${this.#line}`,
      value,
      remedy: 'Put a field with quotes in quotes, and double each quote in it.',
    });
  }
}
