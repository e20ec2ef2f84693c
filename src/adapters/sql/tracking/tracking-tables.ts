import type { Generated } from 'kysely';

/** Data that MLflow clients logged as inputs; what a step of ours read is in `run_datasets`. */
interface DatasetsTable {
  readonly id: Generated<number>;
  readonly experiment_id: number;
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly schema: string | null;
  readonly profile: string | null;
}

interface RunInputsTable {
  readonly run_id: string;
  readonly dataset_id: number;
}

interface RunInputTagsTable extends RunInputsTable {
  readonly key: string;
  readonly value: string;
  /** Its place among the tags that it was logged with. */
  readonly position: number;
}

interface RunModelsTable {
  readonly run_id: string;
  readonly direction: 'input' | 'output';
  /** Of a logged model: it need not be in this database. */
  readonly model_id: string;
  readonly step: number;
}

/** Points of metrics that were logged for a logged model too; a name or digest of a dataset is empty where none was given. */
interface ModelMetricsTable {
  readonly model_id: string;
  readonly key: string;
  readonly dataset_name: string;
  readonly dataset_digest: string;
  readonly timestamp: number;
  readonly step: number;
  readonly value: number;
  readonly is_nan: number;
  readonly run_id: string;
}

/** Folders of artifacts that are to be removed: what they were of is gone already. */
interface PurgedFoldersTable {
  readonly location: string;
  readonly held: 'run' | 'logged model' | 'experiment';
  readonly purged_at: number;
}

interface RunOwnersTable {
  readonly id: string;
  readonly heard_at: number;
}

export interface TrackingTables {
  readonly datasets: DatasetsTable;
  readonly run_inputs: RunInputsTable;
  readonly run_input_tags: RunInputTagsTable;
  readonly run_models: RunModelsTable;
  readonly model_metrics: ModelMetricsTable;
  readonly purged_folders: PurgedFoldersTable;
  readonly run_owners: RunOwnersTable;
}
