import { type ColumnTypes, lifecycleColumn } from './column-types.ts';
import { prefixColumns, scopeColumns, sortIndexStatements } from './sort-indexes.ts';

/** Experiments, runs and what runs log. */
export function trackingTables(types: ColumnTypes): readonly string[] {
  return [...experimentTables(types), ...runTables(types), ...valueTables(types), ...pipelineTables(types)];
}

/** '0' is the experiment named Default that every database has. */
function experimentTables(types: ColumnTypes): readonly string[] {
  const { text, integer, identity, now } = types;
  return [
    `create table experiments (
      id ${identity},
      name ${text} not null unique,
      artifact_location ${text} not null default '',
      ${lifecycleColumn(types)},
      created_at ${integer} not null,
      updated_at ${integer} not null
    )`,
    `create table experiment_tags (
      experiment_id ${integer} not null references experiments (id),
      key ${text} not null,
      value ${text} not null,
      primary key (experiment_id, key)
    )${types.clustered}`,
    `insert into experiments (id, name, artifact_location, created_at, updated_at)
      values (0, 'Default', 'mlflow-artifacts:/0', ${now}, ${now})`,
  ];
}

function runTables(types: ColumnTypes): readonly string[] {
  const { text, integer, clustered } = types;
  return [
    `create table runs (
      id ${text} primary key,
      experiment_id ${integer} not null references experiments (id),
      parent_id ${text} references runs (id),
      name ${text} not null,
      user_id ${text} not null default '',
      source_type ${text} not null default '',
      source_name ${text} not null default '',
      artifact_uri ${text} not null default '',
      ${lifecycleColumn(types)},
      deleted_at ${integer},
      deleted_with_experiment ${integer} not null default 0,
      status ${text} not null check (status in ('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED')),
      started_at ${integer} not null,
      ended_at ${integer},
      owner ${text},
      plan ${text}
    )`,
    'create index runs_of_parent on runs (parent_id, started_at)',
    'create index runs_by_start on runs (started_at)',
    'create index runs_of_experiment on runs (experiment_id, lifecycle_stage, started_at desc, id)',
    ...['name', 'status', 'user_id', 'ended_at'].map(
      (column) =>
        `create index runs_by_${column} on runs (experiment_id, lifecycle_stage, ${column}, started_at desc, id)`,
    ),
    `create index runs_of_pipeline_running on runs (owner)
      where source_type = 'MODELYARD' and status = 'RUNNING'`,
    `create table run_owners (id ${text} primary key, heard_at ${integer} not null)${clustered}`,
  ];
}

function valueTables(types: ColumnTypes): readonly string[] {
  const { text, integer, real, identity, clustered } = types;
  return [
    ...['params', 'run_tags'].map(
      (table) => `create table ${table} (
      run_id ${text} not null references runs (id),
      key ${text} not null,
      value ${text} not null,
      ${prefixColumns(types)},
      ${scopeColumns(types)},
      primary key (run_id, key)
    )${clustered}`,
    ),
    `create table metrics (
      run_id ${text} not null references runs (id),
      key ${text} not null,
      timestamp ${integer} not null,
      step ${integer} not null,
      value ${real} not null,
      is_nan ${integer} not null,
      primary key (run_id, key, timestamp, step, value, is_nan)
    )${clustered}`,
    `create table latest_metrics (
      run_id ${text} not null references runs (id),
      key ${text} not null,
      value ${real} not null,
      is_nan ${integer} not null,
      step ${integer} not null,
      timestamp ${integer} not null,
      ${scopeColumns(types)},
      primary key (run_id, key)
    )${clustered}`,
    ...sortIndexStatements(types),
    `create table datasets (
      id ${identity},
      experiment_id ${integer} not null references experiments (id),
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
      dataset_id ${integer} not null references datasets (id),
      primary key (run_id, dataset_id)
    )${clustered}`,
    'create index run_inputs_of_dataset on run_inputs (dataset_id)',
    `create table run_input_tags (
      run_id ${text} not null,
      dataset_id ${integer} not null,
      key ${text} not null,
      value ${text} not null,
      position ${integer} not null,
      primary key (run_id, dataset_id, key),
      foreign key (run_id, dataset_id) references run_inputs (run_id, dataset_id)
    )${clustered}`,
  ];
}

/** What a run of the pipeline did, and the datasets that its tasks read and wrote. */
function pipelineTables({ text, integer, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table run_tasks (
      run_id ${text} not null references runs (id),
      task ${text} not null,
      operation ${text} not null default '',
      declared_kind ${text} not null default '',
      declared_name ${text} not null default '',
      position ${integer} not null,
      status ${text} not null,
      cache_key ${text},
      started_at ${integer},
      ended_at ${integer},
      needs ${text} not null,
      code ${text} not null,
      outputs ${text} not null,
      facts ${text} not null,
      error ${text},
      primary key (run_id, task)
    )${clustered}`,
    `create table run_datasets (
      run_id ${text} not null references runs (id),
      direction ${text} not null check (direction in ('input', 'output')),
      name ${text} not null,
      digest ${text} not null,
      task ${text} not null,
      source_type ${text},
      source ${text},
      schema ${text},
      profile ${text},
      primary key (run_id, direction, name)
    )${clustered}`,
    'create index run_datasets_by_digest on run_datasets (digest)',
  ];
}
