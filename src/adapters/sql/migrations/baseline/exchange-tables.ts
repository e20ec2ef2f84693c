import type { ColumnTypes } from './column-types.ts';

/** Imports from other servers, the mirror to one, and folders that a purge has still to remove. */
export function exchangeTables({ text, integer, real, identity, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table imports (
      source ${text} primary key,
      attempt ${integer} not null,
      scope ${text} not null,
      started_at ${integer} not null,
      finished_at ${integer}
    )`,
    `create table imported (
      source ${text} not null,
      kind ${text} not null,
      id ${text} not null,
      local_id ${text} not null,
      attempt ${integer} not null,
      state ${text} not null check (state in ('started', 'complete', 'skipped')),
      is_joined ${integer} not null default 0,
      digest ${text} not null,
      facts ${text} not null,
      primary key (source, kind, id)
    )`,
    `create table mirror_queue (
      id ${identity},
      stream ${text} not null,
      kind ${text} not null,
      key ${text} not null default '',
      note ${text} not null default '',
      value ${text} not null default '',
      number ${real},
      is_nan ${integer} not null default 0,
      step ${integer},
      at ${integer},
      queued_at ${integer} not null,
      refusal ${text}
    )`,
    'create index mirror_queue_of_stream on mirror_queue (stream, id)',
    `create table mirror_remote_ids (
      target ${text} not null,
      kind ${text} not null,
      local_id ${text} not null,
      version ${integer} not null default 0,
      remote_id ${text} not null,
      artifact_uri ${text} not null default '',
      primary key (target, kind, local_id, version)
    )`,
    `create table mirror_state (
      id ${integer} primary key check (id = 1),
      watching ${text} not null default '',
      source ${text} not null default '',
      holder ${text} not null default '',
      held_until ${integer} not null default 0
    )`,
    'insert into mirror_state (id) values (1)',
    `create table purged_folders (
      location ${text} primary key,
      held ${text} not null check (held in ('run', 'logged model', 'experiment')),
      purged_at ${integer} not null
    )${clustered}`,
  ];
}
