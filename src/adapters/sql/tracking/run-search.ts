import { sql as raw, type RawBuilder } from 'kysely';
import type { Clause, Condition, Order } from '../../../tracking/search/ast.ts';
import type { RunQuery } from '../../../tracking/run-store.ts';
import type { Database } from '../database.ts';
import { integerId } from './experiment-search.ts';
import { countUpTo, rawQuery } from '../raw-query.ts';
import { clauseMatch, isKeyed } from './run-clauses.ts';
import { inDirection, orderJoins, orderTerms } from './run-order.ts';
import { placeMatch, placeOf, restOf, type Place } from './run-place.ts';
import { ofKey, rankedRuns, rankedTable } from './run-ranks.ts';
import type { Walk } from './run-segments.ts';
import { walkRuns, type Position } from './run-walk.ts';
import { SearchBookmarks } from './search-bookmarks.ts';
import { conditionMatch, type Match } from '../search-match.ts';

export interface RunSearchOptions {
  /** Runs that are few enough to be collected and put into order. @default 4000 */
  readonly few?: number;
}

/** Experiments that are gone along at one time. */
const mostExperiments = 16;

/** Ids of the runs that a query finds, in its order, from its offset: one more than its limit where there are more. */
export type RunSearch = (query: RunQuery) => Promise<readonly string[]>;

/**
 * Whether it is better to collect what a clause matches and put that into order, or to go along the order and ask each
 * run, depends on how much matches. So that is counted first, up to `few`, in the indexes.
 */
export function runSearch(database: Database, { few = 4000 }: RunSearchOptions = {}): RunSearch {
  const bookmarks = new SearchBookmarks<Position>();
  return async (query) => {
    const experiments = query.experimentIds.map(integerId).filter((id) => id >= 0);
    if (!experiments.length || query.limit < 1) return [];
    const place = placeOf([...new Set(experiments)], query.view);
    const plan = await planOf(database, query, { place, few });
    if (!plan.walks) return collected(database, query, { place, among: plan.among });
    const { offset, limit, order = [], filter, experimentIds, view } = query;
    const search = { experimentIds, view, filter, order };
    const walk = { ...plan, place, order, ...(filter && { filter }) };
    const from = bookmarks.find(search, offset) ?? { segment: 0, after: offset };
    const { ids, next } = await walkRuns(database, walk, { limit, from });
    if (next) bookmarks.keep(search, offset + limit, next);
    return ids;
  };
}

interface Plan extends Pick<Walk, 'fewOthers' | 'same' | 'sets'> {
  /** Whether there are many runs and an index has them in their order. */
  readonly walks: boolean;
  readonly among?: FewRuns;
}

/** Ids of few runs, among which are all that meet a condition. */
interface FewRuns {
  readonly condition: Condition;
  readonly set: RawBuilder<unknown>;
}

interface Bounds {
  readonly place: Place;
  readonly few: number;
}

async function planOf({ sql, read }: Database, query: RunQuery, { place, few }: Bounds): Promise<Plan> {
  const { order: [first] = [] } = query;
  const needed = mustHold(query.filter);
  const known = needed.flatMap((condition) => {
    const set = rankedRuns(condition, place);
    return set ? [{ condition, set }] : [];
  });
  const answers = await read([
    countUpTo(sql, runsOf(place), few),
    countUpTo(sql, runsOf(restOf(place)), few),
    countUpTo(sql, longTexts(first, place), 1),
    ...known.map(({ set }) => countUpTo(sql, set, few)),
  ]);
  const [inPlace = few, others = few, long = 0, ...counts] = answers.map(({ rows }) => rows[0]?.count ?? few);
  const least = Math.min(...counts);
  const among = least < few ? known[counts.indexOf(least)] : undefined;
  const same = first ? undefined : needed.find(leavesOneValue);
  return {
    walks: !among && inPlace >= few && !long && place.experiments.length <= mostExperiments,
    ...(among && { among }),
    fewOthers: others < few,
    ...(same && { same }),
    sets: new Map(known.flatMap(({ condition, set }) => (isAsked(condition) ? [[condition, set]] : []))),
  };
}

/** Conditions that every run must meet that is found. */
function mustHold(condition: Condition | undefined): readonly Condition[] {
  if (!condition) return [];
  return 'of' in condition && condition.kind === 'all' ? condition.of.flatMap(mustHold) : [condition];
}

/** Attributes are at hand where the run is; for anything else another table is asked. */
function isAsked(condition: Condition): condition is Clause {
  return !('of' in condition) && condition.entity !== 'attribute';
}

function leavesOneValue(condition: Condition): condition is Clause {
  return condition.kind === 'text' && condition.comparator === '=' && isKeyed(condition.entity);
}

function runsOf(place: Place): RawBuilder<unknown> {
  return raw`select 1 from runs where ${placeMatch(place)}`;
}

/** Texts to order by that are not whole in their index. */
function longTexts(first: Order | undefined, { experiments }: Place): RawBuilder<unknown> {
  if (!first || (first.entity !== 'param' && first.entity !== 'tag')) return raw`select 1 where 1 = 0`;
  const keyed = { entity: first.entity, key: first.key };
  return raw`select 1 from ${rankedTable(keyed)} where ${ofKey(keyed, experiments)} and ranked.is_long = 1`;
}

interface Collection {
  readonly place: Place;
  readonly among: FewRuns | undefined;
}

async function collected(
  { read, sql }: Database,
  { filter, order = [], limit, offset }: RunQuery,
  { place, among }: Collection,
): Promise<readonly string[]> {
  const id = raw`runs.id`;
  const conditions: Match[] = [
    ...(among ? [raw<boolean>`runs.id = found.run_id`] : []),
    placeMatch(place),
    ...mustHold(filter)
      .filter((condition) => condition !== among?.condition || 'of' in condition)
      .map((condition) => raw<boolean>`(${conditionMatch(condition, (clause) => clauseMatch(clause, id))})`),
  ];
  const terms = [
    ...orderTerms(order).map(({ value, ascending }) => inDirection(value, ascending)),
    raw`runs.started_at desc`,
    id,
  ];
  const found = raw`with found (run_id) as materialized (select distinct * from (${among?.set}) as runs_of_condition)`;
  const ids = raw<{ id: string }>`${among ? found : raw``}
    select runs.id from ${among ? raw`found cross join runs` : raw`runs`} ${orderJoins(order, id)}
    where ${raw.join(conditions, raw` and `)}
    order by ${raw.join(terms, raw`, `)}
    limit ${limit + 1} offset ${offset}`;
  const [{ rows }] = await read([rawQuery(sql, ids)]);
  return rows.map((row) => row.id);
}
