import { PlatformError } from '../../kernel/errors.ts';
import { formatCount } from '../../kernel/units.ts';
import type { RecordFormat } from './records.ts';

/** Most characters of a record, with delimiters. Otherwise an unclosed quote would put the rest of a file into one field. */
const longestRecord = 1 << 24;
const mostFields = 1 << 16;

const [tab, lineFeed, carriageReturn, space, backslash] = [9, 10, 13, 32, 92];
/** At the start of a field where marked files were joined. */
const byteOrderMark = 0xfeff;
const noCode = -1;

const longestShown = 200;
const quoteRemedy = 'Put a field with quotes in quotes, and double each quote in it.';
const escapeRemedy = "Quotes in it have a backslash: set `quote: '\\\\\"'`.";

/**
 * Finds the records of CSV text one after another, and the fields of each as ranges of the text, so that a number can be
 * read without a string of its own.
 */
export class RecordScanner {
  /** The line, from 1, on which the record begins. */
  line = 1;
  /** Fields of the record. */
  count = 0;
  /** Why the record cannot be read. */
  fault: { readonly value: string; readonly reason: string } | undefined;
  /** The text that `starts` and `ends` are indexes of. */
  text = '';
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** Fields that differ from their range of the text, by index: quotes were doubled in them. */
  readonly #rewritten = new Map<number, string>();
  readonly #file: string;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #quoteText: string;
  /** Whether a backslash stands before a quote in quotes. */
  readonly #isEscaped: boolean;
  readonly #comment: string | undefined;
  #skip: number;
  #isEnded = false;
  /** Text that is not yet part of `text`. */
  #pending: string[] = [];
  #pendingLength = 0;
  /** The index to read on from, and its line. */
  #at = 0;
  #nextLine = 1;
  /** Line ends within the record. */
  #inner = 0;

  constructor({ file, delimiter, quote = '"', skip = 0, comment }: RecordFormat) {
    this.#file = file;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#isEscaped = quote === '\\"';
    this.#quoteText = this.#isEscaped ? '"' : quote;
    this.#quote = quote === 'none' ? noCode : this.#quoteText.charCodeAt(0);
    this.#comment = comment;
    this.#skip = skip;
  }

  /** Adds text. Call `next` until it is false before. */
  add(piece: string): void {
    this.#pending.push(piece);
    this.#pendingLength += piece.length;
    const rest = this.text.length - this.#at;
    // A record that needs many pieces is read again with each: doubling the text keeps that linear.
    if (this.#pendingLength >= rest || rest + this.#pendingLength > longestRecord) this.#join();
  }

  #join(): void {
    this.text = this.text.slice(this.#at) + this.#pending.join('');
    this.#at = 0;
    this.#pending = [];
    this.#pendingLength = 0;
  }

  /** Says that no text follows, so that the last record needs no line end. */
  end(): void {
    this.#join();
    this.#isEnded = true;
  }

  /** Characters that are not part of a record yet. */
  get unread(): number {
    return this.text.length - this.#at;
  }

  /** The text of a field. */
  field(index: number): string {
    return this.#rewritten.get(index) ?? this.text.slice(this.starts[index], this.ends[index]);
  }

  /** Whether a field has a text; quicker than to compare it with `field`. */
  equals(index: number, text: string): boolean {
    if (this.isRewritten(index)) return this.field(index) === text;
    const start = this.starts[index] ?? 0;
    return (this.ends[index] ?? 0) - start === text.length && this.text.startsWith(text, start);
  }

  /** Whether a field is not its range of the text. */
  isRewritten(index: number): boolean {
    return this.#rewritten.size > 0 && this.#rewritten.has(index);
  }

  fields(): string[] {
    return Array.from({ length: this.count }, (_, index) => this.field(index));
  }

  /** Whether every field is empty. */
  isBlank(): boolean {
    for (let index = 0; index < this.count; index++)
      if (this.starts[index] !== this.ends[index]) return false;
    return this.fault === undefined;
  }

  /** Moves to the next record. @returns false if the text has no complete one */
  next(): boolean {
    for (;;) {
      if (!this.#skipLines()) return false;
      const begin = this.#at;
      const end = this.#scan(begin);
      if (end < 0) return false;
      if (end - begin > longestRecord) throw this.#tooLong(false);
      if (this.count > 0) return true;
    }
  }

  /** Skips title lines and comments. @returns false at the end of the text */
  #skipLines(): boolean {
    for (;;) {
      if (this.#at >= this.text.length) return false;
      const isComment = this.#comment !== undefined && this.text.startsWith(this.#comment, this.#at);
      if (this.#skip === 0 && !isComment) return true;
      const end = this.#lineEnd(this.#at);
      if (end < 0) return false;
      if (this.#skip > 0) this.#skip--;
      this.#at = end;
      this.#nextLine++;
    }
  }

  /** The index after the line; -1 if more text is needed. */
  #lineEnd(from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === lineFeed) return at + 1;
      if (code === carriageReturn) return this.#afterReturn(at);
    }
    return this.#isEnded ? text.length : this.#incomplete(from, false);
  }

  /** The index after a CR and the LF that may follow it; -1 if more text is needed. */
  #afterReturn(at: number): number {
    if (at + 1 >= this.text.length && !this.#isEnded) return -1;
    return this.text.charCodeAt(at + 1) === lineFeed ? at + 2 : at + 1;
  }

  /** Reads one record; an empty line has no fields. @returns the index after it; -1 if more text is needed */
  #scan(begin: number): number {
    const { text } = this;
    const [delimiter, quote] = [this.#delimiter, this.#quote];
    this.line = this.#nextLine;
    this.#inner = 0;
    this.count = 0;
    this.fault = undefined;
    if (this.#rewritten.size > 0) this.#rewritten.clear();
    let isQuoted = false;
    for (let at = begin; ; at++) {
      let code = text.charCodeAt(at);
      while (code === space || code === byteOrderMark || (code === tab && delimiter !== tab))
        code = text.charCodeAt(++at);
      let start = at;
      let end = at;
      if (code === quote) {
        isQuoted = true;
        start = at + 1;
        end = this.#closingQuote(begin, start);
        if (end < 0) return this.#isEnded ? this.#refuseOpenQuote(begin, start) : -1;
        at = this.#afterQuote(start, end);
      } else {
        at = delimiter === space ? this.#wordEnd(at) : this.#fieldEnd(at);
        end = at;
        while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
      }
      if (delimiter === space) at = this.#blanksEnd(at);
      if (at >= text.length && !this.#isEnded) return this.#incomplete(begin, false);
      this.starts[this.count] = start;
      this.ends[this.count++] = end;
      if (this.count > mostFields) throw this.#tooLong(false);
      code = text.charCodeAt(at);
      if (delimiter === space && at < text.length && code !== lineFeed && code !== carriageReturn) {
        at--;
        continue;
      }
      if (code === delimiter) continue;
      const after = code === carriageReturn ? this.#afterReturn(at) : Math.min(at + 1, text.length);
      if (after < 0) return -1;
      if (this.count === 1 && start === end && !isQuoted) this.count = 0;
      return this.#finish(begin, after);
    }
  }

  /** Sets where the next record begins: after a faulty one of several lines, in its second, so that it takes no others along. */
  #finish(begin: number, after: number): number {
    const isSplit = this.fault !== undefined && this.#inner > 0;
    this.#at = isSplit ? this.#lineEnd(begin) : after;
    this.#nextLine = this.line + 1 + (isSplit ? 0 : this.#inner);
    return after;
  }

  #fieldEnd(from: number): number {
    const { text } = this;
    const [delimiter, { length }] = [this.#delimiter, text];
    let at = from;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === lineFeed || code === carriageReturn) break;
    }
    return at;
  }

  /** As `#fieldEnd`, with blanks and tabs between fields. */
  #wordEnd(from: number): number {
    let at = from;
    while (at < this.text.length && !isBlankOrEnd(this.text.charCodeAt(at))) at++;
    return at;
  }

  #blanksEnd(from: number): number {
    let at = from;
    while (isBlank(this.text.charCodeAt(at))) at++;
    return at;
  }

  /** The index of the quote that closes a field; two quotes in a row are one. -1 if more text is needed */
  #closingQuote(begin: number, start: number): number {
    const { text } = this;
    let isRewritten = false;
    let at = text.indexOf(this.#quoteText, start);
    while (at >= 0 && (this.#isBackslashed(start, at) || this.#isDoubled(at))) {
      isRewritten = true;
      at = text.indexOf(this.#quoteText, this.#isEscaped ? at + 1 : at + 2);
    }
    // A quote at the end of the text so far may be the first of two.
    if (at < 0 || (at + 1 >= text.length && !this.#isEnded)) return this.#incomplete(begin, true);
    if (isRewritten || (this.#isEscaped && text.slice(start, at).includes('\\')))
      this.#rewritten.set(this.count, this.#unescaped(text.slice(start, at)));
    this.#inner += linesIn(text, start, at);
    return at;
  }

  #isDoubled(at: number): boolean {
    return !this.#isEscaped && this.text.charCodeAt(at + 1) === this.#quote;
  }

  /** Whether an odd number of backslashes stands before a quote. */
  #isBackslashed(start: number, quote: number): boolean {
    let at = quote;
    while (at > start && this.text.charCodeAt(at - 1) === backslash) at--;
    return this.#isEscaped && (quote - at) % 2 === 1;
  }

  #unescaped(text: string): string {
    if (this.#isEscaped) return text.replaceAll(/\\(["\\])/g, '$1');
    return text.replaceAll(this.#quoteText + this.#quoteText, this.#quoteText);
  }

  /** Takes the line alone as a faulty record, so that the others are read. @returns the index after it */
  #refuseOpenQuote(begin: number, start: number): number {
    const line = this.text.slice(start, this.#fieldEnd(start));
    this.count = 1;
    this.starts[0] = start;
    this.ends[0] = start + line.length;
    this.fault = { value: line.slice(0, longestShown), reason: `Close its quotes. ${quoteRemedy}` };
    this.#inner = 1;
    return this.#finish(begin, this.#lineEnd(begin));
  }

  /** Skips blanks after a closing quote; other text there is a fault. @returns the index of the field's end */
  #afterQuote(start: number, quote: number): number {
    const end = this.#delimiter === space ? this.#wordEnd(quote + 1) : this.#fieldEnd(quote + 1);
    const rest = end === quote + 1 ? '' : this.text.slice(quote + 1, end).trim();
    if (rest !== '')
      this.fault = {
        value: this.text.slice(start, quote).slice(-longestShown) + rest,
        reason: this.text.charCodeAt(quote - 1) === backslash ? escapeRemedy : quoteRemedy,
      };
    return end;
  }

  #incomplete(begin: number, isQuoted: boolean): -1 {
    if (this.text.length - begin > longestRecord) throw this.#tooLong(isQuoted);
    return -1;
  }

  #tooLong(isQuoted: boolean): PlatformError {
    const remedy = isQuoted ? 'Close its quotes' : 'End it with a line end, or check the delimiter';
    return new PlatformError('DATA_INVALID', {
      field: `${this.#file}, line ${this.line}`,
      value:
        this.count > mostFields
          ? `more than ${formatCount(mostFields)} fields`
          : `more than ${formatCount(longestRecord)} characters`,
      remedy: `The record that begins here is too long. ${remedy}.`,
    });
  }
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

function isBlankOrEnd(code: number): boolean {
  return isBlank(code) || code === lineFeed || code === carriageReturn;
}

function linesIn(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)) lines++;
  }
  return lines;
}
