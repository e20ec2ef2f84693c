import { sql as raw, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import type { EntityKey } from '../../../exchange/mirror/queue.ts';
import type { Tables } from '../tables.ts';

/**
 * Queues everything an entity has in place of its waiting changes, for entities older than the mirror. Leaves out what
 * is sent with the creation: all of an experiment and of a version, a logged model's params and tags.
 */
export function fillOf(sql: Kysely<Tables>, entity: EntityKey, now: number): readonly Compilable[] {
  switch (entity.kind) {
    case 'run':
      return [
        sql.deleteFrom('mirror_queue').where('stream', '=', `run:${entity.id}`).where('refusal', 'is', null),
        ...runFill(entity.id, now).map((query) => ({ compile: () => query.compile(sql) })),
        filesOf(sql, entity.id, now),
      ];
    case 'model':
      return [{ compile: () => modelFill(entity.id, now).compile(sql) }, filesOf(sql, entity.id, now)];
    case 'experiment':
    case 'version':
      return [];
  }
}

function runFill(id: string, now: number): readonly RawBuilder<unknown>[] {
  const each = headOf(`run:${id}`, now);
  return [
    raw`insert into mirror_queue (stream, queued_at, kind, key, value)
      select ${each}, 'param', key, value from params where run_id = ${id} order by key`,
    raw`insert into mirror_queue (stream, queued_at, kind, key, value)
      select ${each}, 'tag', key, value from run_tags where run_id = ${id} order by key`,
    raw`insert into mirror_queue (stream, queued_at, kind, key, number, is_nan, step, at)
      select ${each}, 'point', key, value, is_nan, step, timestamp from metrics where run_id = ${id}
      order by timestamp, step`,
    raw`insert into mirror_queue (stream, queued_at, kind, note, value, key, number, is_nan, step, at)
      select ${each}, 'model-point', model_id, dataset_digest || ' ' || dataset_name, key, value, is_nan, step, timestamp
      from model_metrics where run_id = ${id} order by timestamp, step`,
    raw`insert into mirror_queue (stream, queued_at, kind) select ${each}, 'links' from runs where id = ${id}`,
    raw`insert into mirror_queue (stream, queued_at, kind, value, at)
      select ${each}, 'status', status, ended_at from runs where id = ${id}`,
    raw`insert into mirror_queue (stream, queued_at, kind, value)
      select ${each}, 'lifecycle', lifecycle_stage from runs where id = ${id} and lifecycle_stage = 'deleted'`,
  ];
}

function modelFill(id: string, now: number): RawBuilder<unknown> {
  return raw`insert into mirror_queue (stream, queued_at, kind, value)
    select ${headOf(`model:${id}`, now)}, 'status', status from logged_models where id = ${id}`;
}

function headOf(stream: string, now: number): RawBuilder<unknown> {
  return raw`cast(${stream} as text), cast(${now} as bigint)`;
}

function filesOf(sql: Kysely<Tables>, id: string, now: number): Compilable {
  return sql
    .insertInto('mirror_queue')
    .values({ stream: `files:${id}`, kind: 'folder', note: id, queued_at: now });
}
