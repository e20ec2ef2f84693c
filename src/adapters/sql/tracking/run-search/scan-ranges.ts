import { type RawBuilder, sql as raw } from 'kysely';
import type { Clause, Condition, Order } from '../../../../tracking/search/ast.ts';
import type { Match } from '../../search-match.ts';
import { type Keyed, hasValue, isAbsence, isKeyed, runColumn } from './conditions.ts';
import { type RunScope, ofKey, isInScope, entryMatch, sortIndex, restOf } from './sort-index.ts';

/** Rows that an index has in the order of the answer. */
export interface Source {
  readonly from: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  readonly startedAt: RawBuilder<unknown>;
  readonly where: Match;
}

/** A part of an answer, after the runs of those before it. */
export interface ScanRange {
  /** Its runs come from all of these, merged by their order. */
  readonly sources: readonly Source[];
  /** What the runs are ordered by; absent where that is the same for all of them. */
  readonly by?: { readonly value: RawBuilder<unknown>; readonly ascending: boolean };
  /** What its runs have no value of. */
  readonly lacking?: Keyed;
  /** What a clause comes to for all runs of the range, or for the row of the source; absent where the run must be asked. */
  readonly matchOf: (clause: Clause) => Match | undefined;
}

/** What is asked of a search that goes along an index. */
export interface IndexScan {
  readonly scope: RunScope;
  /** Whether the experiments hold so few runs of another lifecycle that these are best left out one by one. */
  readonly fewOthers: boolean;
  readonly filter?: Condition;
  readonly order: readonly Order[];
  /** A clause that all runs meet and that leaves one value of its key: its runs lie in the order of their starts. */
  readonly same?: Clause;
  /** Ids of the runs that meet a clause, of clauses that every run must meet. */
  readonly sets: ReadonlyMap<Clause, RawBuilder<unknown>>;
}

/** The parts of an answer by the first thing that it is ordered by: numbers, then NaN, then the runs that have none. */
export function scanRangesOf(scan: IndexScan): readonly ScanRange[] {
  const [first] = scan.order;
  if (!first) return [inOrderOfStart(scan)];
  const { entity, key, ascending } = first;
  if (isKeyed(entity)) return keyedRanges(scan, { entity, key }, ascending);
  const value = runColumn(key);
  const byColumn: ScanRange = { sources: runSources(scan.scope), by: { value, ascending }, matchOf: nothing };
  if (key !== 'end_time') return [byColumn];
  return [
    { ...byColumn, sources: runSources(scan.scope, raw`${value} is not null`) },
    { sources: runSources(scan.scope, raw`${value} is null`), matchOf: nothing },
  ];
}

function inOrderOfStart(scan: IndexScan): ScanRange {
  const { same, scope } = scan;
  if (!same || !isKeyed(same.entity)) return { sources: runSources(scope), matchOf: nothing };
  const keyed = { entity: same.entity, key: same.key };
  return {
    sources: indexedSources(scan, keyed, entryMatch(same)),
    matchOf: (clause) => (clause === same ? raw`1 = 1` : undefined),
  };
}

function keyedRanges(scan: IndexScan, keyed: Keyed, ascending: boolean): readonly ScanRange[] {
  const by = { value: raw`indexed.value`, ascending };
  const ofThis = (clause: Clause): boolean => clause.entity === keyed.entity && clause.key === keyed.key;
  const values: ScanRange = {
    sources: indexedSources(
      scan,
      keyed,
      keyed.entity === 'metric' ? raw`indexed.is_nan = 0` : raw`indexed.is_long = 0`,
    ),
    by,
    matchOf: (clause) => (ofThis(clause) ? entryMatch(clause) : undefined),
  };
  const nans: ScanRange = {
    sources: indexedSources(scan, keyed, raw`indexed.is_nan = 1`),
    matchOf: (clause) => (ofThis(clause) ? raw`1 = 0` : undefined),
  };
  const missing: ScanRange = {
    sources: runSources(scan.scope),
    lacking: keyed,
    matchOf: (clause) => (ofThis(clause) ? (isAbsence(clause) ? raw`1 = 1` : raw`1 = 0`) : undefined),
  };
  return keyed.entity === 'metric' ? [values, nans, missing] : [values, missing];
}

/** Whether a run has no value. Where there are as many values as runs nobody need look for it. */
export function lacks({ experiments }: RunScope, { entity, key }: Keyed, id: RawBuilder<unknown>): Match {
  const keyed = { entity, key };
  return raw`((select count(*) from runs as every where every.experiment_id in (${raw.join(experiments)}))
      <> (select count(*) from ${sortIndex(keyed)} where ${ofKey(keyed, experiments)})
    and not ${hasValue(keyed, id)})`;
}

function nothing(): undefined {
  return undefined;
}

function runSources({ experiments, lifecycles }: RunScope, condition: Match = raw`1 = 1`): readonly Source[] {
  return experiments.flatMap((experiment) =>
    lifecycles.map((lifecycle) => ({
      from: raw`runs`,
      id: raw`runs.id`,
      startedAt: raw`runs.started_at`,
      where: raw`runs.experiment_id = ${experiment} and runs.lifecycle_stage = ${lifecycle} and ${condition}`,
    })),
  );
}

function indexedSources(scan: IndexScan, keyed: Keyed, condition: Match): readonly Source[] {
  const { scope, fewOthers } = scan;
  const hasRuns = !fewOthers || asksRuns(scan);
  const table = sortIndex(keyed);
  return scope.experiments.map((experiment) => {
    const others = restOf({ ...scope, experiments: [experiment] });
    const areAllInScope = !others.lifecycles.length
      ? raw`1 = 1`
      : fewOthers
        ? raw`indexed.run_id not in (select runs.id from runs where ${isInScope(others)})`
        : raw`runs.lifecycle_stage in (${raw.join(scope.lifecycles)})`;
    return {
      from: hasRuns ? raw`${table} cross join runs` : table,
      id: raw`indexed.run_id`,
      startedAt: raw`indexed.started_at`,
      where: raw`${ofKey(keyed, [experiment])} and ${condition} and ${areAllInScope}
        and ${hasRuns ? raw`runs.id = indexed.run_id` : raw`1 = 1`}`,
    };
  });
}

/** Whether the filter or what comes later in the order asks for the runs themselves. */
function asksRuns({ filter, order }: IndexScan): boolean {
  const asks = (condition: Condition): boolean =>
    'of' in condition ? condition.of.some(asks) : condition.entity === 'attribute';
  return (
    order.slice(1).some(({ entity }) => entity === 'attribute') || (filter !== undefined && asks(filter))
  );
}
