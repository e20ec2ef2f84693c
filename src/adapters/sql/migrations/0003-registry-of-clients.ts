import { registryOfClientsPostgres } from './0003-registry-of-clients.postgres.ts';
import type { Migration } from './migration.ts';

/**
 * A version may come from a client: without a folder of ours, and without a run. SQLite changes no column, so the table
 * and all that point to it are written anew; the references follow the tables when they take their old names.
 */
const versions: readonly string[] = [
  'alter table registered_models add column last_version integer not null default 0',
  `update registered_models set last_version =
    (select coalesce(max(version), 0) from model_versions where model = registered_models.name)`,
  `create table new_model_versions (
    model text not null references registered_models (name) on update cascade,
    version integer not null,
    run_id text,
    folder text,
    source text not null,
    storage_location text,
    run_link text not null default '',
    logged_model_id text,
    stage text not null default 'None' check (stage in ('None', 'Staging', 'Production', 'Archived')),
    metrics text not null default '{}',
    description text not null default '',
    created_at integer not null,
    updated_at integer not null,
    primary key (model, version),
    unique (model, folder)
  ) without rowid`,
  `insert into new_model_versions
    (model, version, run_id, folder, source, metrics, description, created_at, updated_at)
    select model, version, run_id, folder, 'mlflow-artifacts:/modelyard/' || folder, metrics, description,
      created_at, updated_at
    from model_versions`,
];

const version = `foreign key (model, version) references new_model_versions (model, version) on update cascade`;

const partsOfVersions: readonly string[] = [
  `create table new_model_version_tags (
    model text not null,
    version integer not null,
    key text not null,
    value text not null,
    primary key (model, version, key),
    ${version}
  ) without rowid`,
  'insert into new_model_version_tags select model, version, key, value from model_version_tags',
  `create table new_model_aliases (
    model text not null,
    alias text not null,
    version integer not null,
    primary key (model, alias),
    ${version}
  ) without rowid`,
  'insert into new_model_aliases select model, alias, version from model_aliases',
  `create table new_judgements (
    id integer primary key autoincrement,
    model text not null,
    version integer not null,
    alias text not null,
    verdict text not null,
    facts text not null,
    decided_at integer not null,
    ${version}
  )`,
  `insert into new_judgements
    select id, model, version, alias, verdict, facts, decided_at from judgements order by id`,
];

/** An alias that was taken away points to no version. */
const moves: readonly string[] = [
  `create table new_alias_moves (
    id integer primary key autoincrement,
    model text not null references registered_models (name) on update cascade,
    alias text not null,
    from_version integer,
    to_version integer,
    moved_by text not null,
    moved_at integer not null
  )`,
  `insert into new_alias_moves
    select id, model, alias, from_version, to_version, moved_by, moved_at from alias_moves order by id`,
];

const exchange: readonly string[] = [
  ...['model_version_tags', 'model_aliases', 'judgements', 'alias_moves', 'model_versions'].flatMap(
    (table) => [`drop table ${table}`, `alter table new_${table} rename to ${table}`],
  ),
  'create index model_versions_of_run on model_versions (run_id)',
  'create index model_versions_by_stage on model_versions (model, stage, version)',
  'create index model_versions_by_update on model_versions (updated_at desc, model, version desc)',
  'create index model_versions_by_source on model_versions (source)',
  'create index model_version_tags_by_value on model_version_tags (key, value)',
  'create index registered_model_tags_by_value on registered_model_tags (key, value)',
  'create index model_aliases_of_version on model_aliases (model, version)',
  'create index alias_moves_of_alias on alias_moves (model, alias, id)',
  'create index judgements_of_version on judgements (model, version, id)',
];

const webhooks: readonly string[] = [
  `create table webhooks (
    id text primary key,
    name text not null,
    description text,
    url text not null,
    secret text,
    status text not null check (status in ('ACTIVE', 'DISABLED')),
    created_at integer not null,
    updated_at integer not null
  ) without rowid`,
  `create table webhook_events (
    webhook_id text not null references webhooks (id) on delete cascade,
    entity text not null,
    action text not null,
    primary key (webhook_id, entity, action)
  ) without rowid`,
  'create index webhook_events_by_event on webhook_events (entity, action)',
  `create table webhook_deliveries (
    event_id text not null,
    webhook_id text not null references webhooks (id) on delete cascade,
    entity text not null,
    action text not null,
    data text not null,
    happened_at integer not null,
    attempts integer not null default 0,
    due_at integer not null,
    primary key (event_id, webhook_id)
  ) without rowid`,
  'create index webhook_deliveries_by_time on webhook_deliveries (due_at)',
  'create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id)',
];

export const registryOfClients: Migration = {
  name: '0003-registry-of-clients',
  statements: {
    sqlite: [...versions, ...partsOfVersions, ...moves, ...exchange, ...webhooks],
    postgres: registryOfClientsPostgres,
  },
};
