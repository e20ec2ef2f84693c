import {
  sql as text,
  type Compilable,
  type Expression,
  type Kysely,
  type RawBuilder,
  type SqlBool,
} from 'kysely';
import { promptTag } from '../../../registry/model.ts';
import type { RegistryFilter, RegistrySearch } from '../../../registry/store.ts';
import type { Clause, Condition, Order } from '../../../tracking/search/ast.ts';
import { allStages, type ModelsQuery, type VersionsQuery } from './registry-rows.ts';
import { bytesIn, bytesOf, type SizesQuery } from '../page-size.ts';
import { conditionMatch, containsMatch, type Match, unknownKey, valueMatch } from '../search-match.ts';
import type { Tables } from '../tables.ts';

type Column = RawBuilder<unknown>;

/** A searchable table: its attributes, and how to find its tags. */
interface Searched {
  readonly columns: Readonly<Record<string, Column>>;
  /** Whether the row has a tag with this key whose value satisfies `matches`. */
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

/** @param keyAmong 'key in (select …', open for a condition on the tag */
function tagIn(keyAmong: RawBuilder<unknown>): Searched['hasTag'] {
  return (key, matches) => {
    const holds = matches ? text`and ${matches(text.ref('tag.value'))}` : text``;
    return text`${keyAmong} where tag.key = ${key} ${holds})`;
  };
}

/** The models that a search finds, plus one more than its limit if there are more. */
export function modelsFound(sql: Kysely<Tables>, search: RegistrySearch): ModelsQuery {
  const found: ModelsQuery = sql
    .selectFrom('registered_models')
    .where(foundBy(search, searchedModels))
    .limit(search.limit + 1)
    .offset(search.offset);
  return ordersOf(search.order ?? [], searchedModels)
    .reduce((query, { column, direction }) => query.orderBy(column, direction), found)
    .orderBy('registered_models.name');
}

/** The versions that a search finds, plus one more than its limit if there are more. */
export function versionsFound(sql: Kysely<Tables>, search: RegistrySearch): VersionsQuery {
  const found: VersionsQuery = sql
    .selectFrom('model_versions')
    .where(foundBy(search, searchedVersions))
    .limit(search.limit + 1)
    .offset(search.offset);
  return ordersOf(search.order ?? latestFirst, searchedVersions)
    .reduce((query, { column, direction }) => query.orderBy(column, direction), found)
    .orderBy('model_versions.model')
    .orderBy('model_versions.version', 'desc');
}

type CountQuery = Compilable<{ readonly found: number }>;

/** How many models a filter finds. */
export function modelsCounted(sql: Kysely<Tables>, filter: RegistryFilter): CountQuery {
  const found = sql.selectFrom('registered_models').where(foundBy(filter, searchedModels));
  return found.select((row) => row.fn.countAll<number>().as('found'));
}

/** How many versions a filter finds. */
export function versionsCounted(sql: Kysely<Tables>, filter: RegistryFilter): CountQuery {
  const found = sql.selectFrom('model_versions').where(foundBy(filter, searchedVersions));
  return found.select((row) => row.fn.countAll<number>().as('found'));
}

/** The bytes of each model of a page, with the latest version of each stage that its response holds. */
export function modelSizes(sql: Kysely<Tables>, search: RegistrySearch): SizesQuery {
  const tags = bytesIn(['key', 'value'], text`registered_model_tags where model = registered_models.name`);
  const latest = text`select (select max(every.version) from model_versions as every
    where every.model = registered_models.name and every.stage = stages.stage) from ${allStages}`;
  const versions = text<number>`coalesce((select sum(${versionBytes}) from model_versions
    where model_versions.model = registered_models.name and model_versions.version in (${latest})), 0)`;
  const description = bytesOf(['registered_models.description']);
  return modelsFound(sql, search).select(text<number>`${description} + ${tags} + ${versions}`.as('bytes'));
}

/** The bytes of each version of a page. */
export function versionSizes(sql: Kysely<Tables>, search: RegistrySearch): SizesQuery {
  return versionsFound(sql, search).select(versionBytes.as('bytes'));
}

const versionBytes = text<number>`${bytesOf([
  'model_versions.description',
  'model_versions.source',
  'model_versions.run_link',
])} + ${bytesIn(
  ['key', 'value'],
  text`model_version_tags as tag where tag.model = model_versions.model and tag.version = model_versions.version`,
)}`;

function ordersOf(
  order: readonly Order[],
  { columns }: Searched,
): readonly { readonly column: Column; readonly direction: 'asc' | 'desc' }[] {
  return order.map(({ key, ascending }) => ({
    column: columnOf(key, columns),
    direction: ascending ? 'asc' : 'desc',
  }));
}

function foundBy({ filter, contains }: RegistryFilter, searched: Searched): Match {
  const found = withPrompts(filter, searched);
  if (contains === undefined) return found;
  return text`(${found}) and ${containsMatch(columnOf('name', searched.columns), contains)}`;
}

/** Prompts are stored as models. A search excludes them unless it asks for them. */
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
    // A version without a run has run_id '' for clients. As in MLflow, list conditions never match it.
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
