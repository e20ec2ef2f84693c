import { identity, text } from './postgres-types.ts';

const now = 'cast(extract(epoch from clock_timestamp()) * 1000 as bigint)';

/** A name's or a value's first characters alone go into an index, which takes no more than 2,700 bytes of a row. */
const runs: readonly string[] = [
  'alter table runs add column deleted_with_experiment bigint not null default 0',
  `insert into experiments (id, name, artifact_location, created_at, updated_at)
    values (0, 'Default', 'mlflow-artifacts:/0', ${now}, ${now})`,
  'create index runs_of_experiment on runs (experiment_id, lifecycle_stage, started_at desc, id)',
  'create index latest_metrics_by_value on latest_metrics (key, is_nan, value, run_id)',
  'create index params_by_value on params (key, substr(value, 1, 100))',
  'create index run_tags_by_value on run_tags (key, substr(value, 1, 100))',
];

const inputTables: readonly string[] = [
  `create table datasets (
    id ${identity},
    experiment_id bigint not null references experiments (id),
    name ${text} not null,
    digest ${text} not null,
    source_type ${text} not null,
    source ${text} not null,
    schema ${text},
    profile ${text},
    unique (experiment_id, name, digest)
  )`,
  `create table run_inputs (
    run_id ${text} not null references runs (id),
    dataset_id bigint not null references datasets (id),
    primary key (run_id, dataset_id)
  )`,
  'create index run_inputs_of_dataset on run_inputs (dataset_id)',
  `create table run_input_tags (
    run_id ${text} not null,
    dataset_id bigint not null,
    key ${text} not null,
    value ${text} not null,
    position bigint not null,
    primary key (run_id, dataset_id, key),
    foreign key (run_id, dataset_id) references run_inputs (run_id, dataset_id)
  )`,
  `create table run_models (
    run_id ${text} not null references runs (id),
    direction ${text} not null check (direction in ('input', 'output')),
    model_id ${text} not null,
    step bigint not null,
    primary key (run_id, direction, model_id)
  )`,
  'create index run_models_by_model on run_models (model_id)',
  `create table model_metrics (
    model_id ${text} not null,
    key ${text} not null,
    dataset_name ${text} not null,
    dataset_digest ${text} not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan bigint not null,
    run_id ${text} not null references runs (id),
    primary key (model_id, key, dataset_name, dataset_digest, timestamp, step, value, is_nan, run_id)
  )`,
  'create index model_metrics_of_run on model_metrics (run_id)',
];

export const experimentsAndRunsPostgres: readonly string[] = [...runs, ...inputTables];
