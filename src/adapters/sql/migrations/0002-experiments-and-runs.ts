import { experimentsAndRunsPostgres } from './0002-experiments-and-runs.postgres.ts';
import type { Migration } from './migration.ts';

const now = `cast(unixepoch('subsec') * 1000 as integer)`;

const modelyardRuns: readonly string[] = [
  'alter table runs add column deleted_with_experiment integer not null default 0',
  `update experiments set artifact_location = 'mlflow-artifacts:/' || id where artifact_location = ''`,
  `insert into experiments (id, name, artifact_location, created_at, updated_at)
    select 0, case when exists (select 1 from experiments where name = 'Default') then 'Default experiment' else 'Default' end,
      'mlflow-artifacts:/0', ${now}, ${now}`,
  `update runs set source_type = 'MODELYARD' where source_type = ''`,
  `update runs set artifact_uri =
      (select artifact_location from experiments where experiments.id = runs.experiment_id) || '/' || id || '/artifacts'
    where artifact_uri = ''`,
  `insert or ignore into run_tags (run_id, key, value) select id, 'mlflow.runName', name from runs`,
  `insert or ignore into run_tags (run_id, key, value)
    select id, 'mlflow.parentRunId', parent_id from runs where parent_id is not null`,
];

/** A text of any length has its first characters alone in an index: PostgreSQL takes no more than 2,700 bytes there. */
const searchIndexes: readonly string[] = [
  'drop index runs_of_experiment',
  'create index runs_of_experiment on runs (experiment_id, lifecycle_stage, started_at desc, id)',
  'drop index latest_metrics_by_value',
  'create index latest_metrics_by_value on latest_metrics (key, is_nan, value, run_id)',
  'create index params_by_value on params (key, substr(value, 1, 100))',
  'create index run_tags_by_value on run_tags (key, substr(value, 1, 100))',
];

const inputTables: readonly string[] = [
  `create table datasets (
    id integer primary key autoincrement,
    experiment_id integer not null references experiments (id),
    name text not null,
    digest text not null,
    source_type text not null,
    source text not null,
    schema text,
    profile text,
    unique (experiment_id, name, digest)
  )`,
  `create table run_inputs (
    run_id text not null references runs (id),
    dataset_id integer not null references datasets (id),
    primary key (run_id, dataset_id)
  ) without rowid`,
  'create index run_inputs_of_dataset on run_inputs (dataset_id)',
  `create table run_input_tags (
    run_id text not null,
    dataset_id integer not null,
    key text not null,
    value text not null,
    position integer not null,
    primary key (run_id, dataset_id, key),
    foreign key (run_id, dataset_id) references run_inputs (run_id, dataset_id)
  ) without rowid`,
  `create table run_models (
    run_id text not null references runs (id),
    direction text not null check (direction in ('input', 'output')),
    model_id text not null,
    step integer not null,
    primary key (run_id, direction, model_id)
  ) without rowid`,
  'create index run_models_by_model on run_models (model_id)',
  `create table model_metrics (
    model_id text not null,
    key text not null,
    dataset_name text not null,
    dataset_digest text not null,
    timestamp integer not null,
    step integer not null,
    value real not null,
    is_nan integer not null,
    run_id text not null references runs (id),
    primary key (model_id, key, dataset_name, dataset_digest, timestamp, step, value, is_nan, run_id)
  ) without rowid`,
  'create index model_metrics_of_run on model_metrics (run_id)',
];

export const experimentsAndRuns: Migration = {
  name: '0002-experiments-and-runs',
  statements: {
    sqlite: [...modelyardRuns, ...searchIndexes, ...inputTables],
    postgres: experimentsAndRunsPostgres,
  },
};
