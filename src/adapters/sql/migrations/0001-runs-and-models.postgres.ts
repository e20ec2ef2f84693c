import { identity, lifecycle, text } from './postgres-types.ts';

const runTables: readonly string[] = [
  `create table experiments (
    id ${identity},
    name ${text} not null unique,
    artifact_location ${text} not null default '',
    ${lifecycle},
    created_at bigint not null,
    updated_at bigint not null
  )`,
  `create table experiment_tags (
    experiment_id bigint not null references experiments (id),
    key ${text} not null,
    value ${text} not null,
    primary key (experiment_id, key)
  )`,
  `create table runs (
    id ${text} primary key,
    experiment_id bigint not null references experiments (id),
    parent_id ${text} references runs (id),
    name ${text} not null,
    user_id ${text} not null default '',
    source_type ${text} not null default '',
    source_name ${text} not null default '',
    artifact_uri ${text} not null default '',
    ${lifecycle},
    deleted_at bigint,
    status ${text} not null check (status in ('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED')),
    started_at bigint not null,
    ended_at bigint,
    plan ${text}
  )`,
  'create index runs_of_parent on runs (parent_id, started_at)',
  'create index runs_by_start on runs (started_at)',
  ...['params', 'run_tags'].map(
    (table) => `create table ${table} (
    run_id ${text} not null references runs (id),
    key ${text} not null,
    value ${text} not null,
    primary key (run_id, key)
  )`,
  ),
  `create table metrics (
    run_id ${text} not null references runs (id),
    key ${text} not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan bigint not null,
    primary key (run_id, key, timestamp, step, value, is_nan)
  )`,
  `create table latest_metrics (
    run_id ${text} not null references runs (id),
    key ${text} not null,
    value double precision not null,
    is_nan bigint not null,
    step bigint not null,
    timestamp bigint not null,
    primary key (run_id, key)
  )`,
  `create table run_tasks (
    run_id ${text} not null references runs (id),
    task ${text} not null,
    operation ${text} not null default '',
    declared_kind ${text} not null default '',
    declared_name ${text} not null default '',
    position bigint not null,
    status ${text} not null,
    cache_key ${text},
    started_at bigint,
    ended_at bigint,
    needs ${text} not null,
    code ${text} not null,
    outputs ${text} not null,
    facts ${text} not null,
    error ${text},
    primary key (run_id, task)
  )`,
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
  )`,
  'create index run_datasets_by_digest on run_datasets (digest)',
];

const modelTables: readonly string[] = [
  `create table registered_models (
    name ${text} primary key,
    description ${text} not null default '',
    created_at bigint not null,
    updated_at bigint not null
  )`,
  `create table registered_model_tags (
    model ${text} not null references registered_models (name) on update cascade,
    key ${text} not null,
    value ${text} not null,
    primary key (model, key)
  )`,
  `create table model_versions (
    model ${text} not null references registered_models (name) on update cascade,
    version bigint not null,
    run_id ${text} not null,
    folder ${text} not null,
    metrics ${text} not null,
    description ${text} not null default '',
    created_at bigint not null,
    updated_at bigint not null,
    primary key (model, version),
    unique (model, folder)
  )`,
  'create index model_versions_of_run on model_versions (run_id)',
  `create table model_version_tags (
    model ${text} not null,
    version bigint not null,
    key ${text} not null,
    value ${text} not null,
    primary key (model, version, key),
    foreign key (model, version) references model_versions (model, version) on update cascade
  )`,
  `create table model_aliases (
    model ${text} not null,
    alias ${text} not null,
    version bigint not null,
    primary key (model, alias),
    foreign key (model, version) references model_versions (model, version) on update cascade
  )`,
  `create table alias_moves (
    id ${identity},
    model ${text} not null references registered_models (name) on update cascade,
    alias ${text} not null,
    from_version bigint,
    to_version bigint not null,
    moved_by ${text} not null,
    moved_at bigint not null
  )`,
  'create index alias_moves_of_alias on alias_moves (model, alias, id)',
  `create table judgements (
    id ${identity},
    model ${text} not null,
    version bigint not null,
    alias ${text} not null,
    verdict ${text} not null,
    facts ${text} not null,
    decided_at bigint not null,
    foreign key (model, version) references model_versions (model, version) on update cascade
  )`,
  'create index judgements_of_version on judgements (model, version, id)',
];

export const runsAndModelsPostgres: readonly string[] = [...runTables, ...modelTables];
