import type { ColumnTypes } from './column-types.ts';

/** Registered models, their versions, aliases and verdicts, and webhooks. */
export function registryTables(types: ColumnTypes): readonly string[] {
  return [...modelTables(types), ...aliasTables(types), ...registryIndexes(types), ...webhookTables(types)];
}

const ofModel = 'references registered_models (name) on update cascade';
const ofVersion = 'foreign key (model, version) references model_versions (model, version) on update cascade';

function modelTables({ text, integer, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table registered_models (
      name ${text} primary key,
      description ${text} not null default '',
      last_version ${integer} not null default 0,
      created_at ${integer} not null,
      updated_at ${integer} not null
    )${clustered}`,
    `create table registered_model_tags (
      model ${text} not null ${ofModel},
      key ${text} not null,
      value ${text} not null,
      primary key (model, key)
    )${clustered}`,
    `create table model_versions (
      model ${text} not null ${ofModel},
      version ${integer} not null,
      run_id ${text},
      folder ${text},
      source ${text} not null,
      storage_location ${text},
      run_link ${text} not null default '',
      logged_model_id ${text},
      stage ${text} not null default 'None' check (stage in ('None', 'Staging', 'Production', 'Archived')),
      metrics ${text} not null default '{}',
      description ${text} not null default '',
      created_at ${integer} not null,
      updated_at ${integer} not null,
      primary key (model, version),
      unique (model, folder)
    )${clustered}`,
    `create table model_version_tags (
      model ${text} not null,
      version ${integer} not null,
      key ${text} not null,
      value ${text} not null,
      primary key (model, version, key),
      ${ofVersion}
    )${clustered}`,
  ];
}

function aliasTables({ text, integer, identity, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table model_aliases (
      model ${text} not null,
      alias ${text} not null,
      version ${integer} not null,
      primary key (model, alias),
      ${ofVersion}
    )${clustered}`,
    `create table alias_moves (
      id ${identity},
      model ${text} not null ${ofModel},
      alias ${text} not null,
      from_version ${integer},
      to_version ${integer},
      moved_by ${text} not null,
      moved_at ${integer} not null,
      why ${text} not null default ''
    )`,
    `create table verdicts (
      id ${identity},
      model ${text} not null,
      version ${integer} not null,
      alias ${text} not null,
      decision ${text} not null,
      facts ${text} not null,
      decided_at ${integer} not null,
      ${ofVersion}
    )`,
  ];
}

function registryIndexes({ dialect, prefix }: ColumnTypes): readonly string[] {
  return [
    'create index model_versions_of_run on model_versions (run_id)',
    'create index model_versions_by_stage on model_versions (model, stage, version)',
    'create index model_versions_by_update on model_versions (updated_at desc, model, version desc)',
    `create index model_versions_by_source on model_versions ${dialect === 'postgres' ? 'using hash ' : ''}(source)`,
    `create index model_version_tags_by_value on model_version_tags (key, ${prefix('value')})`,
    `create index registered_model_tags_by_value on registered_model_tags (key, ${prefix('value')})`,
    'create index model_aliases_of_version on model_aliases (model, version)',
    'create index alias_moves_of_alias on alias_moves (model, alias, id)',
    'create index verdicts_of_version on verdicts (model, version, id)',
  ];
}

function webhookTables({ text, integer, clustered }: ColumnTypes): readonly string[] {
  const ofWebhook = 'references webhooks (id) on delete cascade';
  return [
    `create table webhooks (
      id ${text} primary key,
      name ${text} not null,
      description ${text},
      url ${text} not null,
      secret ${text},
      status ${text} not null check (status in ('ACTIVE', 'DISABLED')),
      created_at ${integer} not null,
      updated_at ${integer} not null
    )${clustered}`,
    `create table webhook_events (
      webhook_id ${text} not null ${ofWebhook},
      entity ${text} not null,
      action ${text} not null,
      primary key (webhook_id, entity, action)
    )${clustered}`,
    'create index webhook_events_by_event on webhook_events (entity, action)',
    `create table webhook_deliveries (
      event_id ${text} not null,
      webhook_id ${text} not null ${ofWebhook},
      entity ${text} not null,
      action ${text} not null,
      data ${text} not null,
      happened_at ${integer} not null,
      attempts ${integer} not null default 0,
      due_at ${integer} not null,
      primary key (event_id, webhook_id)
    )${clustered}`,
    'create index webhook_deliveries_by_time on webhook_deliveries (due_at)',
    'create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id)',
  ];
}
