import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely';
import { PlatformError } from '../../kernel/errors.ts';
import type {
  Condition,
  Clause,
  ListClause,
  NumberClause,
  SearchEntity,
  TextClause,
} from '../../tracking/search/ast.ts';

export type Match = RawBuilder<SqlBool>;

/** Translates a filter to SQL, clause by clause. */
export function conditionMatch(condition: Condition, clauseMatch: (clause: Clause) => Match): Match {
  if (!('of' in condition)) return clauseMatch(condition);
  const parts = condition.of.map((part) => sql`(${conditionMatch(part, clauseMatch)})`);
  if (!parts.length) return condition.kind === 'all' ? sql`1 = 1` : sql`1 = 0`;
  return sql`${sql.join(parts, condition.kind === 'all' ? sql` and ` : sql` or `)}`;
}

/** Compares an existing value as a clause asks. */
export function valueMatch(
  value: Expression<unknown>,
  clause: NumberClause | TextClause | ListClause,
): Match {
  switch (clause.kind) {
    case 'number':
      return sql`${value} ${sql.raw(clause.comparator)} ${clause.value}`;
    case 'text':
      return textMatch(value, clause);
    case 'list':
      return sql`${value} ${sql.raw(clause.comparator.toLowerCase())} (${sql.join(clause.values)})`;
  }
}

/**
 * LIKE is case-sensitive in every database, also in SQLite with our connection's setting. A backslash in a pattern is
 * literal because MLflow's patterns have no escape.
 */
function textMatch(value: Expression<unknown>, clause: TextClause): Match {
  const pattern = clause.value.replaceAll('\\', '\\\\');
  switch (clause.comparator) {
    case '=':
      return sql`${value} = ${clause.value}`;
    case '!=':
      return sql`${value} <> ${clause.value}`;
    case 'LIKE':
      return sql`${value} like ${pattern} escape '\\'`;
    case 'ILIKE':
      return sql`lower(${value}) like lower(${pattern}) escape '\\'`;
  }
}

/** Whether a text has another one in it, in any case of ASCII letters; no sign of it stands for others. */
export function containsMatch(value: Expression<unknown>, part: string): Match {
  const pattern = `%${part.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql`lower(${value}) like lower(${pattern}) escape '\\'`;
}

export function unknownKey(entity: SearchEntity, key: string): PlatformError {
  const remedy = `This ${entity} cannot be searched: see the search syntax.`;
  return new PlatformError('INPUT_INVALID', { field: `search by ${entity}`, value: key, remedy });
}
