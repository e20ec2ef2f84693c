/** What a JSON text contains so far; a text that is not JSON gives some numbers. */
export interface JsonSize {
  /** Values that have begun. */
  readonly values: number;
  /** The deepest nesting of lists and objects. */
  readonly depth: number;
}

/** Counts the values of a JSON text that arrives in chunks, without parsing it. */
export interface JsonValueCounter {
  add(piece: Uint8Array): JsonSize;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const bracket = 0x5b;
const brace = 0x7b;
const closingBracket = 0x5d;
const closingBrace = 0x7d;

/**
 * Each comma, `[` and `{` outside of strings begins at most one value, so the count is an upper bound of the parser's values.
 * Strings are skipped by a search for their end, so long ones are cheap.
 */
export function countJsonValues(): JsonValueCounter {
  let values = 1;
  let open = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  return {
    add(piece) {
      let at = 0;
      while (at < piece.length) {
        if (inString) {
          const end = endOfString(piece, at, escaped);
          escaped = end.escaped;
          inString = !end.found;
          at = end.next;
          continue;
        }
        const byte = piece[at++];
        if (byte === quote) {
          inString = true;
          escaped = false;
        } else if (byte === comma) values += 1;
        else if (byte === bracket || byte === brace) {
          values += 1;
          open += 1;
          depth = Math.max(depth, open);
        } else if (byte === closingBracket || byte === closingBrace) open = Math.max(0, open - 1);
      }
      return { values, depth };
    },
  };
}

interface StringEnd {
  readonly found: boolean;
  readonly next: number;
  /** Whether the piece ends within an escape. */
  readonly escaped: boolean;
}

function endOfString(piece: Uint8Array, from: number, escaped: boolean): StringEnd {
  let start = escaped ? from + 1 : from;
  for (;;) {
    const end = piece.indexOf(quote, start);
    const stop = end < 0 ? piece.length : end;
    let slashes = 0;
    while (stop - slashes > start && piece[stop - slashes - 1] === backslash) slashes += 1;
    const isEscape = slashes % 2 === 1;
    if (end < 0)
      return { found: false, next: piece.length, escaped: start <= piece.length ? isEscape : true };
    if (!isEscape) return { found: true, next: end + 1, escaped: false };
    start = end + 1;
  }
}
