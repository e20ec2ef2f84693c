import { type Document, fieldsOf, type Selection } from './document.ts';

const mostRootFields = 10;
const mostAliases = 10;
const greatestDepth = 10;
const mostSelections = 1000;

interface Level {
  readonly selections: readonly Selection[];
  readonly depth: number;
}

/**
 * Why a query is too large: many requests in one by aliases, or fragments that unfold.
 * @returns MLflow's own message, or undefined for a query that may run
 */
export function overLimit({ operations, fragments }: Document): string | undefined {
  let total = 0;
  for (const { selections } of operations) {
    const levels: Level[] = [{ selections, depth: 1 }];
    for (let level = levels.pop(); level; level = levels.pop()) {
      const { depth } = level;
      if (depth > greatestDepth) return `Query exceeds maximum depth of ${greatestDepth}`;
      const spent = spreadCost(level.selections, fragments, mostSelections - total);
      if (spent > mostSelections - total)
        return `Query exceeds maximum total selections of ${mostSelections}`;
      total += spent;
      const fields = fieldsOf(level.selections, fragments);
      if (depth === 1 && fields.length > mostRootFields)
        return atMost(mostRootFields, 'root fields', fields.length);
      const aliases = fields.filter(({ alias }) => alias !== undefined).length;
      if (aliases > mostAliases) return atMost(mostAliases, 'aliases', aliases);
      for (const field of fields)
        if (field.selections.length > 0) levels.push({ selections: field.selections, depth: depth + 1 });
    }
  }
  return undefined;
}

/** How many selections a set has when its fragments are unfolded; stops counting beyond `limit`. */
function spreadCost(
  selections: readonly Selection[],
  fragments: Document['fragments'],
  limit: number,
): number {
  let cost = 0;
  const open: { readonly selections: readonly Selection[]; readonly visited: ReadonlySet<string> }[] = [
    { selections, visited: new Set() },
  ];
  for (let set = open.pop(); set && cost <= limit; set = open.pop()) {
    const { visited } = set;
    for (const selection of set.selections) {
      cost++;
      if (selection.kind === 'inline') open.push({ selections: selection.selections, visited });
      if (selection.kind === 'spread' && !visited.has(selection.fragment))
        open.push({
          selections: fragments.get(selection.fragment) ?? [],
          visited: new Set([...visited, selection.fragment]),
        });
    }
  }
  return cost;
}

function atMost(limit: number, what: string, found: number): string {
  return `GraphQL queries should have at most ${limit} ${what}, got ${found} ${what}.`;
}
