import { type RawBuilder, sql as raw } from 'kysely';
import type { RunQuery } from '../../../../tracking/run-store.ts';
import type { Clause, Condition, Order } from '../../../../tracking/search/ast.ts';
import type { Database } from '../../database.ts';
import { countUpTo, rawQuery } from '../../raw-query.ts';
import { type Match, conditionMatch } from '../../search-match.ts';
import { integerIds } from '../experiment-search.ts';
import { clauseMatch, inDirection, isKeyed, orderJoins, orderTerms } from './conditions.ts';
import { type Position, scanRuns } from './index-scan.ts';
import { PageCursors } from './page-cursors.ts';
import type { IndexScan } from './scan-ranges.ts';
import { type RunScope, ofKey, isInScope, scopeOf, indexedRuns, sortIndex, restOf } from './sort-index.ts';

export interface RunSearchOptions {
  /** Runs that are few enough to be collected and put into order. @default 4000 */
  readonly few?: number;
}

/** Experiments that are gone along at one time. */
const mostExperiments = 16;

/** Ids of the runs that a query finds, in its order, from its offset: one more than its limit where there are more. */
export type RunSearch = (query: RunQuery) => Promise<readonly string[]>;

type Counted = Pick<RunQuery, 'experimentIds' | 'view' | 'filter'>;

/**
 * A small query planner. Collecting what a clause matches and sorting it is best where little matches; scanning an index
 * in the order of the answer and checking each run is best where much does. So the planner first counts matches in the
 * indexes, up to `few`.
 */
export function runSearch(database: Database, { few = 4000 }: RunSearchOptions = {}): RunSearch {
  const cursors = new PageCursors<Position>();
  return async (query) => {
    const experiments = integerIds(query.experimentIds);
    if (!experiments.length || query.limit < 1) return [];
    const scope = scopeOf(experiments, query.view);
    const plan = await planRunSearch(database, query, { scope, few });
    if (!plan.scans) return collected(database, query, { scope, among: plan.among });
    const { offset, limit, order = [], filter, experimentIds, view } = query;
    const search = { experimentIds, view, filter, order };
    const scan = { ...plan, scope, order, ...(filter && { filter }) };
    const from = cursors.find(search, offset) ?? { range: 0, after: offset };
    const { ids, next } = await scanRuns(database, scan, { limit, from });
    if (next) cursors.keep(search, offset + limit, next);
    return ids;
  };
}

/** Counts the runs that a search finds. */
export async function countRuns(
  database: Database,
  query: Counted,
  { few = 4000 }: RunSearchOptions = {},
): Promise<number> {
  const experiments = integerIds(query.experimentIds);
  if (!experiments.length) return 0;
  const scope = scopeOf(experiments, query.view);
  const { among } = await planRunSearch(database, { ...query, offset: 0, limit: 1 }, { scope, few });
  const count = raw<{ count: number }>`${foundRuns(among)}
    select count(*) as count from ${sourceOf(among)} where ${matchOf(query.filter, { scope, among })}`;
  const [{ rows }] = await database.read([rawQuery(database.sql, count)]);
  return Number(rows[0]?.count ?? 0);
}

/** The plan of a search, chosen from counts in the indexes. */
export interface RunSearchPlan extends Pick<IndexScan, 'fewOthers' | 'same' | 'sets'> {
  /** Whether there are many runs and an index has them in their order. */
  readonly scans: boolean;
  readonly among?: FewRuns;
}

/** Ids of few runs, among which are all that meet a condition. */
interface FewRuns {
  readonly condition: Condition;
  readonly set: RawBuilder<unknown>;
}

interface Bounds {
  readonly scope: RunScope;
  readonly few: number;
}

export async function planRunSearch(
  { sql, read }: Database,
  query: RunQuery,
  { scope, few }: Bounds,
): Promise<RunSearchPlan> {
  const { order: [first] = [] } = query;
  const needed = mustHold(query.filter);
  const indexed = needed.flatMap((condition) => {
    const set = indexedRuns(condition, scope);
    return set ? [{ condition, set }] : [];
  });
  const results = await read([
    countUpTo(sql, runsOf(scope), few),
    countUpTo(sql, runsOf(restOf(scope)), few),
    countUpTo(sql, longTexts(first, scope), 1),
    ...indexed.map(({ set }) => countUpTo(sql, set, few)),
  ]);
  const [inScope = few, others = few, long = 0, ...counts] = results.map(({ rows }) => rows[0]?.count ?? few);
  const least = Math.min(...counts);
  const among = least < few ? indexed[counts.indexOf(least)] : undefined;
  const same = first ? undefined : needed.find(leavesOneValue);
  return {
    scans: !among && inScope >= few && !long && scope.experiments.length <= mostExperiments,
    ...(among && { among }),
    fewOthers: others < few,
    ...(same && { same }),
    sets: new Map(indexed.flatMap(({ condition, set }) => (isAsked(condition) ? [[condition, set]] : []))),
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

function runsOf(scope: RunScope): RawBuilder<unknown> {
  return raw`select 1 from runs where ${isInScope(scope)}`;
}

/** Texts to order by that are not whole in their index. */
function longTexts(first: Order | undefined, { experiments }: RunScope): RawBuilder<unknown> {
  if (!first || (first.entity !== 'param' && first.entity !== 'tag')) return raw`select 1 where 1 = 0`;
  const keyed = { entity: first.entity, key: first.key };
  return raw`select 1 from ${sortIndex(keyed)} where ${ofKey(keyed, experiments)} and indexed.is_long = 1`;
}

interface Collection {
  readonly scope: RunScope;
  readonly among: FewRuns | undefined;
}

async function collected(
  { read, sql }: Database,
  { filter, order = [], limit, offset }: RunQuery,
  { scope, among }: Collection,
): Promise<readonly string[]> {
  const id = raw`runs.id`;
  const terms = [
    ...orderTerms(order).map(({ value, ascending }) => inDirection(value, ascending)),
    raw`runs.started_at desc`,
    id,
  ];
  const ids = raw<{ id: string }>`${foundRuns(among)}
    select runs.id from ${sourceOf(among)} ${orderJoins(order, id)}
    where ${matchOf(filter, { scope, among })}
    order by ${raw.join(terms, raw`, `)}
    limit ${limit + 1} offset ${offset}`;
  const [{ rows }] = await read([rawQuery(sql, ids)]);
  return rows.map((row) => row.id);
}

function foundRuns(among: FewRuns | undefined): RawBuilder<unknown> {
  return among
    ? raw`with found (run_id) as materialized (select distinct * from (${among.set}) as runs_of_condition)`
    : raw``;
}

function sourceOf(among: FewRuns | undefined): RawBuilder<unknown> {
  return among ? raw`found cross join runs` : raw`runs`;
}

function matchOf(filter: Condition | undefined, { scope, among }: Collection): Match {
  const conditions: Match[] = [
    ...(among ? [raw<boolean>`runs.id = found.run_id`] : []),
    isInScope(scope),
    ...mustHold(filter)
      .filter((condition) => condition !== among?.condition || 'of' in condition)
      .map((condition) => raw<boolean>`(${conditionMatch(condition, (clause) => clauseMatch(clause))})`),
  ];
  return raw`${raw.join(conditions, raw` and `)}`;
}
