import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Change, ChangeKind, Lane, NewChange } from '../../../exchange/mirror/change.ts';
import type { Counterpart, Hold, MirrorQueue, Named, Turn } from '../../../exchange/mirror/queue.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Database } from '../database.ts';
import { fillOf } from './mirror-fill.ts';
import type { Tables } from '../tables.ts';

export interface SqlMirrorQueueOptions {
  /** The other server's address: what is there under which name is known for each of them. */
  readonly target: string;
  readonly now: Clock;
}

/** Files' lanes, which sort together. */
const files = ['files:', 'files;'] as const;

/** The mirror's queue in a SQL database; `watchWrites` fills it. */
export function sqlMirrorQueue(database: Database, { target, now }: SqlMirrorQueueOptions): MirrorQueue {
  const { sql, read, transaction } = database;
  const known = (ours: Named) => counterpartsOf(sql, target, ours);
  return {
    next: (asked) => next(database, asked),
    add: (changes) => add(database, changes, now()),
    done: (ids) =>
      transaction(async ({ run }) => {
        await run(inParts(ids).map((part) => sql.deleteFrom('mirror_queue').where('id', 'in', part)));
      }),
    async has(id) {
      const [{ rows }] = await read([sql.selectFrom('mirror_queue').select('id').where('id', '=', id)]);
      return rows.length > 0;
    },
    refuse: (ids, refusal) =>
      transaction(async ({ run }) => {
        await run(
          inParts(ids).map((part) =>
            sql.updateTable('mirror_queue').set({ refusal }).where('id', 'in', part),
          ),
        );
      }),
    async counterpart(ours) {
      const [{ rows }] = await read([known(ours).select(['theirs as id', 'place'])]);
      return rows[0];
    },
    pair: (ours, theirs) => pair(database, { target, ours, theirs, now: now() }),
    forget: (ours) =>
      transaction(async ({ run }) => {
        const gone = sql.deleteFrom('mirror_counterparts').where('target', '=', target);
        await run([
          gone
            .where('kind', '=', ours.kind)
            .where('ours', '=', ours.id)
            .where('version', '=', versionOf(ours)),
        ]);
      }),
    rename: (model, to) =>
      transaction(async ({ run }) => {
        const versions = sql.updateTable('mirror_counterparts').set({ ours: to });
        await run([
          versions.where('target', '=', target).where('kind', '=', 'version').where('ours', '=', model),
        ]);
      }),
    async laterName(model, id) {
      const renames = sql.selectFrom('mirror_queue').select(['key', 'value']).where('lane', '=', 'registry:');
      const [{ rows }] = await read([
        renames.where('kind', '=', 'model-renamed').where('id', '>', id).orderBy('id'),
      ]);
      return rows.reduce((name, { key, value }) => (key === name ? value : name), model);
    },
    async backlog() {
      const waiting = sql.selectFrom('mirror_queue').where('refusal', 'is', null);
      const [all, first, refused] = await read([
        waiting.select((row) => row.fn.countAll<number>().as('count')),
        waiting.select('queued_at').orderBy('id').limit(1),
        sql
          .selectFrom('mirror_queue')
          .where('refusal', 'is not', null)
          .select((row) => row.fn.countAll<number>().as('count')),
      ]);
      return {
        waiting: Number(all.rows[0]?.count ?? 0),
        oldest: first.rows[0]?.queued_at,
        refused: Number(refused.rows[0]?.count ?? 0),
      };
    },
    async refused(limit) {
      const [{ rows }] = await read([
        sql
          .selectFrom('mirror_queue')
          .selectAll()
          .where('refusal', 'is not', null)
          .orderBy('id')
          .limit(limit),
      ]);
      return rows.map((row) => ({ change: changeOf(row), said: row.refusal ?? '' }));
    },
    retry: () =>
      transaction(async ({ run }) => {
        const again = sql.updateTable('mirror_queue').set({ refusal: null }).where('refusal', 'is not', null);
        const [{ numAffectedRows }] = await run([again]);
        return Number(numAffectedRows ?? 0);
      }),
    hold: (hold) => takeHold(database, hold),
    source: () => sourceOf(database),
  };
}

type QueueRow = Selectable<Tables['mirror_queue']>;

async function next(
  { sql, read }: Database,
  { part, except, limit }: Parameters<MirrorQueue['next']>[0],
): Promise<Turn | undefined> {
  const waiting = sql.selectFrom('mirror_queue').select('lane').where('refusal', 'is', null);
  const here =
    part === 'files'
      ? waiting.where('lane', '>=', files[0]).where('lane', '<', files[1])
      : waiting.where((row) => row.or([row('lane', '<', files[0]), row('lane', '>=', files[1])]));
  const free = except.length ? here.where('lane', 'not in', except) : here;
  const [first] = await read([free.orderBy('id').limit(1)]);
  const [lane] = first.rows;
  if (!lane) return undefined;
  const rows = sql.selectFrom('mirror_queue').selectAll().where('lane', '=', lane.lane);
  const [found] = await read([rows.where('refusal', 'is', null).orderBy('id').limit(limit)]);
  return { lane: lane.lane as Lane, changes: found.rows.map(changeOf) };
}

function changeOf(row: QueueRow): Change {
  return {
    id: row.id,
    lane: row.lane as Lane,
    kind: row.kind as ChangeKind,
    key: row.key,
    note: row.note,
    value: row.value,
    number: row.is_nan ? Number.NaN : (row.number ?? 0),
    step: row.step ?? 0,
    at: row.at ?? undefined,
    queuedAt: row.queued_at,
  };
}

async function add(
  { sql, transaction }: Database,
  changes: readonly NewChange[],
  now: number,
): Promise<void> {
  if (!changes.length) return;
  await transaction(async ({ run }) => {
    await run(changes.map((change) => sql.insertInto('mirror_queue').values({ ...change, queued_at: now })));
  });
}

interface Pair {
  readonly target: string;
  readonly ours: Named;
  readonly theirs: Counterpart;
  readonly now: number;
}

function pair({ sql, transaction }: Database, { target, ours, theirs, now }: Pair): Promise<void> {
  const named = { theirs: theirs.id, place: theirs.place };
  return transaction(async ({ run }) => {
    const lane = `${ours.kind}:${ours.id}`;
    const [before, begun] = await run([
      counterpartsOf(sql, target, ours).select('theirs'),
      sql
        .selectFrom('mirror_queue')
        .select('id')
        .where('lane', '=', lane)
        .where('kind', '=', 'created')
        .limit(1),
    ]);
    const isNew = !before.rows.length && !begun.rows.length;
    await run([
      sql
        .insertInto('mirror_counterparts')
        .values({ target, kind: ours.kind, ours: ours.id, version: versionOf(ours), ...named })
        .onConflict((same) => same.columns(['target', 'kind', 'ours', 'version']).doUpdateSet(named)),
      ...(isNew ? fillOf(sql, ours, now) : []),
    ]);
  });
}

function counterpartsOf(sql: Kysely<Tables>, target: string, ours: Named) {
  return sql
    .selectFrom('mirror_counterparts')
    .where('target', '=', target)
    .where('kind', '=', ours.kind)
    .where('ours', '=', ours.id)
    .where('version', '=', versionOf(ours));
}

function versionOf(ours: Named): number {
  return ours.kind === 'version' ? ours.version : 0;
}

async function takeHold({ sql, transaction }: Database, { holder, now, until }: Hold): Promise<boolean> {
  return transaction(async ({ run }) => {
    const [{ numAffectedRows }] = await run([
      sql
        .updateTable('mirror_state')
        .set({ holder, held_until: until })
        .where((row) => row.or([row('holder', '=', holder), row('held_until', '<=', now)])),
    ]);
    return Boolean(numAffectedRows);
  });
}

async function sourceOf({ sql, transaction }: Database): Promise<string> {
  return transaction(async ({ run }) => {
    const named = sql.updateTable('mirror_state').set({ source: randomUUID() }).where('source', '=', '');
    const [, { rows }] = await run([named, sql.selectFrom('mirror_state').select('source')]);
    return rows[0]?.source ?? '';
  });
}

/** Few lengths make few texts of statements, each of which a database prepares once. */
const sizes: readonly number[] = [256, 16, 1];

function inParts(ids: readonly number[]): readonly (readonly number[])[] {
  const parts: (readonly number[])[] = [];
  let done = 0;
  for (const size of sizes)
    for (; ids.length - done >= size; done += size) parts.push(ids.slice(done, done + size));
  return parts;
}
