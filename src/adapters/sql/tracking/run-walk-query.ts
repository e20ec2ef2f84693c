import { sql as raw, type RawBuilder } from 'kysely';
import type { Clause } from '../../../tracking/search/ast.ts';
import { clauseMatch, hasValue, isAbsence, type Keyed } from './run-clauses.ts';
import { inDirection, orderJoins, orderTerms } from './run-order.ts';
import { lacks, type Segment, type Source, type Walk } from './run-segments.ts';
import { conditionMatch, type Match } from '../search-match.ts';

/** A run, and what it is ordered by. */
export interface WalkedRow {
  readonly id: string;
  readonly started_at: number;
  readonly ordered_by?: number | string;
}

/** A segment, and what of it is asked for. */
export interface SegmentPart {
  readonly walk: Walk;
  readonly segment: Segment;
  /** How many of its runs come before, or the last of them. */
  readonly after: number | WalkedRow;
  /** The last row that is looked at; the end of the segment where none is given. */
  readonly until?: WalkedRow;
  /** Clauses of which the runs that meet them are collected, instead of asking each run. */
  readonly collects?: ReadonlySet<Clause>;
}

/** The order of the rows, as `rowsOfSegment` names its columns. */
export function orderOfSegment({ segment: { by }, walk }: SegmentPart): RawBuilder<unknown> {
  const terms = [
    ...(by ? [inDirection(raw`ordered_by`, by.ascending)] : []),
    ...restTerms(walk).map(({ ascending }, place) => inDirection(restName(place), ascending)),
    raw`started_at desc`,
    raw`id`,
  ];
  return raw`order by ${raw.join(terms, raw`, `)}`;
}

/** Rows of a segment, in no order. */
export function rowsOfSegment(part: SegmentPart): RawBuilder<unknown> {
  return raw.join(
    part.segment.sources.map((source) => rowsOfSource(part, source)),
    raw` union all `,
  );
}

function rowsOfSource(part: SegmentPart, source: Source): RawBuilder<unknown> {
  const { walk, segment, after, until } = part;
  const { filter, order } = walk;
  const columns = [
    raw`${source.id} as id`,
    raw`${source.startedAt} as started_at`,
    ...(segment.by ? [raw`${segment.by.value} as ordered_by`] : []),
    ...restTerms(walk).map(({ value }, place) => raw`${value} as ${restName(place)}`),
  ];
  const conditions = [
    source.where,
    ...(typeof after === 'number' ? [] : [isBeyond(after, segment, source)]),
    ...(until ? [isWithin(until, segment, source)] : []),
    ...(segment.lacking ? [absence(part, segment.lacking, source)] : []),
    ...(filter ? [raw`(${conditionMatch(filter, matchOf(part, source))})`] : []),
  ];
  return raw`select ${raw.join(columns)} from ${source.from} ${orderJoins(order.slice(1), source.id)}
    where ${raw.join(conditions, raw` and `)}`;
}

function matchOf(part: SegmentPart, source: Source): (clause: Clause) => Match {
  const { walk, segment, collects } = part;
  return (clause) => {
    const own = segment.own(clause);
    if (own) return own;
    const set = collects?.has(clause) ? walk.sets.get(clause) : undefined;
    // Within a function it is only looked up: the order leads, not what was collected.
    if (set) return raw`coalesce(${source.id} in (${set}), 1 = 0)`;
    return isAbsence(clause) ? absence(part, clause, source) : clauseMatch(clause, source.id);
  };
}

/** Whether a run has no value: to look whether any run has none pays where few have. */
function absence({ walk, collects }: SegmentPart, keyed: Keyed, { id }: Source): Match {
  return collects ? lacks(walk.place, keyed, id) : raw`not ${hasValue(keyed, id)}`;
}

/** What of a source comes after a row in the order; a range of the index first. */
function isBeyond(row: WalkedRow, { by }: Segment, { id, startedAt }: Source): Match {
  const { started_at: start, ordered_by: value } = row;
  const isLater = raw`(${startedAt} < ${start} or (${startedAt} = ${start} and ${id} > ${row.id}))`;
  if (!by) return raw`${startedAt} <= ${start} and ${isLater}`;
  const comparator = raw.raw(by.ascending ? '>=' : '<=');
  return raw`${by.value} ${comparator} ${value} and (${by.value} <> ${value} or ${isLater})`;
}

/** What of a source comes before a row in the order, and the row. */
function isWithin(row: WalkedRow, { by }: Segment, { id, startedAt }: Source): Match {
  const { started_at: start, ordered_by: value } = row;
  const isEarlier = raw`(${startedAt} > ${start} or (${startedAt} = ${start} and ${id} <= ${row.id}))`;
  if (!by) return raw`${startedAt} >= ${start} and ${isEarlier}`;
  const comparator = raw.raw(by.ascending ? '<=' : '>=');
  return raw`${by.value} ${comparator} ${value} and (${by.value} <> ${value} or ${isEarlier})`;
}

function restTerms({ order }: Walk): ReturnType<typeof orderTerms> {
  return orderTerms(order.slice(1));
}

function restName(place: number): RawBuilder<unknown> {
  return raw.ref(`rest_${place}`);
}
