import type { Generated } from 'kysely';

export interface RegisteredModelsTable {
  readonly name: string;
  readonly description: Generated<string>;
  /** The highest version number so far. Numbers of deleted versions are not reused. */
  readonly last_version: Generated<number>;
  readonly created_at: number;
  readonly updated_at: number;
}

/** `run_id` and `folder` are null for a version that a client registered without them. */
export interface ModelVersionsTable {
  readonly model: string;
  readonly version: number;
  readonly run_id: string | null;
  readonly folder: string | null;
  readonly source: string;
  /** The storage location if `source` refers to another version or a logged model. */
  readonly storage_location: Generated<string | null>;
  readonly run_link: Generated<string>;
  readonly logged_model_id: Generated<string | null>;
  readonly stage: Generated<string>;
  readonly metrics: Generated<string>;
  readonly description: Generated<string>;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface ModelTagsTable {
  readonly model: string;
  readonly key: string;
  readonly value: string;
}

export interface ModelVersionTagsTable extends ModelTagsTable {
  readonly version: number;
}

export interface ModelAliasesTable {
  readonly model: string;
  readonly alias: string;
  readonly version: number;
}

export interface AliasMovesTable {
  readonly id: Generated<number>;
  readonly model: string;
  readonly alias: string;
  readonly from_version: number | null;
  /** Null if the alias was deleted. */
  readonly to_version: number | null;
  readonly moved_by: string;
  readonly moved_at: number;
  readonly why: Generated<string>;
}

export interface VerdictsTable {
  readonly id: Generated<number>;
  readonly model: string;
  readonly version: number;
  readonly alias: string;
  readonly decision: string;
  readonly facts: string;
  readonly decided_at: number;
}

export interface WebhooksTable {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly url: string;
  /** Encrypted. */
  readonly secret: string | null;
  readonly status: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface WebhookEventsTable {
  readonly webhook_id: string;
  readonly entity: string;
  readonly action: string;
}

export interface WebhookDeliveriesTable {
  readonly event_id: string;
  readonly webhook_id: string;
  readonly entity: string;
  readonly action: string;
  readonly data: string;
  readonly happened_at: number;
  readonly attempts: Generated<number>;
  readonly due_at: number;
}

/** The tables of models, versions, aliases and webhooks. */
export interface RegistryTables {
  readonly registered_models: RegisteredModelsTable;
  readonly registered_model_tags: ModelTagsTable;
  readonly model_versions: ModelVersionsTable;
  readonly model_version_tags: ModelVersionTagsTable;
  readonly model_aliases: ModelAliasesTable;
  readonly alias_moves: AliasMovesTable;
  readonly verdicts: VerdictsTable;
  readonly webhooks: WebhooksTable;
  readonly webhook_events: WebhookEventsTable;
  readonly webhook_deliveries: WebhookDeliveriesTable;
}
