import type { Generated } from 'kysely';

/** A run's or a model's life as MLflow tells it: what is deleted can be restored. */
type LifecycleStage = 'active' | 'deleted';

interface ExperimentsTable {
  readonly id: Generated<number>;
  readonly name: string;
  readonly artifact_location: Generated<string>;
  readonly lifecycle_stage: Generated<LifecycleStage>;
  readonly created_at: number;
  readonly updated_at: number;
}

interface ExperimentTagsTable {
  readonly experiment_id: number;
  readonly key: string;
  readonly value: string;
}

interface RunsTable {
  readonly id: string;
  readonly experiment_id: number;
  readonly parent_id: string | null;
  readonly name: string;
  readonly user_id: Generated<string>;
  readonly source_type: Generated<string>;
  readonly source_name: Generated<string>;
  readonly artifact_uri: Generated<string>;
  readonly lifecycle_stage: Generated<LifecycleStage>;
  readonly deleted_at: Generated<number | null>;
  readonly status: string;
  readonly started_at: number;
  readonly ended_at: number | null;
}

interface RunTextTable {
  readonly run_id: string;
  readonly key: string;
  readonly value: string;
}

/** A NaN is 0 with `is_nan`, as in MLflow; infinities are themselves. */
interface MetricTable {
  readonly run_id: string;
  readonly key: string;
  readonly value: number;
  readonly is_nan: number;
  readonly step: number;
  readonly timestamp: number;
}

interface RunTasksTable {
  readonly run_id: string;
  readonly task: string;
  readonly position: number;
  readonly status: string;
  readonly cache_key: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly needs: string;
  readonly code: string;
  readonly outputs: string;
  readonly facts: string;
  readonly error: string | null;
}

interface RunDatasetsTable {
  readonly run_id: string;
  readonly direction: string;
  readonly name: string;
  readonly digest: string;
  readonly task: string;
  readonly source_type: Generated<string | null>;
  readonly source: Generated<string | null>;
  readonly schema: Generated<string | null>;
  readonly profile: Generated<string | null>;
}

interface RegisteredModelsTable {
  readonly name: string;
  readonly description: Generated<string>;
  readonly created_at: number;
  readonly updated_at: number;
}

interface ModelVersionsTable {
  readonly model: string;
  readonly version: number;
  readonly run_id: string;
  readonly folder: string;
  readonly metrics: string;
  readonly description: Generated<string>;
  readonly created_at: number;
  readonly updated_at: number;
}

interface ModelTagsTable {
  readonly model: string;
  readonly key: string;
  readonly value: string;
}

interface ModelVersionTagsTable extends ModelTagsTable {
  readonly version: number;
}

interface ModelAliasesTable {
  readonly model: string;
  readonly alias: string;
  readonly version: number;
}

interface AliasMovesTable {
  readonly id: Generated<number>;
  readonly model: string;
  readonly alias: string;
  readonly from_version: number | null;
  readonly to_version: number;
  readonly moved_by: string;
  readonly moved_at: number;
}

interface JudgementsTable {
  readonly id: Generated<number>;
  readonly model: string;
  readonly version: number;
  readonly alias: string;
  readonly verdict: string;
  readonly facts: string;
  readonly decided_at: number;
}

interface MigrationsTable {
  readonly name: string;
  readonly digest: string;
  readonly applied_at: number;
}

/** Every table, the same in each dialect. Times are milliseconds since 1970; verdicts, facts and the like are JSON texts. */
export interface Tables {
  readonly experiments: ExperimentsTable;
  readonly experiment_tags: ExperimentTagsTable;
  readonly runs: RunsTable;
  readonly params: RunTextTable;
  readonly run_tags: RunTextTable;
  readonly metrics: MetricTable;
  readonly latest_metrics: MetricTable;
  readonly run_tasks: RunTasksTable;
  readonly run_datasets: RunDatasetsTable;
  readonly registered_models: RegisteredModelsTable;
  readonly registered_model_tags: ModelTagsTable;
  readonly model_versions: ModelVersionsTable;
  readonly model_version_tags: ModelVersionTagsTable;
  readonly model_aliases: ModelAliasesTable;
  readonly alias_moves: AliasMovesTable;
  readonly judgements: JudgementsTable;
  readonly modelyard_migrations: MigrationsTable;
}
