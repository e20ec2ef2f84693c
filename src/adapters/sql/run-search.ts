import { sql as raw, type Kysely, type RawBuilder } from 'kysely';
import type { Clause, Condition, Order } from '../../tracking/search/ast.ts';
import type { RunQuery } from '../../tracking/run-store.ts';
import type { Database } from './database.ts';
import { integerId } from './experiment-search.ts';
import { clauseMatch, indexedRuns, runColumn } from './run-clauses.ts';
import { conditionMatch, type Match } from './search-match.ts';
import type { Tables } from './tables.ts';

/** What is few enough to be collected before it is looked through. */
const few = 2000;

/**
 * Ids of the runs that a query finds, in its order, from its offset: one more than its limit where there are more.
 *
 * Whether it is better to collect what a clause matches and look there, or to walk along the order and ask each run,
 * depends on how much matches. So that is counted first, up to `few`, in the indexes.
 */
export async function searchRunIds(database: Database, query: RunQuery): Promise<readonly string[]> {
  const experiments = query.experimentIds.map(integerId).filter((id) => id >= 0);
  if (!experiments.length || query.limit < 1) return [];
  const found = await foundRuns(database, query, experiments);
  const [first] = query.order ?? [];
  if (first?.entity === 'metric' && found.many) return byFirstMetric(database, query, { found, first });
  return idsOf(database, query, { found, offset: query.offset });
}

interface Found {
  /** What holds for every run that the query finds. */
  readonly match: Match;
  /** More than `few` runs are in the experiments, and no clause leaves fewer. */
  readonly many: boolean;
}

async function foundRuns(
  { sql, read }: Database,
  { view, filter }: RunQuery,
  experiments: readonly number[],
): Promise<Found> {
  const clauses = mustHold(filter);
  const indexed = clauses.map((clause) => ({ clause, runs: indexedRuns(clause) }));
  const counts = await read([
    countUpTo(sql, raw`select 1 from runs where ${placeMatch(raw`runs.experiment_id`, experiments, view)}`),
    ...indexed.flatMap(({ runs }) => (runs ? [countUpTo(sql, runs)] : [])),
  ]);
  const [inPlace = few, ...counted] = counts.map(({ rows }) => rows[0]?.count ?? few);
  const withIndex = indexed.flatMap(({ clause, runs }) => (runs ? [clause] : []));
  const selective = new Set(withIndex.filter((_, nth) => (counted[nth] ?? few) < few));
  const match = (clause: Clause): Match => {
    const runs = selective.has(clause) ? indexedRuns(clause) : undefined;
    return runs ? raw`runs.id in (${runs})` : clauseMatch(clause);
  };
  const condition = filter ? raw<boolean>` and (${conditionMatch(filter, match)})` : raw``;
  // A sum has no index: the few runs that are collected lead then, not all of the experiment.
  const experiment = selective.size ? raw`runs.experiment_id + 0` : raw`runs.experiment_id`;
  return {
    match: raw`${placeMatch(experiment, experiments, view)}${condition}`,
    many: inPlace >= few && !selective.size,
  };
}

/** Clauses that every run must meet that is found. */
function mustHold(condition: Condition | undefined): readonly Clause[] {
  if (!condition) return [];
  if (!('of' in condition)) return [condition];
  return condition.kind === 'all' ? condition.of.flatMap(mustHold) : [];
}

function placeMatch(
  experiment: RawBuilder<unknown>,
  experiments: readonly number[],
  view: RunQuery['view'],
): Match {
  const lifecycles = view === 'all' ? ['active', 'deleted'] : [view];
  return raw`${experiment} in (${raw.join(experiments)}) and runs.lifecycle_stage in (${raw.join(lifecycles)})`;
}

function countUpTo(sql: Kysely<Tables>, rows: RawBuilder<unknown>) {
  return sql
    .selectFrom(raw<{ one: number }>`(${rows} limit ${few})`.as('some'))
    .select((some) => some.fn.countAll<number>().as('count'));
}

interface Cut {
  readonly found: Found;
  readonly offset: number;
}

async function idsOf(
  { read, sql }: Database,
  query: RunQuery,
  { found, offset }: Cut,
): Promise<readonly string[]> {
  const order = query.order ?? [];
  const joins = order.flatMap((item, place) => joinFor(item, place));
  const ids = raw<{ id: string }>`select runs.id from runs ${raw.join(joins, raw` `)} where ${found.match}
    order by ${raw.join([...order.flatMap(orderTerms), ...lastTerms], raw`, `)}
    limit ${query.limit + 1} offset ${offset}`;
  const [{ rows }] = await read([compilable(sql, ids)]);
  return rows.map(({ id }) => id);
}

interface Ranking {
  readonly found: Found;
  readonly first: Order;
}

/**
 * The runs that have a number there come in the order of the index, so that only a page of them is looked at; those
 * with NaN and those with nothing follow, where the page reaches that far.
 */
async function byFirstMetric(
  database: Database,
  query: RunQuery,
  { found, first }: Ranking,
): Promise<readonly string[]> {
  const { sql, read } = database;
  const rest = query.order?.slice(1) ?? [];
  const joins = rest.flatMap((item, place) => joinFor(item, place));
  const from = raw`from latest_metrics as ranked cross join runs ${raw.join(joins, raw` `)}
    where runs.id = ranked.run_id and ranked.key = ${first.key} and ranked.is_nan = 0 and ${found.match}`;
  const direction = raw.raw(first.ascending ? 'asc' : 'desc');
  const terms = [raw`ranked.value ${direction}`, ...rest.flatMap(orderTerms), ...lastTerms];
  const numbers = raw<{ id: string }>`select runs.id ${from} order by ${raw.join(terms, raw`, `)}
    limit ${query.limit + 1} offset ${query.offset}`;
  const [{ rows }] = await read([compilable(sql, numbers)]);
  const ids = rows.map(({ id }) => id);
  if (ids.length > query.limit) return ids;
  const before = ids.length
    ? query.offset + ids.length
    : await countOf(database, raw<{ count: number }>`select count(*) as count ${from}`);
  const hasNumber = raw`select 1 from latest_metrics as ranked
    where ranked.run_id = runs.id and ranked.key = ${first.key} and ranked.is_nan = 0`;
  const others: Found = { ...found, match: raw`${found.match} and not exists (${hasNumber})` };
  const short = { ...query, limit: query.limit - ids.length };
  const more = await idsOf(database, short, { found: others, offset: Math.max(0, query.offset - before) });
  return [...ids, ...more];
}

async function countOf({ sql, read }: Database, query: RawBuilder<{ count: number }>): Promise<number> {
  const [{ rows }] = await read([compilable(sql, query)]);
  return rows[0]?.count ?? 0;
}

function compilable<Row>(sql: Kysely<Tables>, query: RawBuilder<Row>) {
  return { compile: () => query.compile(sql) };
}

const lastTerms: readonly RawBuilder<unknown>[] = [raw`runs.started_at desc`, raw`runs.id`];

/** The table in which a value to order by lies, under a name for its place in the order. */
function joinFor({ entity, key }: Order, place: number): readonly RawBuilder<unknown>[] {
  const name = orderName(place);
  const table = { metric: 'latest_metrics', param: 'params', tag: 'run_tags', attribute: '', dataset: '' }[
    entity
  ];
  if (!table) return [];
  return [raw`left join ${raw.table(table)} as ${name} on ${name}.run_id = runs.id and ${name}.key = ${key}`];
}

function orderTerms({ entity, key, ascending }: Order, place: number): readonly RawBuilder<unknown>[] {
  const direction = raw.raw(ascending ? 'asc' : 'desc');
  const name = orderName(place);
  if (entity === 'metric')
    return [
      raw`case when ${name}.is_nan = 1 then 1 when ${name}.is_nan is null then 2 else 0 end`,
      raw`${name}.value ${direction}`,
    ];
  const value = entity === 'attribute' ? runColumn(key) : raw`${name}.value`;
  if (entity === 'attribute' && key !== 'end_time') return [raw`${value} ${direction}`];
  return [raw`case when ${value} is null then 1 else 0 end`, raw`${value} ${direction}`];
}

function orderName(place: number): RawBuilder<unknown> {
  return raw.ref(`ordered_${place}`);
}
