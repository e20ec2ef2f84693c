import { loggedModelsPostgres } from './0004-logged-models.postgres.ts';
import type { Migration } from './migration.ts';

const tables: readonly string[] = [
  `create table logged_models (
    id text primary key,
    experiment_id integer not null references experiments (id),
    name text not null,
    artifact_uri text not null,
    status text not null check (status in ('UNSPECIFIED', 'PENDING', 'READY', 'FAILED')),
    lifecycle_stage text not null default 'active' check (lifecycle_stage in ('active', 'deleted')),
    model_type text not null,
    source_run_id text not null,
    created_at integer not null,
    updated_at integer not null
  )`,
  `create index logged_models_of_experiment on logged_models
    (experiment_id, lifecycle_stage, created_at desc, id)`,
  'create index logged_models_of_run on logged_models (source_run_id)',
  ...['logged_model_params', 'logged_model_tags'].flatMap((table) => [
    `create table ${table} (
      model_id text not null references logged_models (id),
      key text not null,
      value text not null,
      primary key (model_id, key)
    ) without rowid`,
  ]),
];

export const loggedModels: Migration = {
  name: '0004-logged-models',
  statements: {
    sqlite: tables,
    postgres: loggedModelsPostgres,
  },
};
