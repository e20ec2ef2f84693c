/** A piece of a filter, with its text as it was written. */
export interface SearchToken {
  readonly kind: 'identifier' | 'text' | 'number' | 'comparator' | 'word' | 'mark' | 'other';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Tokens, and the index of the closing parenthesis by the index of the opening one. */
export interface SearchTokens {
  readonly list: readonly SearchToken[];
  readonly closing: ReadonlyMap<number, number>;
}

const segment = '(?:`[^`]*`|"(?:""|[^"])*"|[\\p{L}_][\\p{L}\\p{N}_$]*)';
const laterSegment = '(?:`[^`]*`|"(?:""|[^"])*"|[\\p{L}\\p{N}_$]+)';
const patterns = [
  // What begins amid digits has been tried from their first: else a long row of them is read once for each.
  ['number', String.raw`(?:(?:-|(?<!\d))\d+(?:\.\d*)?|-?\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])`],
  ['text', String.raw`'(?:''|\\'|[^'])*'`],
  ['word', String.raw`(?:AND|OR|IN|NOT|IS|NULL)\b`],
  ['comparator', String.raw`(?:LIKE|ILIKE|RLIKE|REGEXP)\b|[<>=!~]+`],
  ['identifier', `${segment}(?:\\.${laterSegment})*`],
  ['mark', '[(),;]'],
  ['other', String.raw`\S`],
] as const;

const scanner = new RegExp(patterns.map(([, source]) => `(${source})`).join('|'), 'giu');

/**
 * The tokens of a filter or of an ordering. Whatever is no token of the grammar is `other`, one character each.
 * @param most a text of more tokens is read no further than one beyond this
 */
export function tokensOf(text: string, most: number): SearchTokens {
  const list: SearchToken[] = [];
  for (const found of text.matchAll(scanner)) {
    const [whole] = found;
    list.push({ kind: kindOf(found), text: whole, start: found.index, end: found.index + whole.length });
    if (list.length > most) break;
  }
  return { list, closing: closingOf(list) };
}

function closingOf(tokens: readonly SearchToken[]): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { text }] of tokens.entries()) {
    if (text === '(') open.push(index);
    const opened = text === ')' ? open.pop() : undefined;
    if (opened !== undefined) closing.set(opened, index);
  }
  return closing;
}

/** Each pattern is a group of its own: objects of named groups take most of the time of a long filter. */
function kindOf(found: RegExpExecArray): SearchToken['kind'] {
  for (let index = 0; index < patterns.length; index++)
    if (found[index + 1] !== undefined) return patterns[index]?.[0] ?? 'other';
  return 'other';
}

/** The word of a token that has a meaning of its own, in capitals; undefined for any other. */
export function wordOf(token: SearchToken | undefined): string | undefined {
  return token?.kind === 'word' ? token.text.toUpperCase() : undefined;
}
