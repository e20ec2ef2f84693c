import {
  sql as raw,
  type Kysely,
  type RawBuilder,
  type Selectable,
  type SelectQueryBuilder,
  type SqlBool,
} from 'kysely';
import type { ExperimentQuery } from '../../../tracking/experiment-store.ts';
import type { Experiment } from '../../../tracking/model.ts';
import type { Clause } from '../../../tracking/search/ast.ts';
import { bytesIn, type SizesQuery } from '../page-size.ts';
import { conditionMatch, unknownKey, valueMatch, type Match } from '../search-match.ts';
import type { Tables } from '../tables.ts';

const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  name: raw`experiments.name`,
  experiment_id: raw`experiments.id`,
  creation_time: raw`experiments.created_at`,
  last_update_time: raw`experiments.updated_at`,
};

export type ExperimentIds = SelectQueryBuilder<Tables, 'experiments', { id: number }>;

/** One more than is asked for, where there is. */
export function experimentIds(sql: Kysely<Tables>, query: ExperimentQuery): ExperimentIds {
  const { view, filter, order = [], offset, limit } = query;
  return sql
    .selectFrom('experiments')
    .select('id')
    .$if(view !== 'all', (all) =>
      all.where('lifecycle_stage', '=', view === 'deleted' ? 'deleted' : 'active'),
    )
    .$if(filter !== undefined, (all) =>
      all.where(filter ? conditionMatch(filter, clauseMatch) : raw<SqlBool>`1 = 1`),
    )
    .$call((all) =>
      order.reduce(
        (ordered, { key, ascending }) => ordered.orderBy(columnOf(key), ascending ? 'asc' : 'desc'),
        all,
      ),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .offset(offset)
    .limit(limit + 1);
}

/** The bytes of each experiment of a page. */
export function experimentSizes(sql: Kysely<Tables>, query: ExperimentQuery): SizesQuery {
  const tags = bytesIn(['key', 'value'], raw`experiment_tags where experiment_id = experiments.id`);
  return experimentIds(sql, query).select(tags.as('bytes'));
}

function clauseMatch(clause: Clause): Match {
  if (clause.entity === 'attribute') return valueMatch(columnOf(clause.key), clause);
  if (clause.entity !== 'tag') throw unknownKey(clause.entity, clause.key);
  const tag = raw`select 1 from experiment_tags
    where experiment_tags.experiment_id = experiments.id and experiment_tags.key = ${clause.key}`;
  if (clause.kind === 'presence')
    return clause.comparator === 'IS NULL' ? raw`not exists (${tag})` : raw`exists (${tag})`;
  return raw`exists (${tag} and ${valueMatch(raw`experiment_tags.value`, clause)})`;
}

function columnOf(key: string): RawBuilder<unknown> {
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column) return column;
  throw unknownKey('attribute', key);
}

/** The key of an experiment's row; -1, which no row has, for an id that is no integer. */
export function integerId(id: string): number {
  const number = /^-?\d{1,15}$/.test(id) ? Number(id) : -1;
  return number < 0 ? -1 : number;
}

/** The keys of the rows that ids can name, each once. */
export function integerIds(ids: readonly string[]): readonly number[] {
  return [...new Set(ids.map(integerId).filter((id) => id >= 0))];
}

export function experimentOf(
  row: Selectable<Tables['experiments']>,
  tags: readonly Tables['experiment_tags'][],
): Experiment {
  return {
    id: String(row.id),
    name: row.name,
    artifactLocation: row.artifact_location,
    lifecycle: row.lifecycle_stage,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    tags: tags.map(({ key, value }) => ({ key, value })),
  };
}
