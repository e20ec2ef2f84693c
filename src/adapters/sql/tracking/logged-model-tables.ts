import type { Generated } from 'kysely';

export interface LoggedModelsTable {
  readonly id: string;
  readonly experiment_id: number;
  readonly name: string;
  readonly artifact_uri: string;
  readonly status: string;
  readonly lifecycle_stage: Generated<'active' | 'deleted'>;
  readonly model_type: string;
  readonly source_run_id: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface LoggedModelTextTable {
  readonly model_id: string;
  readonly key: string;
  readonly value: string;
}

/** Points of their metrics are in `model_metrics`. */
export interface LoggedModelTables {
  readonly logged_models: LoggedModelsTable;
  readonly logged_model_params: LoggedModelTextTable;
  readonly logged_model_tags: LoggedModelTextTable;
}
