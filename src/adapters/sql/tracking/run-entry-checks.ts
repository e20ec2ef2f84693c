import { type Compilable, type Kysely, type RawBuilder, sql as raw } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import { runTag, type RunEntries } from '../../../tracking/model.ts';
import {
  excessOf,
  limitRule,
  type LimitedKind,
  parentIn,
  type RunExcess,
  runLimits,
  type RunSize,
  sizesOf,
} from '../../../tracking/run-limits.ts';
import type { Condition, Transaction } from '../database.ts';
import type { Tables } from '../tables.ts';

const tables = { params: 'params', tags: 'run_tags', metrics: 'latest_metrics' } as const;

/** Where they hold, entries keep a run within its limits and out of circles of parents, with no closer look. */
export function entryConditions(
  sql: Kysely<Tables>,
  runId: string,
  entries: RunEntries,
): readonly Condition[] {
  const sizes = sizesOf(entries);
  if (excessOf(sizes)) return [{ query: sql.selectNoFrom(raw.lit(1).as('never')), finds: 'nothing' }];
  const parent = parentIn(entries);
  return [
    ...sizes.flatMap((size) => roomConditions(sql, runId, size)),
    ...(parent === undefined ? [] : [{ query: circle(sql, runId, parent), finds: 'nothing' } as const]),
  ];
}

/** @throws PlatformError INPUT_INVALID for entries that exceed a limit of the run or close a circle of parents */
export async function refuseEntries(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { id, entries }: { readonly id: string; readonly entries: RunEntries },
): Promise<void> {
  const sizes = sizesOf(entries);
  for (const size of sizes) {
    const keys = keysOf(entries, size.kind);
    const [{ rows }] = await run([otherEntries(sql, id, { kind: size.kind, keys })]);
    const [others = { keys: 0, bytes: 0 }] = rows;
    refuseExcess(
      id,
      excessOf([
        { ...size, keys: size.keys + Number(others.keys), bytes: size.bytes + Number(others.bytes ?? 0) },
      ]),
    );
  }
  const parent = parentIn(entries);
  if (parent === undefined) return;
  const [{ rows }] = await run([circle(sql, id, parent)]);
  if (rows.length) throw inCircle(id, parent);
}

/** The same for a run that is new. */
export function refuseNewEntries(id: string, entries: RunEntries): void {
  refuseExcess(id, excessOf(sizesOf(entries)));
  if (parentIn(entries) === id) throw inCircle(id, id);
}

function refuseExcess(id: string, excess: RunExcess | undefined): void {
  if (!excess) return;
  const { kind, size } = excess;
  throw new PlatformError('INPUT_INVALID', {
    field: `${kind} of run ${id}`,
    value: size,
    remedy: limitRule(excess),
  });
}

function inCircle(id: string, parent: string): PlatformError {
  const remedy =
    parent === id
      ? 'must be another run: a run cannot be its own parent'
      : `must not be nested in run ${id}: the two would be each other's parents`;
  return new PlatformError('INPUT_INVALID', { field: `tag ${runTag.parent}`, value: parent, remedy });
}

/** That the run has room for more keys and bytes. A run that holds little is hardly looked at. */
function roomConditions(
  sql: Kysely<Tables>,
  runId: string,
  { kind, keys, bytes }: RunSize,
): readonly Condition[] {
  const full = sql.selectFrom(tables[kind]).select('key').where('run_id', '=', runId).limit(1);
  const room = { query: full.offset(runLimits[kind] - keys), finds: 'nothing' } as const;
  if (kind === 'metrics') return [room];
  const heavy: Compilable = {
    compile: () =>
      raw`select 1 from (select sum(octet_length(key) + octet_length(value)) as bytes
        from ${raw.table(tables[kind])} where run_id = ${runId}) as held
        where bytes > cast(${runLimits.bytes - bytes} as bigint)`.compile(sql),
  };
  return [room, { query: heavy, finds: 'nothing' }];
}

/** What the run has of a kind beside some keys. */
function otherEntries(
  sql: Kysely<Tables>,
  runId: string,
  { kind, keys }: { readonly kind: LimitedKind; readonly keys: readonly string[] },
): Compilable<{ keys: number; bytes: number | null }> {
  const size = kind === 'metrics' ? raw`0` : raw`octet_length(key) + octet_length(value)`;
  return {
    compile: () =>
      raw<{ keys: number; bytes: number | null }>`select count(*) as keys, sum(${size}) as bytes
        from ${raw.table(tables[kind])} where run_id = ${runId}
        and key not in (${raw.join([...new Set(keys)].slice(0, 30_000))})`.compile(sql),
  };
}

function keysOf({ params = [], tags = [], metrics = [] }: RunEntries, kind: LimitedKind): readonly string[] {
  return { params, tags, metrics }[kind].map(({ key }) => key);
}

function circle(sql: Kysely<Tables>, runId: string, parent: string): Compilable<{ id: string }> {
  return { compile: () => nestedParent(runId, parent).compile(sql) };
}

/** A row where the parent is the run itself or nested in it. Tags are followed: a parent may be written after its run. */
export function nestedParent(runId: string, parent: string): RawBuilder<{ id: string }> {
  if (parent === runId) return raw`select cast(${runId} as text) as id`;
  return raw`with recursive ancestors (id) as (
        select value from run_tags where run_id = ${parent} and key = ${runTag.parent}
        union select run_tags.value from run_tags join ancestors on run_tags.run_id = ancestors.id
          where run_tags.key = ${runTag.parent}
      ) select id from ancestors where id = ${runId}`;
}
