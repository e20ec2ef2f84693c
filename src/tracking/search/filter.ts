import { type Clause, type Condition, SearchError } from './ast.ts';
import { clauseOf, type Comparison, comparisonAt, type Reading } from './comparison.ts';
import type { SearchGrammar } from './grammar.ts';
import { type SearchTokens, tokensOf, wordOf } from './tokens.ts';

const mostClauses = 200;
/** Characters: a list of 10,000 run ids fits. */
const longestFilter = 400_000;
const mostTokens = 50_000;
const deepest = 30;

/**
 * Reads a filter of MLflow's grammar: comparisons joined by AND, no OR and no parentheses but those of a list.
 *
 *     parseFilter("metrics.loss < 0.1 AND tags.`my tag` LIKE 'a%'", runSearch)
 *
 * @returns the clauses, all of which must hold; none for an empty filter
 * @throws SearchError with MLflow's own message
 */
export function parseFilter(filter: string | undefined, grammar: SearchGrammar): readonly Clause[] {
  if (!filter) return [];
  const tokens = readTokens(filter);
  if (tokens.list.length === 0)
    throw new SearchError(`Invalid filter '${filter}'. Could not be parsed.`, filter);
  refuseStatements(tokens, filter);
  const { comparisons, invalid } = comparisonsOf(tokens, filter);
  if (invalid.length > 0) throw new SearchError(grammar.invalidClauses(invalid, filter), filter);
  limitClauses(comparisons.length, filter);
  return comparisons.map((comparison) => clauseOf(comparison, { grammar, filter }));
}

/**
 * Reads our extension of the grammar: OR, which binds weaker than AND, and parentheses. What MLflow reads means the same.
 * @throws SearchError
 */
export function parseCondition(filter: string | undefined, grammar: SearchGrammar): Condition {
  const tokens = readTokens(filter ?? '');
  if (filter === undefined || tokens.list.length === 0) return { kind: 'all', of: [] };
  limitClauses(tokens.list.filter(({ kind }) => kind === 'comparator' || kind === 'word').length / 2, filter);
  const read = readAny(tokens, 0, { grammar, filter, depth: 0 });
  const rest = tokens.list[read.next];
  if (rest) throw new SearchError(`Invalid clause(s) in filter string: '${rest.text}'`, filter);
  return read.condition;
}

function readTokens(filter: string): SearchTokens {
  if (filter.length > longestFilter)
    throw new SearchError(`A filter may have ${longestFilter} characters at most.`, filter);
  const tokens = tokensOf(filter, mostTokens);
  if (tokens.list.length > mostTokens)
    throw new SearchError(`A filter may have ${mostTokens} words and marks at most.`, filter);
  return tokens;
}

function refuseStatements({ list }: SearchTokens, filter: string): void {
  const semicolon = list.findIndex(({ text }) => text === ';');
  if (semicolon >= 0 && semicolon < list.length - 1)
    throw new SearchError(
      `Search filter contained multiple expression '${filter}'. Provide AND-ed expression list.`,
      filter,
    );
}

function limitClauses(count: number, filter: string): void {
  if (count > mostClauses) throw new SearchError(`A filter may have ${mostClauses} clauses at most.`, filter);
}

/** The comparisons, and the parts that are neither these nor AND, as they were written. */
function comparisonsOf(
  tokens: SearchTokens,
  filter: string,
): { readonly comparisons: readonly Comparison[]; readonly invalid: readonly string[] } {
  const comparisons: Comparison[] = [];
  const invalid: string[] = [];
  const { list, closing } = tokens;
  for (let at = 0; at < list.length;) {
    const comparison = comparisonAt(tokens, at);
    const last = closing.get(at) ?? at;
    if (comparison) comparisons.push(comparison);
    else if (wordOf(list[at]) !== 'AND') invalid.push(filter.slice(list[at]?.start, list[last]?.end));
    at += comparison?.length ?? last + 1 - at;
  }
  return { comparisons, invalid };
}

interface Read {
  readonly condition: Condition;
  /** The place of the first token after it. */
  readonly next: number;
}

type Nested = Reading & { readonly depth: number };

function readAny(tokens: SearchTokens, at: number, reading: Nested): Read {
  return readJoined(tokens, at, { ...reading, word: 'OR', kind: 'any', read: readAll });
}

function readAll(tokens: SearchTokens, at: number, reading: Nested): Read {
  return readJoined(tokens, at, { ...reading, word: 'AND', kind: 'all', read: readOne });
}

interface Joined extends Nested {
  readonly word: 'AND' | 'OR';
  readonly kind: 'all' | 'any';
  readonly read: (tokens: SearchTokens, at: number, reading: Nested) => Read;
}

function readJoined(tokens: SearchTokens, at: number, { word, kind, read, ...reading }: Joined): Read {
  const first = read(tokens, at, reading);
  const parts = [first.condition];
  let { next } = first;
  while (wordOf(tokens.list[next]) === word) {
    const more = read(tokens, next + 1, reading);
    parts.push(more.condition);
    next = more.next;
  }
  return { condition: parts.length === 1 ? first.condition : { kind, of: parts }, next };
}

function readOne(tokens: SearchTokens, at: number, reading: Nested): Read {
  const { filter, depth } = reading;
  if (tokens.list[at]?.text === '(') {
    if (depth >= deepest) throw new SearchError(`Parentheses may be nested ${deepest} deep.`, filter);
    const inside = readAny(tokens, at + 1, { ...reading, depth: depth + 1 });
    if (tokens.list[inside.next]?.text === ')') return { condition: inside.condition, next: inside.next + 1 };
    throw new SearchError(`Invalid filter '${filter}'. A parenthesis is not closed.`, filter);
  }
  const comparison = comparisonAt(tokens, at);
  if (comparison) return { condition: clauseOf(comparison, reading), next: at + comparison.length };
  const found = tokens.list.slice(at, at + 2).map(({ text }) => `'${text}'`);
  throw new SearchError(`Invalid clause(s) in filter string: ${found.join(', ') || 'the end'}`, filter);
}
