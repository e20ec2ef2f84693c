import type { Argument, Document, Operation, Selection } from './document.ts';

/** The text is not GraphQL; the message goes to the caller. */
export class GraphqlSyntaxError extends Error {
  override readonly name = 'GraphqlSyntaxError';
}

// A comment runs to the end of its line: split in many ways, a row of # takes for ever.
const ignored = String.raw`(?:[\s,\uFEFF]|#[^\n\r]*(?=[\n\r]|$))*`;
const pieces = [
  String.raw`\.\.\.|[{}()[\]:!=@$|&]`,
  '[A-Za-z_][A-Za-z0-9_]*',
  String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`,
  String.raw`"""[^]*?"""`,
  String.raw`"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"`,
];
const scanner = new RegExp(`${ignored}(${pieces.join('|')})`, 'y');
const onlyIgnored = new RegExp(`^${ignored}$`);

const longestQuery = 100_000;
const deepest = 100;

/**
 * Parses queries and mutations with their fragments, variables and directives; directives are ignored.
 * The grammar is that of the GraphQL specification, October 2021, §2, without type definitions and subscriptions.
 * @throws GraphqlSyntaxError
 */
export function parseGraphql(text: string): Document {
  if (text.length > longestQuery)
    throw new GraphqlSyntaxError(`A query may have ${longestQuery} characters at most.`);
  const reader = new Reader(tokensOf(text));
  const operations: Operation[] = [];
  const fragments = new Map<string, readonly Selection[]>();
  while (reader.peek !== undefined) {
    if (reader.take('fragment')) {
      const name = reader.name();
      reader.expect('on');
      reader.name();
      readDirectives(reader);
      fragments.set(name, readSelections(reader, 0));
    } else operations.push(readOperation(reader));
  }
  return { operations, fragments };
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let index = 0;
  for (;;) {
    scanner.lastIndex = index;
    const found = scanner.exec(text);
    if (!found) break;
    tokens.push(found[1] ?? '');
    index = scanner.lastIndex;
  }
  if (!onlyIgnored.test(text.slice(index)))
    throw new GraphqlSyntaxError(`Syntax Error: Unexpected character at ${index}.`);
  return tokens;
}

/** A cursor over the tokens. */
class Reader {
  private readonly tokens: readonly string[];
  private index = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  get peek(): string | undefined {
    return this.tokens[this.index];
  }

  /** Consumes the next token if it is this one. */
  take(token: string): boolean {
    if (this.peek !== token) return false;
    this.index++;
    return true;
  }

  next(): string {
    const token = this.tokens[this.index++];
    if (token === undefined) throw new GraphqlSyntaxError('Syntax Error: Unexpected <EOF>.');
    return token;
  }

  expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new GraphqlSyntaxError(`Syntax Error: Expected '${token}', found '${found}'.`);
  }

  name(): string {
    const found = this.next();
    if (/^\w/.test(found) && !/^\d/.test(found)) return found;
    throw new GraphqlSyntaxError(`Syntax Error: Expected Name, found '${found}'.`);
  }
}

function readOperation(reader: Reader): Operation {
  if (reader.peek === '{')
    return { type: 'query', name: undefined, defaults: new Map(), selections: readSelections(reader, 0) };
  const type = reader.name();
  if (type !== 'query' && type !== 'mutation')
    throw new GraphqlSyntaxError(`Syntax Error: Unexpected Name '${type}'.`);
  const name = reader.peek === '(' || reader.peek === '{' || reader.peek === '@' ? undefined : reader.name();
  const defaults = readVariables(reader);
  readDirectives(reader);
  return { type, name, defaults, selections: readSelections(reader, 0) };
}

function readVariables(reader: Reader): ReadonlyMap<string, Argument> {
  const defaults = new Map<string, Argument>();
  if (!reader.take('(')) return defaults;
  while (!reader.take(')')) {
    reader.expect('$');
    const name = reader.name();
    reader.expect(':');
    readType(reader, 0);
    if (reader.take('=')) defaults.set(name, readArgument(reader, 0));
    readDirectives(reader);
  }
  return defaults;
}

function readType(reader: Reader, depth: number): void {
  limitDepth(depth);
  if (reader.take('[')) {
    readType(reader, depth + 1);
    reader.expect(']');
  } else reader.name();
  reader.take('!');
}

function readDirectives(reader: Reader): void {
  while (reader.take('@')) {
    reader.name();
    readArguments(reader);
  }
}

function readSelections(reader: Reader, depth: number): readonly Selection[] {
  limitDepth(depth);
  reader.expect('{');
  const selections: Selection[] = [];
  do selections.push(readSelection(reader, depth));
  while (!reader.take('}'));
  return selections;
}

function readSelection(reader: Reader, depth: number): Selection {
  if (reader.take('...')) return readFragment(reader, depth);
  const first = reader.name();
  const second = reader.take(':') ? reader.name() : undefined;
  const given = readArguments(reader);
  readDirectives(reader);
  return {
    kind: 'field',
    name: second ?? first,
    alias: second === undefined ? undefined : first,
    arguments: given,
    selections: reader.peek === '{' ? readSelections(reader, depth + 1) : [],
  };
}

function readFragment(reader: Reader, depth: number): Selection {
  if (reader.peek !== '{' && reader.peek !== '@' && !reader.take('on')) {
    const fragment = reader.name();
    readDirectives(reader);
    return { kind: 'spread', fragment };
  }
  if (reader.peek !== '{' && reader.peek !== '@') reader.name();
  readDirectives(reader);
  return { kind: 'inline', selections: readSelections(reader, depth + 1) };
}

function readArguments(reader: Reader): ReadonlyMap<string, Argument> {
  return reader.take('(') ? readMembers(reader, ')', 0) : new Map();
}

function readMembers(reader: Reader, end: ')' | '}', depth: number): ReadonlyMap<string, Argument> {
  const members = new Map<string, Argument>();
  while (!reader.take(end)) {
    const name = reader.name();
    reader.expect(':');
    members.set(name, readArgument(reader, depth));
  }
  return members;
}

const literals: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function readArgument(reader: Reader, depth: number): Argument {
  limitDepth(depth);
  const token = reader.next();
  if (token === '$') return { variable: reader.name() };
  if (token === '{') return { members: readMembers(reader, '}', depth + 1) };
  if (token === '[') return { list: readList(reader, depth) };
  if (token.startsWith('"""')) return token.slice(3, -3);
  if (token.startsWith('"')) return textOf(token);
  if (/^[-\d]/.test(token)) return Number(token);
  if (Object.hasOwn(literals, token)) return literals[token] ?? null;
  if (/^\w/.test(token)) return token;
  throw new GraphqlSyntaxError(`Syntax Error: Unexpected '${token}'.`);
}

function readList(reader: Reader, depth: number): readonly Argument[] {
  const items: Argument[] = [];
  while (!reader.take(']')) items.push(readArgument(reader, depth + 1));
  return items;
}

function textOf(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch (error) {
    throw new GraphqlSyntaxError(`Syntax Error: Invalid text ${token.slice(0, 50)}.`, { cause: error });
  }
}

function limitDepth(depth: number): void {
  if (depth > deepest) throw new GraphqlSyntaxError(`A query may be nested ${deepest} deep.`);
}
