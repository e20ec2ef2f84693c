import { readTokens, type Token } from './tokens.ts';

const mark = '/* @__PURE__ */ ';

/**
 * Marks top-level calls of zod and Modelyard as free of side effects: `const Row = z.object(…)`, so that esbuild drops
 * unused ones. Calls inside functions are not marked. The resulting text is only hashed, never run.
 * @param code JavaScript as esbuild prints it
 */
export function markPureCalls(code: string): string {
  const names = importedNames(code);
  if (names.size === 0) return code;
  const tokens = readTokens(code);
  const read = (token: Token | undefined): string => (token ? code.slice(token.start, token.end) : ';');
  const scopes = openScopes();
  let marked = '';
  let copied = 0;
  for (const [position, token] of tokens.entries()) {
    const [before, word, after] = [read(tokens[position - 1]), read(token), read(tokens[position + 1])];
    const startsCall = token.kind === 'word' && names.has(word) && (after === '.' || after === '(');
    const isForEffect = scopes.inCode() || (scopes.depth() === 0 && startsStatement.has(before));
    if (startsCall && !isForEffect && !isNoCall.has(before)) {
      marked += code.slice(copied, token.start) + mark;
      copied = token.start;
    }
    if (token.kind === 'mark') scopes.pass(word, before);
    else if (token.kind === 'text') scopes.passTemplate(word);
  }
  return marked + code.slice(copied);
}

/** Tokens after which a statement begins; a call that begins a statement is made for its effect. */
const startsStatement: ReadonlySet<string> = new Set([';', '}', ')', 'else']);

/** Tokens before a name that is a property, a class to construct, or a declaration. */
const isNoCall: ReadonlySet<string> = new Set(['.', 'new', 'function']);

/** The local names of imports from zod and Modelyard. */
function importedNames(code: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, clause = ''] of code.matchAll(/^import ([^"']+) from "(?:zod|modelyard)(?:\/[^"]*)?";$/gm))
    for (const part of clause.split(/[{},]/)) {
      const name = part
        .trim()
        .split(/\s+as\s+/)
        .at(-1);
      if (name) names.add(name);
    }
  return names;
}

interface Scopes {
  pass(mark: string, before: string): void;
  passTemplate(part: string): void;
  /** Inside a function, a class or a block, where a call can be made for its effect. */
  inCode(): boolean;
  depth(): number;
}

interface Scope {
  readonly isCode: boolean;
  /** After '=>', up to the end of the expression. */
  inArrow: boolean;
}

function openScopes(): Scopes {
  const open: Scope[] = [{ isCode: false, inArrow: false }];
  const inCode = (): boolean => open.some((scope) => scope.isCode || scope.inArrow);
  const enter = (isCode: boolean): void => void open.push({ isCode, inArrow: false });
  const setArrow = (inArrow: boolean): void => {
    const last = open.at(-1);
    if (last) last.inArrow = inArrow;
  };
  return {
    pass(mark, before) {
      if (mark === '{') enter(opensCode(before));
      else if (mark === '(' || mark === '[') enter(false);
      else if (mark === '}' || mark === ')' || mark === ']') open.pop();
      else if (mark === '=>') setArrow(true);
      else if (mark === ';' || mark === ',') setArrow(false);
    },
    passTemplate(part) {
      if (part.startsWith('}')) open.pop();
      if (part.endsWith('${')) enter(false);
    },
    inCode,
    depth: () => open.length - 1,
  };
}

/** Whether a brace after this token opens a function, a class or a block, and not an object. */
function opensCode(before: string): boolean {
  if (before === ')' || before === '=>' || before === ';' || before === '{' || before === '}') return true;
  return (
    /^[\w$]+$/.test(before) &&
    !['return', 'default', 'typeof', 'in', 'of', 'export', 'import', 'await'].includes(before)
  );
}
