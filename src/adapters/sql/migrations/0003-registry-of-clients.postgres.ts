import { text } from './postgres-types.ts';

const versions: readonly string[] = [
  'alter table registered_models add column last_version bigint not null default 0',
  `alter table model_versions
    alter column run_id drop not null,
    alter column folder drop not null,
    alter column metrics set default '{}',
    add column source ${text} not null,
    add column storage_location ${text},
    add column run_link ${text} not null default '',
    add column logged_model_id ${text},
    add column stage ${text} not null default 'None' check (stage in ('None', 'Staging', 'Production', 'Archived'))`,
  'alter table alias_moves alter column to_version drop not null',
  'create index model_versions_by_stage on model_versions (model, stage, version)',
  'create index model_versions_by_update on model_versions (updated_at desc, model, version desc)',
  'create index model_versions_by_source on model_versions using hash (source)',
  'create index model_version_tags_by_value on model_version_tags (key, substr(value, 1, 100))',
  'create index registered_model_tags_by_value on registered_model_tags (key, substr(value, 1, 100))',
  'create index model_aliases_of_version on model_aliases (model, version)',
];

const webhooks: readonly string[] = [
  `create table webhooks (
    id ${text} primary key,
    name ${text} not null,
    description ${text},
    url ${text} not null,
    secret ${text},
    status ${text} not null check (status in ('ACTIVE', 'DISABLED')),
    created_at bigint not null,
    updated_at bigint not null
  )`,
  `create table webhook_events (
    webhook_id ${text} not null references webhooks (id) on delete cascade,
    entity ${text} not null,
    action ${text} not null,
    primary key (webhook_id, entity, action)
  )`,
  'create index webhook_events_by_event on webhook_events (entity, action)',
  `create table webhook_deliveries (
    event_id ${text} not null,
    webhook_id ${text} not null references webhooks (id) on delete cascade,
    entity ${text} not null,
    action ${text} not null,
    data ${text} not null,
    happened_at bigint not null,
    attempts bigint not null default 0,
    due_at bigint not null,
    primary key (event_id, webhook_id)
  )`,
  'create index webhook_deliveries_by_time on webhook_deliveries (due_at)',
  'create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id)',
];

export const registryOfClientsPostgres: readonly string[] = [...versions, ...webhooks];
