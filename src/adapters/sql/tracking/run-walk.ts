import { sql as raw } from 'kysely';
import type { Clause, Condition } from '../../../tracking/search/ast.ts';
import type { Database } from '../database.ts';
import { countUpTo, rawQuery } from '../raw-query.ts';
import { isAbsence } from './run-clauses.ts';
import { segmentsOf, type Walk } from './run-segments.ts';
import { orderOfSegment, rowsOfSegment, type SegmentPart, type WalkedRow } from './run-walk-query.ts';

/** Runs that are looked at for each that is wanted. */
const mostLooks = 10;
/** Runs that are held at one time for a clause: a database has memory for so many. */
const mostCollected = 100_000;

/** Where in an answer a page begins: in which segment, and after how many of its runs or after which. */
export interface Position {
  readonly segment: number;
  readonly after: number | WalkedRow;
}

export interface WalkedPage {
  /** One more than the limit where there are more. */
  readonly ids: readonly string[];
  /** Of the next page; absent where there is none. */
  readonly next?: Position;
}

/** Goes along the indexes of an order, segment by segment, until a page is full. */
export async function walkRuns(
  database: Database,
  walk: Walk,
  { limit, from }: { readonly limit: number; readonly from: Position },
): Promise<WalkedPage> {
  const ids: string[] = [];
  let { after } = from;
  for (const [place, segment] of segmentsOf(walk).entries()) {
    if (place < from.segment) continue;
    const part: SegmentPart = { walk, segment, after };
    const wanted = limit + 1 - ids.length;
    const rows = await rowsOf(database, part, wanted);
    ids.push(...rows.map(({ id }) => id));
    if (rows.length === wanted)
      return { ids, next: { segment: place, after: endOf(part, rows.slice(0, -1)) } };
    const skipped = typeof after === 'number' && !rows.length ? after : 0;
    after = skipped ? Math.max(0, skipped - (await sizeOf(database, part))) : 0;
  }
  return { ids };
}

/**
 * Runs are asked one by one while many of them are found. Where too few are, as when a filter leaves those at the other end
 * of the order, what meets its clauses is collected first, and each run only looked up there.
 */
async function rowsOf(database: Database, part: SegmentPart, limit: number): Promise<readonly WalkedRow[]> {
  if (part.walk.order.length > 1 || !asksRuns(part)) return selectRows(database, part, limit);
  const until = await rowAfter(database, part, limit * mostLooks);
  if (!until) return selectRows(database, part, limit);
  const near = await selectRows(database, { ...part, until }, limit);
  if (near.length === limit) return near;
  return selectRows(database, { ...part, collects: await collectable(database, part) }, limit);
}

function asksRuns({ walk, segment }: SegmentPart): boolean {
  const asks = (condition: Condition): boolean =>
    'of' in condition ? condition.of.some(asks) : isAbsence(condition) && !segment.own(condition);
  if (segment.lacking || (walk.filter && asks(walk.filter))) return true;
  return [...walk.sets.keys()].some((clause) => !segment.own(clause));
}

async function collectable(
  { sql, read }: Database,
  { walk, segment }: SegmentPart,
): Promise<ReadonlySet<Clause>> {
  const asked = [...walk.sets].filter(([clause]) => !segment.own(clause));
  const counts = await read(asked.map(([, set]) => countUpTo(sql, set, mostCollected)));
  const small = asked.filter((_, place) => (counts[place]?.rows[0]?.count ?? mostCollected) < mostCollected);
  return new Set(small.map(([clause]) => clause));
}

/** Where a part of a page ends. What is ordered by more than one thing is counted. */
function endOf({ walk, after }: SegmentPart, rows: readonly WalkedRow[]): Position['after'] {
  if (walk.order.length > 1) return (typeof after === 'number' ? after : 0) + rows.length;
  return rows.at(-1) ?? after;
}

async function selectRows(
  { sql, read }: Database,
  part: SegmentPart,
  limit: number,
): Promise<readonly WalkedRow[]> {
  const offset = typeof part.after === 'number' ? part.after : 0;
  const query = raw<WalkedRow>`${rowsOfSegment(part)} ${orderOfSegment(part)} limit ${limit} offset ${offset}`;
  const [{ rows }] = await read([rawQuery(sql, query)]);
  return rows;
}

/** The row of a segment that has so many before it, whether a filter finds them or not. */
async function rowAfter(
  { sql, read }: Database,
  part: SegmentPart,
  count: number,
): Promise<WalkedRow | undefined> {
  const { filter: _filter, ...walk } = part.walk;
  const { lacking: _lacking, ...segment } = part.segment;
  const every = { ...part, walk, segment };
  const offset = count + (typeof part.after === 'number' ? part.after : 0);
  const query = raw<WalkedRow>`${rowsOfSegment(every)} ${orderOfSegment(every)} limit 1 offset ${offset}`;
  const [{ rows }] = await read([rawQuery(sql, query)]);
  return rows[0];
}

async function sizeOf({ sql, read }: Database, part: SegmentPart): Promise<number> {
  const query = raw<{ count: number }>`select count(*) as count from (${rowsOfSegment(part)}) as part`;
  const [{ rows }] = await read([rawQuery(sql, query)]);
  return rows[0]?.count ?? 0;
}
