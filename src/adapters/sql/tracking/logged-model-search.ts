import {
  type Expression,
  expressionBuilder,
  type Kysely,
  sql as text,
  type SelectQueryBuilder,
  type SqlBool,
} from 'kysely';
import type { DatasetRef } from '../../../tracking/logged-model.ts';
import type { LoggedModelOrder, LoggedModelQuery } from '../../../tracking/logged-model-store.ts';
import type { Clause } from '../../../tracking/search/ast.ts';
import { bytesIn, type SizesQuery } from '../page-size.ts';
import { unknownKey, valueMatch } from '../search-match.ts';
import type { Tables } from '../tables.ts';

/** Selects models in an order, without columns. */
type LoggedModelsQuery = SelectQueryBuilder<Tables, 'logged_models', object>;

/** Of a metric's point as JSON, about. */
const pointBytes = 200;

const models = expressionBuilder<Tables, 'logged_models'>();

const columns = {
  name: 'name',
  model_id: 'id',
  model_type: 'model_type',
  status: 'status',
  source_run_id: 'source_run_id',
  creation_timestamp: 'created_at',
  creation_time: 'created_at',
  last_updated_timestamp: 'updated_at',
  last_updated_time: 'updated_at',
} as const;

/** The models that a search finds: one more than its limit tells whether there are more. */
export function loggedModelsFound(sql: Kysely<Tables>, query: LoggedModelQuery): LoggedModelsQuery {
  const experimentIds = query.experimentIds.filter((id) => /^\d{1,15}$/.test(id)).map(Number);
  const conditions = query.clauses.map((clause) => clauseOf(clause, query.datasets));
  const isOnDatasets =
    query.datasets.length > 0 && !query.clauses.some(({ entity }) => entity === 'metric')
      ? [models.exists(pointsOf(query.datasets).select(models.lit(1).as('one')))]
      : [];
  return query.order
    .flatMap(sortKeys)
    .reduce(
      (found, { by, direction }) => found.orderBy(by, direction),
      sql
        .selectFrom('logged_models')
        .where('lifecycle_stage', '=', 'active')
        .where(experimentIds.length ? models('experiment_id', 'in', experimentIds) : models.lit(false))
        .where(models.and([...conditions, ...isOnDatasets])),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(query.limit + 1)
    .offset(query.offset);
}

/** The bytes of each model of a page. */
export function loggedModelSizes(sql: Kysely<Tables>, query: LoggedModelQuery): SizesQuery {
  const parts = ['logged_model_params', 'logged_model_tags'].map((table) =>
    bytesIn(['key', 'value'], text`${text.table(table)} as part where part.model_id = logged_models.id`),
  );
  const points = text`(select count(*) from model_metrics as point where point.model_id = logged_models.id)`;
  const bytes = text<number>`${text.join(parts, text` + `)} + ${pointBytes} * ${points}`;
  return loggedModelsFound(sql, query).select(bytes.as('bytes'));
}

/** Points of the model at hand, on some datasets or on whatever. */
function pointsOf(datasets: readonly Partial<DatasetRef>[]) {
  const points = models
    .selectFrom('model_metrics as point')
    .whereRef('point.model_id', '=', 'logged_models.id');
  if (datasets.length === 0) return points;
  return points.where((point) =>
    point.or(
      datasets.map(({ name, digest }) =>
        point.and({
          ...(name !== undefined && { 'point.dataset_name': name }),
          ...(digest !== undefined && { 'point.dataset_digest': digest }),
        }),
      ),
    ),
  );
}

function clauseOf(clause: Clause, datasets: readonly DatasetRef[]): Expression<SqlBool> {
  switch (clause.entity) {
    case 'metric':
      return models.exists(
        pointsOf(datasets)
          .select(models.lit(1).as('one'))
          .where('point.key', '=', clause.key)
          .where('point.is_nan', '=', 0)
          .where(valueMatch(text.ref('point.value'), clause)),
      );
    case 'param':
    case 'tag':
      return textOf(clause.entity, clause);
    case 'attribute':
      return attributeMatches(clause);
    case 'dataset':
      throw unknownKey(clause.entity, clause.key);
  }
}

function textOf(entity: 'param' | 'tag', clause: Clause): Expression<SqlBool> {
  const entries = models
    .selectFrom(`logged_model_${entity}s as entry`)
    .select(models.lit(1).as('one'))
    .whereRef('entry.model_id', '=', 'logged_models.id')
    .where('entry.key', '=', clause.key);
  if (clause.kind === 'presence')
    return clause.comparator === 'IS NULL' ? models.not(models.exists(entries)) : models.exists(entries);
  if (clause.kind === 'number') throw unknownKey(entity, clause.key);
  return models.exists(entries.where(valueMatch(text.ref('entry.value'), clause)));
}

function attributeMatches(clause: Clause): Expression<SqlBool> {
  if (clause.kind === 'presence') throw unknownKey('attribute', clause.key);
  return valueMatch(text.ref(`logged_models.${columnOf(clause.key)}`), clause);
}

interface SortKey {
  readonly by: Expression<unknown>;
  readonly direction: 'asc' | 'desc';
}

/** A metric sorts by whether it is there, then whether it is a number, then by itself. */
function sortKeys(order: LoggedModelOrder): readonly SortKey[] {
  const direction = order.ascending ? 'asc' : 'desc';
  if ('attribute' in order)
    return [{ by: text.ref(`logged_models.${columnOf(order.attribute)}`), direction }];
  const last = pointsOf(order.dataset ? [order.dataset] : [])
    .where('point.key', '=', order.metric)
    .orderBy('point.timestamp', 'desc')
    .orderBy('point.step', 'desc')
    .orderBy('point.run_id')
    .limit(1);
  const isNumber = last.select('point.is_nan');
  return [
    { by: text`coalesce((${isNumber}), 2)`, direction: 'asc' },
    { by: text`(${last.select('point.value')})`, direction },
  ];
}

function columnOf(key: string): (typeof columns)[keyof typeof columns] {
  if (Object.hasOwn(columns, key)) return columns[key as keyof typeof columns];
  throw unknownKey('attribute', key);
}
