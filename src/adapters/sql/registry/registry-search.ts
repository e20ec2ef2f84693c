import { sql as text, type Expression, type Kysely, type RawBuilder, type SqlBool } from 'kysely';
import { promptTag } from '../../../registry/model.ts';
import type { RegistrySearch } from '../../../registry/store.ts';
import type { Clause, Condition, Order } from '../../../tracking/search/ast.ts';
import type { ModelsAsked, VersionsAsked } from './registry-rows.ts';
import { conditionMatch, type Match, unknownKey, valueMatch } from '../search-match.ts';
import type { Tables } from '../tables.ts';

type Column = RawBuilder<unknown>;

/** How a search sees a table: its attributes, and how its tags are found. */
interface Searched {
  readonly columns: Readonly<Record<string, Column>>;
  /** Whether there is a tag of the key for which `matches` holds. */
  readonly hasTag: (key: string, matches?: (value: Expression<unknown>) => Match) => Match;
}

const searchedModels: Searched = {
  columns: {
    name: text.ref('registered_models.name'),
    timestamp: text.ref('registered_models.updated_at'),
    creation_timestamp: text.ref('registered_models.created_at'),
    last_updated_timestamp: text.ref('registered_models.updated_at'),
  },
  hasTag: tagIn(text`registered_models.name in (select tag.model from registered_model_tags as tag`),
};

const searchedVersions: Searched = {
  columns: {
    name: text.ref('model_versions.model'),
    version_number: text.ref('model_versions.version'),
    run_id: text.ref('model_versions.run_id'),
    source_path: text.ref('model_versions.source'),
    creation_timestamp: text.ref('model_versions.created_at'),
    last_updated_timestamp: text.ref('model_versions.updated_at'),
  },
  hasTag: tagIn(text`(model_versions.model, model_versions.version) in
    (select tag.model, tag.version from model_version_tags as tag`),
};

const latestFirst: readonly Order[] = [
  { entity: 'attribute', key: 'last_updated_timestamp', ascending: false },
];

/** @param keyAmong the row's key among those of its tags, up to where its condition begins */
function tagIn(keyAmong: RawBuilder<unknown>): Searched['hasTag'] {
  return (key, matches) => {
    const holds = matches ? text`and ${matches(text.ref('tag.value'))}` : text``;
    return text`${keyAmong} where tag.key = ${key} ${holds})`;
  };
}

/** Models as a search asks for them; one more than its limit tells whether there are more. */
export function modelsFound(sql: Kysely<Tables>, search: RegistrySearch): ModelsAsked {
  const found: ModelsAsked = sql
    .selectFrom('registered_models')
    .where(withPrompts(search.filter, searchedModels))
    .limit(search.limit + 1)
    .offset(search.offset);
  return ordersOf(search.order ?? [], searchedModels)
    .reduce((asked, { column, direction }) => asked.orderBy(column, direction), found)
    .orderBy('registered_models.name');
}

/** Versions as a search asks for them; one more than its limit tells whether there are more. */
export function versionsFound(sql: Kysely<Tables>, search: RegistrySearch): VersionsAsked {
  const found: VersionsAsked = sql
    .selectFrom('model_versions')
    .where(withPrompts(search.filter, searchedVersions))
    .limit(search.limit + 1)
    .offset(search.offset);
  return ordersOf(search.order ?? latestFirst, searchedVersions)
    .reduce((asked, { column, direction }) => asked.orderBy(column, direction), found)
    .orderBy('model_versions.model')
    .orderBy('model_versions.version', 'desc');
}

function ordersOf(
  order: readonly Order[],
  { columns }: Searched,
): readonly { readonly column: Column; readonly direction: 'asc' | 'desc' }[] {
  return order.map(({ key, ascending }) => ({
    column: columnOf(key, columns),
    direction: ascending ? 'asc' : 'desc',
  }));
}

/** Prompts are models too, and stay out of a search that does not ask for them. */
function withPrompts(filter: Condition | undefined, searched: Searched): Match {
  const found = filter
    ? conditionMatch(filter, (clause) => clauseMatch(clause, searched))
    : text<SqlBool>`1 = 1`;
  if (filter && asksForPrompts(filter)) return found;
  const isPrompt = searched.hasTag(promptTag, (value) => text`${value} = 'true'`);
  return text`(${found}) and not (${isPrompt})`;
}

function asksForPrompts(condition: Condition): boolean {
  if ('of' in condition) return condition.of.some(asksForPrompts);
  if (condition.kind !== 'text' || condition.entity !== 'tag' || condition.key !== promptTag) return false;
  return condition.comparator === '=' && condition.value === 'true';
}

function clauseMatch(clause: Clause, { columns, hasTag }: Searched): Match {
  if (clause.entity === 'attribute') {
    const column = columnOf(clause.key, columns);
    // Clients see a version without a run as one whose run_id is ''; as in MLflow, a list never means it.
    const isText = clause.key === 'run_id' && clause.kind === 'text';
    const matchesAbsent = isText && !(clause.comparator === '=' && clause.value !== '');
    return valueMatch(matchesAbsent ? text`coalesce(${column}, '')` : column, clause);
  }
  if (clause.entity !== 'tag') throw unknownKey(clause.entity, clause.key);
  if (clause.kind === 'presence') {
    const there = hasTag(clause.key);
    return clause.comparator === 'IS NULL' ? text`not (${there})` : there;
  }
  if (clause.key === promptTag && clause.comparator === '!=')
    return text`not (${hasTag(clause.key, (value) => text`${value} = ${clause.value}`)})`;
  return hasTag(clause.key, (value) => valueMatch(value, clause));
}

function columnOf(key: string, columns: Searched['columns']): Column {
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column) return column;
  throw unknownKey('attribute', key);
}
