import { sql as raw, type RawBuilder } from 'kysely';
import type { Clause, Condition, Order } from '../../../tracking/search/ast.ts';
import { hasValue, isAbsence, isKeyed, runColumn, type Keyed } from './run-clauses.ts';
import { placeMatch, restOf, type Place } from './run-place.ts';
import { ofKey, rankedTable, rankMatch } from './run-ranks.ts';
import type { Match } from '../search-match.ts';

/** Rows that an index has in the order of the answer. */
export interface Source {
  readonly from: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  readonly startedAt: RawBuilder<unknown>;
  readonly where: Match;
}

/** A part of an answer, after the runs of those before it. */
export interface Segment {
  /** Its runs come from all of these, merged by their order. */
  readonly sources: readonly Source[];
  /** What the runs are ordered by; absent where that is the same for all of them. */
  readonly by?: { readonly value: RawBuilder<unknown>; readonly ascending: boolean };
  /** What its runs have no value of. */
  readonly lacking?: Keyed;
  /** What a clause comes to for all runs of the segment, or for the row of the source; absent where the run must be asked. */
  readonly own: (clause: Clause) => Match | undefined;
}

/** What is asked of a search that goes along an index. */
export interface Walk {
  readonly place: Place;
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
export function segmentsOf(walk: Walk): readonly Segment[] {
  const [first] = walk.order;
  if (!first) return [inOrderOfStart(walk)];
  const { entity, key, ascending } = first;
  if (isKeyed(entity)) return keyedSegments(walk, { entity, key }, ascending);
  const value = runColumn(key);
  const byColumn: Segment = { sources: runSources(walk.place), by: { value, ascending }, own: nothing };
  if (key !== 'end_time') return [byColumn];
  return [
    { ...byColumn, sources: runSources(walk.place, raw`${value} is not null`) },
    { sources: runSources(walk.place, raw`${value} is null`), own: nothing },
  ];
}

function inOrderOfStart(walk: Walk): Segment {
  const { same, place } = walk;
  if (!same || !isKeyed(same.entity)) return { sources: runSources(place), own: nothing };
  const keyed = { entity: same.entity, key: same.key };
  return {
    sources: rankedSources(walk, keyed, rankMatch(same)),
    own: (clause) => (clause === same ? raw`1 = 1` : undefined),
  };
}

function keyedSegments(walk: Walk, keyed: Keyed, ascending: boolean): readonly Segment[] {
  const by = { value: raw`ranked.value`, ascending };
  const ofThis = (clause: Clause): boolean => clause.entity === keyed.entity && clause.key === keyed.key;
  const values: Segment = {
    sources: rankedSources(
      walk,
      keyed,
      keyed.entity === 'metric' ? raw`ranked.is_nan = 0` : raw`ranked.is_long = 0`,
    ),
    by,
    own: (clause) => (ofThis(clause) ? rankMatch(clause) : undefined),
  };
  const nans: Segment = {
    sources: rankedSources(walk, keyed, raw`ranked.is_nan = 1`),
    own: (clause) => (ofThis(clause) ? raw`1 = 0` : undefined),
  };
  const missing: Segment = {
    sources: runSources(walk.place),
    lacking: keyed,
    own: (clause) => (ofThis(clause) ? (isAbsence(clause) ? raw`1 = 1` : raw`1 = 0`) : undefined),
  };
  return keyed.entity === 'metric' ? [values, nans, missing] : [values, missing];
}

/** Whether a run has no value. Where there are as many values as runs nobody need look for it. */
export function lacks({ experiments }: Place, { entity, key }: Keyed, id: RawBuilder<unknown>): Match {
  const keyed = { entity, key };
  return raw`((select count(*) from runs as every where every.experiment_id in (${raw.join(experiments)}))
      <> (select count(*) from ${rankedTable(keyed)} where ${ofKey(keyed, experiments)})
    and not ${hasValue(keyed, id)})`;
}

function nothing(): undefined {
  return undefined;
}

function runSources({ experiments, lifecycles }: Place, condition: Match = raw`1 = 1`): readonly Source[] {
  return experiments.flatMap((experiment) =>
    lifecycles.map((lifecycle) => ({
      from: raw`runs`,
      id: raw`runs.id`,
      startedAt: raw`runs.started_at`,
      where: raw`runs.experiment_id = ${experiment} and runs.lifecycle_stage = ${lifecycle} and ${condition}`,
    })),
  );
}

function rankedSources(walk: Walk, keyed: Keyed, condition: Match): readonly Source[] {
  const { place, fewOthers } = walk;
  const hasRuns = !fewOthers || asksRuns(walk);
  const table = rankedTable(keyed);
  return place.experiments.map((experiment) => {
    const others = restOf({ ...place, experiments: [experiment] });
    const isInPlace = !others.lifecycles.length
      ? raw`1 = 1`
      : fewOthers
        ? raw`ranked.run_id not in (select runs.id from runs where ${placeMatch(others)})`
        : raw`runs.lifecycle_stage in (${raw.join(place.lifecycles)})`;
    return {
      from: hasRuns ? raw`${table} cross join runs` : table,
      id: raw`ranked.run_id`,
      startedAt: raw`ranked.started_at`,
      where: raw`${ofKey(keyed, [experiment])} and ${condition} and ${isInPlace}
        and ${hasRuns ? raw`runs.id = ranked.run_id` : raw`1 = 1`}`,
    };
  });
}

/** Whether the filter or what comes later in the order asks for the runs themselves. */
function asksRuns({ filter, order }: Walk): boolean {
  const asks = (condition: Condition): boolean =>
    'of' in condition ? condition.of.some(asks) : condition.entity === 'attribute';
  return (
    order.slice(1).some(({ entity }) => entity === 'attribute') || (filter !== undefined && asks(filter))
  );
}
