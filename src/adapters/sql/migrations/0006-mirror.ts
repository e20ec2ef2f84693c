import type { Migration } from './migration.ts';
import { identity, text } from './postgres-types.ts';

function tables(words: {
  readonly number: string;
  readonly real: string;
  readonly text: string;
  readonly id: string;
}): readonly string[] {
  return [
    `create table mirror_queue (
      id ${words.id},
      lane ${words.text} not null,
      kind ${words.text} not null,
      key ${words.text} not null default '',
      note ${words.text} not null default '',
      value ${words.text} not null default '',
      number ${words.real},
      is_nan ${words.number} not null default 0,
      step ${words.number},
      at ${words.number},
      queued_at ${words.number} not null,
      refusal ${words.text}
    )`,
    'create index mirror_queue_of_lane on mirror_queue (lane, id)',
    `create table mirror_counterparts (
      target ${words.text} not null,
      kind ${words.text} not null,
      ours ${words.text} not null,
      version ${words.number} not null default 0,
      theirs ${words.text} not null,
      place ${words.text} not null default '',
      primary key (target, kind, ours, version)
    )`,
    `create table mirror_state (
      id ${words.number} primary key check (id = 1),
      watching ${words.text} not null default '',
      source ${words.text} not null default '',
      holder ${words.text} not null default '',
      held_until ${words.number} not null default 0
    )`,
    'insert into mirror_state (id) values (1)',
  ];
}

export const mirror: Migration = {
  name: '0006-mirror',
  statements: {
    sqlite: tables({
      number: 'integer',
      real: 'real',
      text: 'text',
      id: 'integer primary key autoincrement',
    }),
    postgres: tables({ number: 'bigint', real: 'double precision', text, id: identity }),
  },
};
