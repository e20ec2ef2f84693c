import { type RawBuilder, sql as raw } from 'kysely';
import type { Clause, Condition } from '../../../../tracking/search/ast.ts';
import type { Database } from '../../database.ts';
import { countUpTo, rawQuery } from '../../raw-query.ts';
import { type Match, conditionMatch } from '../../search-match.ts';
import {
  type Keyed,
  clauseMatch,
  hasValue,
  inDirection,
  isAbsence,
  orderJoins,
  orderTerms,
} from './conditions.ts';
import { type ScanRange, type Source, type IndexScan, lacks, scanRangesOf } from './scan-ranges.ts';

/** Runs that are read for each run that the page still needs. */
const mostLooks = 10;
/** Runs that are held at one time for a clause: a database has memory for so many. */
const mostCollected = 100_000;

/** Where in an answer a page begins: in which range, and after how many of its runs or after which. */
export interface Position {
  readonly range: number;
  readonly after: number | ScannedRow;
}

export interface ScannedPage {
  /** One more than the limit where there are more. */
  readonly ids: readonly string[];
  /** Where the next page starts; absent on the last page. */
  readonly next?: Position;
}

/** Goes along the indexes of an order, range by range, until a page is full. */
export async function scanRuns(
  database: Database,
  scan: IndexScan,
  { limit, from }: { readonly limit: number; readonly from: Position },
): Promise<ScannedPage> {
  const ids: string[] = [];
  let { after } = from;
  for (const [index, range] of scanRangesOf(scan).entries()) {
    if (index < from.range) continue;
    const part: RangePart = { scan, range, after };
    const missing = limit + 1 - ids.length;
    const rows = await rowsOf(database, part, missing);
    ids.push(...rows.map(({ id }) => id));
    if (rows.length === missing)
      return { ids, next: { range: index, after: endOf(part, rows.slice(0, -1)) } };
    const skipped = typeof after === 'number' && !rows.length ? after : 0;
    after = skipped ? Math.max(0, skipped - (await sizeOf(database, part))) : 0;
  }
  return { ids };
}

/**
 * Runs are asked one by one while many of them are found. Where too few are, as when a filter leaves those at the other end
 * of the order, what meets its clauses is collected first, and each run only looked up there.
 */
async function rowsOf(database: Database, part: RangePart, limit: number): Promise<readonly ScannedRow[]> {
  if (part.scan.order.length > 1 || !asksRuns(part)) return selectRows(database, part, limit);
  const until = await rowAfter(database, part, limit * mostLooks);
  if (!until) return selectRows(database, part, limit);
  const near = await selectRows(database, { ...part, until }, limit);
  if (near.length === limit) return near;
  return selectRows(database, { ...part, collects: await collectable(database, part) }, limit);
}

function asksRuns({ scan, range }: RangePart): boolean {
  const asks = (condition: Condition): boolean =>
    'of' in condition ? condition.of.some(asks) : isAbsence(condition) && !range.matchOf(condition);
  if (range.lacking || (scan.filter && asks(scan.filter))) return true;
  return [...scan.sets.keys()].some((clause) => !range.matchOf(clause));
}

async function collectable(
  { sql, read }: Database,
  { scan, range }: RangePart,
): Promise<ReadonlySet<Clause>> {
  const asked = [...scan.sets].filter(([clause]) => !range.matchOf(clause));
  const counts = await read(asked.map(([, set]) => countUpTo(sql, set, mostCollected)));
  const small = asked.filter((_, index) => (counts[index]?.rows[0]?.count ?? mostCollected) < mostCollected);
  return new Set(small.map(([clause]) => clause));
}

/** Where a part of a page ends. What is ordered by more than one thing is counted. */
function endOf({ scan, after }: RangePart, rows: readonly ScannedRow[]): Position['after'] {
  if (scan.order.length > 1) return (typeof after === 'number' ? after : 0) + rows.length;
  return rows.at(-1) ?? after;
}

async function selectRows(
  { sql, read }: Database,
  part: RangePart,
  limit: number,
): Promise<readonly ScannedRow[]> {
  const offset = typeof part.after === 'number' ? part.after : 0;
  const query = raw<ScannedRow>`${rowsOfRange(part)} ${orderOfRange(part)} limit ${limit} offset ${offset}`;
  const [{ rows }] = await read([rawQuery(sql, query)]);
  return rows;
}

/** The row of a range that has so many before it, whether a filter finds them or not. */
async function rowAfter(
  { sql, read }: Database,
  part: RangePart,
  count: number,
): Promise<ScannedRow | undefined> {
  const { filter: _filter, ...scan } = part.scan;
  const { lacking: _lacking, ...range } = part.range;
  const every = { ...part, scan, range };
  const offset = count + (typeof part.after === 'number' ? part.after : 0);
  const query = raw<ScannedRow>`${rowsOfRange(every)} ${orderOfRange(every)} limit 1 offset ${offset}`;
  const [{ rows }] = await read([rawQuery(sql, query)]);
  return rows[0];
}

async function sizeOf({ sql, read }: Database, part: RangePart): Promise<number> {
  const query = raw<{ count: number }>`select count(*) as count from (${rowsOfRange(part)}) as part`;
  const [{ rows }] = await read([rawQuery(sql, query)]);
  return rows[0]?.count ?? 0;
}

/** A run, and what it is ordered by. */
export interface ScannedRow {
  readonly id: string;
  readonly started_at: number;
  readonly ordered_by?: number | string;
}

/** A range, and what of it is asked for. */
export interface RangePart {
  readonly scan: IndexScan;
  readonly range: ScanRange;
  /** How many of its runs come before, or the last of them. */
  readonly after: number | ScannedRow;
  /** The last row that is looked at; the end of the range where none is given. */
  readonly until?: ScannedRow;
  /** Clauses of which the runs that meet them are collected, instead of asking each run. */
  readonly collects?: ReadonlySet<Clause>;
}

/** The order of the rows, as `rowsOfRange` names its columns. */
function orderOfRange({ range: { by }, scan }: RangePart): RawBuilder<unknown> {
  const terms = [
    ...(by ? [inDirection(raw`ordered_by`, by.ascending)] : []),
    ...restTerms(scan).map(({ ascending }, index) => inDirection(restName(index), ascending)),
    raw`started_at desc`,
    raw`id`,
  ];
  return raw`order by ${raw.join(terms, raw`, `)}`;
}

/** Rows of a range, in no order. */
function rowsOfRange(part: RangePart): RawBuilder<unknown> {
  return raw.join(
    part.range.sources.map((source) => rowsOfSource(part, source)),
    raw` union all `,
  );
}

function rowsOfSource(part: RangePart, source: Source): RawBuilder<unknown> {
  const { scan, range, after, until } = part;
  const { filter, order } = scan;
  const columns = [
    raw`${source.id} as id`,
    raw`${source.startedAt} as started_at`,
    ...(range.by ? [raw`${range.by.value} as ordered_by`] : []),
    ...restTerms(scan).map(({ value }, index) => raw`${value} as ${restName(index)}`),
  ];
  const conditions = [
    source.where,
    ...(typeof after === 'number' ? [] : [isBeyond(after, range, source)]),
    ...(until ? [isWithin(until, range, source)] : []),
    ...(range.lacking ? [absence(part, range.lacking, source)] : []),
    ...(filter ? [raw`(${conditionMatch(filter, matchOf(part, source))})`] : []),
  ];
  return raw`select ${raw.join(columns)} from ${source.from} ${orderJoins(order.slice(1), source.id)}
    where ${raw.join(conditions, raw` and `)}`;
}

function matchOf(part: RangePart, source: Source): (clause: Clause) => Match {
  const { scan, range, collects } = part;
  return (clause) => {
    const match = range.matchOf(clause);
    if (match) return match;
    const set = collects?.has(clause) ? scan.sets.get(clause) : undefined;
    // Within a function it is only looked up: the order leads, not what was collected.
    if (set) return raw`coalesce(${source.id} in (${set}), 1 = 0)`;
    return isAbsence(clause) ? absence(part, clause, source) : clauseMatch(clause, source.id);
  };
}

/** Whether a run has no value: to look whether any run has none pays where few have. */
function absence({ scan, collects }: RangePart, keyed: Keyed, { id }: Source): Match {
  return collects ? lacks(scan.scope, keyed, id) : raw`not ${hasValue(keyed, id)}`;
}

/** What of a source comes after a row in the order; a range of the index first. */
function isBeyond(row: ScannedRow, { by }: ScanRange, { id, startedAt }: Source): Match {
  const { started_at: start, ordered_by: value } = row;
  const isLater = raw`(${startedAt} < ${start} or (${startedAt} = ${start} and ${id} > ${row.id}))`;
  if (!by) return raw`${startedAt} <= ${start} and ${isLater}`;
  const comparator = raw.raw(by.ascending ? '>=' : '<=');
  return raw`${by.value} ${comparator} ${value} and (${by.value} <> ${value} or ${isLater})`;
}

/** What of a source comes before a row in the order, and the row. */
function isWithin(row: ScannedRow, { by }: ScanRange, { id, startedAt }: Source): Match {
  const { started_at: start, ordered_by: value } = row;
  const isEarlier = raw`(${startedAt} > ${start} or (${startedAt} = ${start} and ${id} <= ${row.id}))`;
  if (!by) return raw`${startedAt} >= ${start} and ${isEarlier}`;
  const comparator = raw.raw(by.ascending ? '<=' : '>=');
  return raw`${by.value} ${comparator} ${value} and (${by.value} <> ${value} or ${isEarlier})`;
}

function restTerms({ order }: IndexScan): ReturnType<typeof orderTerms> {
  return orderTerms(order.slice(1));
}

function restName(index: number): RawBuilder<unknown> {
  return raw.ref(`rest_${index}`);
}
