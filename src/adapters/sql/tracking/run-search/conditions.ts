import { type RawBuilder, sql as raw } from 'kysely';
import { contextTag } from '../../../../tracking/model.ts';
import type {
  Clause,
  ListClause,
  Order,
  PresenceClause,
  SearchEntity,
  TextClause,
} from '../../../../tracking/search/ast.ts';
import { type Match, unknownKey, valueMatch } from '../../search-match.ts';
import { shortDigest } from '../dataset-summaries.ts';

export type KeyedEntity = Extract<SearchEntity, 'metric' | 'param' | 'tag'>;

/** What runs have a value of, as clauses and orders name it. */
export interface Keyed {
  readonly entity: KeyedEntity;
  readonly key: string;
}

const tables: Readonly<Record<KeyedEntity, RawBuilder<unknown>>> = {
  metric: raw.table('latest_metrics'),
  param: raw.table('params'),
  tag: raw.table('run_tags'),
};

const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
  run_id: raw`runs.id`,
  run_name: raw`runs.name`,
  status: raw`runs.status`,
  artifact_uri: raw`runs.artifact_uri`,
  user_id: raw`runs.user_id`,
  lifecycle_stage: raw`runs.lifecycle_stage`,
  start_time: raw`runs.started_at`,
  created: raw`runs.started_at`,
  end_time: raw`runs.ended_at`,
};

/** The column of an attribute. @throws PlatformError INPUT_INVALID */
export function runColumn(key: string): RawBuilder<unknown> {
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column) return column;
  throw unknownKey('attribute', key);
}

export function isKeyed(entity: SearchEntity): entity is KeyedEntity {
  return Object.hasOwn(tables, entity);
}

export function isAbsence(clause: Clause): clause is PresenceClause {
  return clause.kind === 'presence' && clause.comparator === 'IS NULL';
}

/** Whether the run of an id meets a clause, asked of the run; one about an attribute, of the row of `runs`. */
export function clauseMatch(clause: Clause, id: RawBuilder<unknown> = raw`runs.id`): Match {
  switch (clause.entity) {
    case 'attribute':
      return valueMatch(runColumn(clause.key), clause);
    case 'dataset':
      return datasetMatch(clause, id);
    case 'metric':
    case 'param':
    case 'tag': {
      const keyed = { entity: clause.entity, key: clause.key };
      return isAbsence(clause) ? raw`not ${hasValue(keyed, id)}` : hasValue(keyed, id, partMatch(clause));
    }
  }
}

/** Whether the run of an id has a value of a key, one that matches where a match is given. */
export function hasValue({ entity, key }: Keyed, id: RawBuilder<unknown>, match?: Match): Match {
  const condition = match ? raw`and ${match}` : raw``;
  return raw`exists (select 1 from ${tables[entity]} as part
    where part.run_id = ${id} and part.key = ${key} ${condition})`;
}

/** What a clause says of the row `part` of its key. */
function partMatch(clause: Clause): Match | undefined {
  if (clause.kind === 'presence') return undefined;
  const match = valueMatch(raw`part.value`, clause);
  return clause.kind === 'number' ? raw`part.is_nan = 0 and ${match}` : match;
}

/** A dataset that a client logged, or one that a step of our pipeline read. */
function datasetMatch(clause: Clause, id: RawBuilder<unknown>): Match {
  if (clause.kind !== 'text' && clause.kind !== 'list') throw unknownKey('dataset', clause.key);
  const [ofClients, ofPipeline] = datasetValues(clause);
  return raw`(exists (select 1 from run_inputs
      join datasets on datasets.id = run_inputs.dataset_id
      left join run_input_tags on run_input_tags.run_id = run_inputs.run_id
        and run_input_tags.dataset_id = run_inputs.dataset_id and run_input_tags.key = ${contextTag}
      where run_inputs.run_id = ${id} and ${valueMatch(ofClients, clause)})
    or exists (select 1 from run_datasets
      where run_datasets.run_id = ${id} and run_datasets.direction = 'input' and ${valueMatch(ofPipeline, clause)}))`;
}

function datasetValues({
  key,
}: TextClause | ListClause): readonly [RawBuilder<unknown>, RawBuilder<unknown>] {
  switch (key) {
    case 'name':
      return [raw`datasets.name`, raw`run_datasets.name`];
    case 'digest':
      return [raw`datasets.digest`, shortDigest];
    case 'context':
      return [raw`run_input_tags.value`, raw`run_datasets.task`];
    default:
      throw unknownKey('dataset', key);
  }
}

export interface OrderTerm {
  readonly value: RawBuilder<unknown>;
  readonly ascending: boolean;
}

const valueTables = {
  metric: 'latest_metrics',
  param: 'params',
  tag: 'run_tags',
  attribute: '',
  dataset: '',
};

/** The tables in which values to order by lie, each under a name for its index in the order. */
export function orderJoins(order: readonly Order[], id: RawBuilder<unknown>): RawBuilder<unknown> {
  const joins = order.flatMap(({ entity, key }, index) => {
    const table = valueTables[entity];
    if (!table) return [];
    const name = orderName(index);
    return [raw`left join ${raw.table(table)} as ${name} on ${name}.run_id = ${id} and ${name}.key = ${key}`];
  });
  return joins.length ? raw.join(joins, raw` `) : raw``;
}

/** A NaN comes after every number and what is missing after that, whatever the direction. */
export function orderTerms(order: readonly Order[]): readonly OrderTerm[] {
  return order.flatMap(({ entity, key, ascending }, index) => {
    const name = orderName(index);
    if (entity === 'metric')
      return [
        first(raw`case when ${name}.is_nan = 1 then 1 when ${name}.is_nan is null then 2 else 0 end`),
        { value: raw`${name}.value`, ascending },
      ];
    const value = entity === 'attribute' ? runColumn(key) : raw`${name}.value`;
    const isAlwaysThere = entity === 'attribute' && key !== 'end_time';
    return [
      ...(isAlwaysThere ? [] : [first(raw`case when ${value} is null then 1 else 0 end`)]),
      { value, ascending },
    ];
  });
}

export function inDirection(value: RawBuilder<unknown>, ascending: boolean): RawBuilder<unknown> {
  return raw`${value} ${raw.raw(ascending ? 'asc' : 'desc')}`;
}

function first(value: RawBuilder<unknown>): OrderTerm {
  return { value, ascending: true };
}

function orderName(index: number): RawBuilder<unknown> {
  return raw.ref(`ordered_${index}`);
}
