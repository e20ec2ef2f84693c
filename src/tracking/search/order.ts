import { type Order, SearchError } from './ast.ts';
import type { SearchGrammar } from './grammar.ts';
import { orderSubject } from './identifier.ts';
import { tokensOf } from './tokens.ts';

/** Each is two columns to sort by, and libsql ends the process when it sorts rows by more than 64 of them. */
const mostClauses = 25;
/** Characters: a quoted key of the longest kind fits. */
const longestClause = 10_000;
/** A name and a direction. */
const mostTokens = 2;

/**
 * Reads the items of an order_by: a name and, after it, ASC or DESC; ascending without.
 *
 *     parseOrders(['metrics.loss ASC', 'start_time DESC'], runSearch)
 *
 * @throws SearchError with MLflow's own message, also for a name that comes twice
 */
export function parseOrders(clauses: readonly string[], grammar: SearchGrammar): readonly Order[] {
  if (clauses.length > mostClauses)
    throw new SearchError(`An order_by may have ${mostClauses} items at most.`, clauses[mostClauses] ?? '');
  const orders = clauses.map((clause) => parseOrder(clause, grammar));
  const names = new Set(orders.map(({ entity, key }) => `${entity}.${key}`));
  if (names.size === orders.length) return orders;
  const listed = `[${clauses.map((clause) => `'${clause}'`).join(', ')}]`;
  throw new SearchError(`\`order_by\` contains duplicate fields: ${listed}`, clauses.join(', '));
}

function parseOrder(clause: string, grammar: SearchGrammar): Order {
  if (clause.length > longestClause)
    throw new SearchError(`An order_by item may have ${longestClause} characters at most.`, clause);
  const [name, direction, more] = tokensOf(clause, mostTokens).list;
  if (name?.kind !== 'identifier' || more || (direction && !/^\p{L}+$/u.test(direction.text)))
    throw new SearchError(`Invalid order_by clause '${clause}'. Could not be parsed.`, clause);
  const keyword = direction?.text.toUpperCase() ?? 'ASC';
  if (keyword !== 'ASC' && keyword !== 'DESC')
    throw new SearchError(`Invalid ordering key in order_by clause '${clause}'.`, clause);
  const { entity, key } = orderSubject(name.text, grammar, clause);
  return { entity, key, ascending: keyword === 'ASC' };
}
