import { type ColumnTypes, lifecycleColumn } from './column-types.ts';

/** Logged models, their metrics, and the runs that made or read them. */
export function loggedModelTables(types: ColumnTypes): readonly string[] {
  const { text, integer, real, clustered } = types;
  return [
    `create table logged_models (
      id ${text} primary key,
      experiment_id ${integer} not null references experiments (id),
      name ${text} not null,
      artifact_uri ${text} not null,
      status ${text} not null check (status in ('UNSPECIFIED', 'PENDING', 'READY', 'FAILED')),
      ${lifecycleColumn(types)},
      model_type ${text} not null,
      source_run_id ${text} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null
    )`,
    'create index logged_models_of_experiment on logged_models (experiment_id, lifecycle_stage, created_at desc, id)',
    'create index logged_models_of_run on logged_models (source_run_id)',
    ...['logged_model_params', 'logged_model_tags'].map(
      (table) => `create table ${table} (
      model_id ${text} not null references logged_models (id),
      key ${text} not null,
      value ${text} not null,
      primary key (model_id, key)
    )${clustered}`,
    ),
    `create table run_models (
      run_id ${text} not null references runs (id),
      direction ${text} not null check (direction in ('input', 'output')),
      model_id ${text} not null,
      step ${integer} not null,
      primary key (run_id, direction, model_id)
    )${clustered}`,
    'create index run_models_by_model on run_models (model_id)',
    `create table model_metrics (
      model_id ${text} not null,
      key ${text} not null,
      dataset_name ${text} not null,
      dataset_digest ${text} not null,
      timestamp ${integer} not null,
      step ${integer} not null,
      value ${real} not null,
      is_nan ${integer} not null,
      run_id ${text} not null references runs (id),
      primary key (model_id, key, dataset_name, dataset_digest, timestamp, step, value, is_nan, run_id)
    )${clustered}`,
    'create index model_metrics_of_run on model_metrics (run_id)',
  ];
}
