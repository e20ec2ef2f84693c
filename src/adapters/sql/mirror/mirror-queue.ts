import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Change, ChangeKind, Stream, NewChange } from '../../../exchange/mirror/change.ts';
import type {
  RemoteId,
  Lease,
  MirrorQueue,
  EntityKey,
  PendingChanges,
} from '../../../exchange/mirror/queue.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Database } from '../database.ts';
import { fillOf } from './mirror-fill.ts';
import type { Tables } from '../tables.ts';
import { chunksOfSizes } from '../../../kernel/chunks.ts';

export interface SqlMirrorQueueOptions {
  /** The other server's address: each server has its own remote ids. */
  readonly target: string;
  readonly now: Clock;
}

/** The range of file streams in sort order. */
const files = ['files:', 'files;'] as const;

/** The mirror's queue in a SQL database; `watchWrites` fills it. */
export function sqlMirrorQueue(database: Database, { target, now }: SqlMirrorQueueOptions): MirrorQueue {
  const { sql, read, transaction } = database;
  return {
    next: (query) => next(database, query),
    add: (changes) => add(database, changes, now()),
    done: (ids) =>
      transaction(async ({ run }) => {
        await run(
          chunksOfSizes(ids, sizes).map((part) => sql.deleteFrom('mirror_queue').where('id', 'in', part)),
        );
      }),
    async has(id) {
      const [{ rows }] = await read([sql.selectFrom('mirror_queue').select('id').where('id', '=', id)]);
      return rows.length > 0;
    },
    refuse: (ids, refusal) =>
      transaction(async ({ run }) => {
        await run(
          chunksOfSizes(ids, sizes).map((part) =>
            sql.updateTable('mirror_queue').set({ refusal }).where('id', 'in', part),
          ),
        );
      }),
    async findRemoteId(entity) {
      const [{ rows }] = await read([
        remoteIdsOf(sql, target, entity).select(['remote_id as id', 'artifact_uri as artifactUri']),
      ]);
      return rows[0];
    },
    saveRemoteId: (entity, remote) => saveRemoteId(database, { target, entity, remote, now: now() }),
    deleteRemoteId: (entity) =>
      transaction(async ({ run }) => {
        const gone = sql.deleteFrom('mirror_remote_ids').where('target', '=', target);
        await run([
          gone
            .where('kind', '=', entity.kind)
            .where('local_id', '=', entity.id)
            .where('version', '=', versionOf(entity)),
        ]);
      }),
    renameModel: (model, to) =>
      transaction(async ({ run }) => {
        const versions = sql.updateTable('mirror_remote_ids').set({ local_id: to });
        await run([
          versions.where('target', '=', target).where('kind', '=', 'version').where('local_id', '=', model),
        ]);
      }),
    async laterName(model, id) {
      const renames = sql
        .selectFrom('mirror_queue')
        .select(['key', 'value'])
        .where('stream', '=', 'registry:');
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
      return rows.map((row) => ({ change: changeOf(row), reason: row.refusal ?? '' }));
    },
    retry: () =>
      transaction(async ({ run }) => {
        const again = sql.updateTable('mirror_queue').set({ refusal: null }).where('refusal', 'is not', null);
        const [{ numAffectedRows }] = await run([again]);
        return Number(numAffectedRows ?? 0);
      }),
    acquireLease: (lease) => acquireLease(database, lease),
    source: () => sourceOf(database),
  };
}

type QueueRow = Selectable<Tables['mirror_queue']>;

async function next(
  { sql, read }: Database,
  { group, except, limit }: Parameters<MirrorQueue['next']>[0],
): Promise<PendingChanges | undefined> {
  const waiting = sql.selectFrom('mirror_queue').select('stream').where('refusal', 'is', null);
  const here =
    group === 'files'
      ? waiting.where('stream', '>=', files[0]).where('stream', '<', files[1])
      : waiting.where((row) => row.or([row('stream', '<', files[0]), row('stream', '>=', files[1])]));
  const free = except.length ? here.where('stream', 'not in', except) : here;
  const [first] = await read([free.orderBy('id').limit(1)]);
  const [stream] = first.rows;
  if (!stream) return undefined;
  const rows = sql.selectFrom('mirror_queue').selectAll().where('stream', '=', stream.stream);
  const [found] = await read([rows.where('refusal', 'is', null).orderBy('id').limit(limit)]);
  return { stream: stream.stream as Stream, changes: found.rows.map(changeOf) };
}

function changeOf(row: QueueRow): Change {
  return {
    id: row.id,
    stream: row.stream as Stream,
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

function rowOf({ stream, ...change }: NewChange, now: number) {
  return { ...change, stream: stream, queued_at: now };
}

async function add(
  { sql, transaction }: Database,
  changes: readonly NewChange[],
  now: number,
): Promise<void> {
  if (!changes.length) return;
  await transaction(async ({ run }) => {
    await run(changes.map((change) => sql.insertInto('mirror_queue').values(rowOf(change, now))));
  });
}

interface SavedRemoteId {
  readonly target: string;
  readonly entity: EntityKey;
  readonly remote: RemoteId;
  readonly now: number;
}

function saveRemoteId(
  { sql, transaction }: Database,
  { target, entity, remote, now }: SavedRemoteId,
): Promise<void> {
  const named = { remote_id: remote.id, artifact_uri: remote.artifactUri };
  return transaction(async ({ run }) => {
    const stream = `${entity.kind}:${entity.id}`;
    const [before, begun] = await run([
      remoteIdsOf(sql, target, entity).select('remote_id'),
      sql
        .selectFrom('mirror_queue')
        .select('id')
        .where('stream', '=', stream)
        .where('kind', '=', 'created')
        .limit(1),
    ]);
    const isNew = !before.rows.length && !begun.rows.length;
    await run([
      sql
        .insertInto('mirror_remote_ids')
        .values({ target, kind: entity.kind, local_id: entity.id, version: versionOf(entity), ...named })
        .onConflict((same) => same.columns(['target', 'kind', 'local_id', 'version']).doUpdateSet(named)),
      ...(isNew ? fillOf(sql, entity, now) : []),
    ]);
  });
}

function remoteIdsOf(sql: Kysely<Tables>, target: string, entity: EntityKey) {
  return sql
    .selectFrom('mirror_remote_ids')
    .where('target', '=', target)
    .where('kind', '=', entity.kind)
    .where('local_id', '=', entity.id)
    .where('version', '=', versionOf(entity));
}

function versionOf(entity: EntityKey): number {
  return entity.kind === 'version' ? entity.version : 0;
}

async function acquireLease({ sql, transaction }: Database, { holder, now, until }: Lease): Promise<boolean> {
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

/** A few sizes make a few distinct statements, so that a database prepares each once. */
const sizes: readonly number[] = [256, 16, 1];
