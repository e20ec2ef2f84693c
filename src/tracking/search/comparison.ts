import {
  type Clause,
  type ListClause,
  type ListComparator,
  type NumberComparator,
  type PresenceComparator,
  SearchError,
  type TextClause,
  type TextComparator,
} from './ast.ts';
import type { SearchGrammar, Subject } from './grammar.ts';
import { subjectOf } from './identifier.ts';
import { type SearchToken, type SearchTokens, wordOf } from './tokens.ts';
import { isList, listValues, numberValue, textValue, type Written } from './values.ts';

export interface Reading {
  readonly grammar: SearchGrammar;
  /** The whole text, for the error. */
  readonly filter: string;
}

/** A clause as it was written: what, how, and with what; a list is its tokens between the parentheses. */
export interface Comparison {
  readonly identifier: SearchToken;
  readonly comparator: string;
  readonly value: Written | undefined;
  /** How many tokens it took. */
  readonly length: number;
}

/** The comparison that begins at `at`, or undefined. */
export function comparisonAt(tokens: SearchTokens, at: number): Comparison | undefined {
  const [identifier, second, third, fourth] = tokens.list.slice(at, at + 4);
  if (identifier?.kind !== 'identifier') return undefined;
  const keywords = [second, third, fourth].map(wordOf).join(' ');
  if (keywords.startsWith('IS NULL'))
    return { identifier, comparator: 'IS NULL', value: undefined, length: 3 };
  if (keywords === 'IS NOT NULL')
    return { identifier, comparator: 'IS NOT NULL', value: undefined, length: 4 };
  if (keywords.startsWith('IN ')) return listComparison(tokens, at, 'IN');
  if (keywords.startsWith('NOT IN')) return listComparison(tokens, at, 'NOT IN');
  const negated = wordOf(second) === 'NOT' && third?.kind === 'comparator' && /^\w/.test(third.text);
  const operator = negated ? third : second;
  const value = negated ? fourth : third;
  if (operator?.kind !== 'comparator' || !isValue(value)) return undefined;
  const comparator = `${negated ? 'NOT ' : ''}${operator.text.toUpperCase()}`;
  return { identifier, comparator, value, length: negated ? 4 : 3 };
}

function isValue(token: SearchToken | undefined): token is SearchToken {
  return token?.kind === 'text' || token?.kind === 'number' || token?.kind === 'identifier';
}

function listComparison(
  { list, closing }: SearchTokens,
  at: number,
  comparator: ListComparator,
): Comparison | undefined {
  const open = at + (comparator === 'IN' ? 2 : 3);
  const close = closing.get(open);
  const identifier = list[at];
  if (!identifier || close === undefined) return undefined;
  return { identifier, comparator, value: list.slice(open + 1, close), length: close + 1 - at };
}

/** An attribute that takes no list has a message of its own. */
function takesList(
  entity: Subject['entity'],
  { comparators }: SearchGrammar,
): entity is ListClause['entity'] {
  return entity === 'attribute' || entity === 'dataset' || comparators[entity].includes('IN');
}

/**
 * The clause of a comparison.
 * @throws SearchError with MLflow's messages, first for the name, then for the value, then for the comparator
 */
export function clauseOf(
  { identifier, comparator, value }: Comparison,
  { grammar, filter }: Reading,
): Clause {
  const subject = subjectOf(identifier.text, grammar, filter);
  const { entity, key, numeric } = subject;
  const refuse = (reason: string): never => {
    throw new SearchError(reason, filter);
  };
  const checked = <Name extends string>(): Name => {
    const valid = grammar.comparators[numeric ? 'number' : entity];
    if (valid.includes(comparator)) return comparator as Name;
    return refuse(grammar.wrongComparator(subject, comparator, valid));
  };
  if (value === undefined)
    return {
      kind: 'presence',
      entity: entity as 'param' | 'tag',
      key,
      comparator: checked<PresenceComparator>(),
    };
  if (numeric) {
    const number = numberValue(subject, value, { grammar, refuse });
    const compared = checked<NumberComparator>();
    return {
      kind: 'number',
      entity: entity as 'metric' | 'attribute',
      key,
      comparator: compared,
      value: number,
    };
  }
  if (isList(value) && takesList(entity, grammar)) {
    const values = listValues(subject, value, { grammar, refuse });
    return { kind: 'list', entity, key, comparator: checked<ListComparator>(), values };
  }
  const text = textValue(subject, value, { grammar, refuse });
  const compared = checked<TextComparator>();
  return { kind: 'text', entity: entity as TextClause['entity'], key, comparator: compared, value: text };
}
