import { text } from './postgres-types.ts';
import type { Migration } from './migration.ts';

const goingOn = `create index runs_of_pipeline_going_on on runs (owner)
  where source_type = 'MODELYARD' and status = 'RUNNING'`;

/** The processes that run pipelines, when each was last heard of, and the runs that are theirs. */
export const runOwners: Migration = {
  name: '0008-run-owners',
  statements: {
    sqlite: [
      'create table run_owners (id text primary key, heard_at integer not null) without rowid',
      'alter table runs add column owner text',
      goingOn,
    ],
    postgres: [
      `create table run_owners (id ${text} primary key, heard_at bigint not null)`,
      `alter table runs add column owner ${text}`,
      goingOn,
    ],
  },
};
