import { text } from './postgres-types.ts';
import type { Migration } from './migration.ts';

/** Folders of artifacts whose runs are gone, until the folders are; and why an alias was moved. */
export const purgesAndMoves: Migration = {
  name: '0007-purges-and-moves',
  statements: {
    sqlite: [
      `create table purged_folders (
        location text primary key,
        held text not null check (held in ('run', 'logged model', 'experiment')),
        purged_at integer not null
      ) without rowid`,
      `alter table alias_moves add column why text not null default ''`,
    ],
    postgres: [
      `create table purged_folders (
        location ${text} primary key,
        held ${text} not null check (held in ('run', 'logged model', 'experiment')),
        purged_at bigint not null
      )`,
      `alter table alias_moves add column why ${text} not null default ''`,
    ],
  },
};
