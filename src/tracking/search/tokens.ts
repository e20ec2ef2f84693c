/** A piece of a filter, with its text as it was written. */
export interface SearchToken {
  readonly kind: 'identifier' | 'text' | 'number' | 'comparator' | 'word' | 'mark' | 'other';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Tokens with, by the place of a parenthesis that opens, the place of the one that closes it. */
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

const scanner = new RegExp(patterns.map(([kind, source]) => `(?<${kind}>${source})`).join('|'), 'giu');

/** The tokens of a filter or of an ordering. Whatever is no token of the grammar is `other`, one character each. */
export function tokensOf(text: string): SearchTokens {
  const list = Array.from(text.matchAll(scanner), (found) => ({
    kind: kindOf(found.groups ?? {}),
    text: found[0],
    start: found.index,
    end: found.index + found[0].length,
  }));
  return { list, closing: closingOf(list) };
}

function closingOf(tokens: readonly SearchToken[]): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const [place, { text }] of tokens.entries()) {
    if (text === '(') open.push(place);
    const opened = text === ')' ? open.pop() : undefined;
    if (opened !== undefined) closing.set(opened, place);
  }
  return closing;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): SearchToken['kind'] {
  return patterns.find(([kind]) => groups[kind] !== undefined)?.[0] ?? 'other';
}

/** The word of a token that has a meaning of its own, in capitals; undefined for any other. */
export function wordOf(token: SearchToken | undefined): string | undefined {
  return token?.kind === 'word' ? token.text.toUpperCase() : undefined;
}
