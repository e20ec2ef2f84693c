/** A number with its original digits: messages show `9.0` and not `9`, and int64 is larger than a double. */
export interface NumberLexeme {
  readonly lexeme: string;
}

/** Parsed JSON with numbers as written. Objects are maps, so that no key is special. */
export type Lexed = string | boolean | null | NumberLexeme | readonly Lexed[] | ReadonlyMap<string, Lexed>;

export function isLexeme(value: unknown): value is NumberLexeme {
  return typeof value === 'object' && value !== null && 'lexeme' in value;
}

const text = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`;
const number = String.raw`-?(?:\d[\d.eE+-]*|Infinity)|NaN`;
const token = new RegExp(String.raw`\s*(?:([{}[\],:])|(${text})|(${number})|(true|false|null))`, 'y');
const deepest = 200;

/**
 * Parses JSON, and NaN and Infinity as Python writes them.
 * @throws SyntaxError for invalid JSON and for nesting deeper than 200
 */
export function readLexemes(text: string): Lexed {
  const reader = tokenReader(text);
  const value = readValue(reader, reader.next(), 0);
  reader.end();
  return value;
}

interface TokenReader {
  /** A punctuator is itself, a text begins with `"`, anything else is a number or a word. */
  readonly next: () => string;
  readonly end: () => void;
}

function tokenReader(text: string): TokenReader {
  let index = 0;
  return {
    next() {
      token.lastIndex = index;
      const found = token.exec(text);
      if (!found) throw new SyntaxError(`not JSON at ${index}`);
      index = token.lastIndex;
      return found[1] ?? found[2] ?? found[3] ?? found[4] ?? '';
    },
    end() {
      if (text.slice(index).trim() !== '') throw new SyntaxError(`more than one value at ${index}`);
    },
  };
}

function readValue(reader: TokenReader, first: string, depth: number): Lexed {
  if (depth > deepest) throw new SyntaxError('nested too deep');
  if (first === '{') return readObject(reader, depth);
  if (first === '[') return readArray(reader, depth);
  if (first.startsWith('"')) return JSON.parse(first) as string;
  if (first === 'null') return null;
  if (first === 'true' || first === 'false') return first === 'true';
  if (Number.isNaN(Number(first)) && first !== 'NaN') throw new SyntaxError(`not a value: ${first}`);
  return { lexeme: first };
}

function readArray(reader: TokenReader, depth: number): readonly Lexed[] {
  const items: Lexed[] = [];
  let next = reader.next();
  while (next !== ']') {
    items.push(readValue(reader, next, depth + 1));
    next = afterMember(reader, ']');
  }
  return items;
}

function readObject(reader: TokenReader, depth: number): ReadonlyMap<string, Lexed> {
  const members = new Map<string, Lexed>();
  let next = reader.next();
  while (next !== '}') {
    if (!next.startsWith('"') || reader.next() !== ':')
      throw new SyntaxError('an object has names and values');
    members.set(JSON.parse(next) as string, readValue(reader, reader.next(), depth + 1));
    next = afterMember(reader, '}');
  }
  return members;
}

/** The first token of the next member, or the end token. */
function afterMember(reader: TokenReader, end: ']' | '}'): string {
  const mark = reader.next();
  if (mark === end) return end;
  const next = mark === ',' ? reader.next() : end;
  if (next === end) throw new SyntaxError(`expected another member before ${end}`);
  return next;
}
