/** A word, a string, a regular expression or a punctuator of JavaScript, with its position. Blanks and comments are left out. */
export interface Token {
  readonly kind: 'word' | 'text' | 'pattern' | 'mark';
  readonly start: number;
  readonly end: number;
}

/** Words after which '/' begins a regular expression. */
const beforePattern = new Set(
  'return typeof case in of delete void throw new else do instanceof yield await'.split(' '),
);

const space = /\s+/y;
const word = /[\p{ID_Continue}$#@\u200c\u200d]+/uy;
const text = /"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?/y;
const comment = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const pattern = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const templatePart = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{|$)/y;

/**
 * Splits JavaScript that esbuild printed. It has no grammar: a '/' after ')' is a division. The parts of a template between
 * its expressions are strings.
 */
export function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = [];
  /** For each open brace: whether a template continues after it. */
  const braces: boolean[] = [];
  const take = (kind: Token['kind'], start: number, end: number): number => {
    tokens.push({ kind, start, end });
    return end;
  };
  const takeTemplate = (start: number): number => {
    const end = endOf(templatePart, source, start + 1);
    if (source.endsWith('${', end)) braces.push(true);
    return take('text', start, end);
  };
  for (let at = 0; at < source.length;) {
    const letter = source[at];
    const blank = endOf(space, source, at);
    if (blank > at) at = blank;
    else if (letter === '"' || letter === "'") at = take('text', at, endOf(text, source, at));
    else if (letter === '`' || (letter === '}' && braces.pop())) at = takeTemplate(at);
    else if (letter === '/' && endOf(comment, source, at) > at) at = endOf(comment, source, at);
    else if (letter === '/' && opensPattern(source, tokens.at(-1)) && endOf(pattern, source, at) > at)
      at = take('pattern', at, endOf(pattern, source, at));
    else if (endOf(word, source, at) > at) at = take('word', at, endOf(word, source, at));
    else {
      if (letter === '{') braces.push(false);
      at = take('mark', at, at + (source.startsWith('=>', at) ? 2 : 1));
    }
  }
  return tokens;
}

/** The end of a match at a position; the position itself if nothing matches. */
function endOf(expression: RegExp, source: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(source) ? expression.lastIndex : at;
}

function opensPattern(source: string, before: Token | undefined): boolean {
  if (!before) return true;
  if (before.kind === 'word') return beforePattern.has(source.slice(before.start, before.end));
  return before.kind === 'mark' && !')]'.includes(source.slice(before.start, before.end));
}
