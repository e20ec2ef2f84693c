import type { Generated } from 'kysely';
import type { BatchTables } from './batches/batch-tables.ts';
import type { ImportTables } from './import/import-tables.ts';
import type { JobTables } from './jobs/job-tables.ts';
import type { LoggedModelTables } from './tracking/logged-model-tables.ts';
import type { MirrorTables } from './mirror/mirror-tables.ts';
import type { RegistryTables } from './registry/registry-tables.ts';
import type { TrackingTables } from './tracking/tracking-tables.ts';

/** As in MLflow, deleted entities can be restored. */
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
  /** 1 for a run that was deleted with its experiment: restoring the experiment restores the run. */
  readonly deleted_with_experiment: Generated<number>;
  readonly status: string;
  readonly started_at: number;
  readonly ended_at: number | null;
  /** The digest of the plan that the run executes. */
  readonly plan: Generated<string | null>;
  /** The process that executes the run, for pipeline runs. */
  readonly owner: Generated<string | null>;
}

/** What a table of values has of its run, for the sort index. */
interface RunScopeColumns {
  readonly experiment_id: number;
  readonly started_at: number;
}

interface RunTextTable extends RunScopeColumns {
  readonly run_id: string;
  readonly key: string;
  readonly value: string;
  /** 1 for a text longer than its prefix. */
  readonly is_long: number;
  /** The first 100 characters. */
  readonly prefix: string;
}

/** As in MLflow, NaN is stored as 0 with `is_nan`; infinities are stored as they are. */
interface MetricTable {
  readonly run_id: string;
  readonly key: string;
  readonly value: number;
  readonly is_nan: number;
  readonly step: number;
  readonly timestamp: number;
}

interface LatestMetricTable extends MetricTable, RunScopeColumns {}

interface RunTasksTable {
  readonly run_id: string;
  readonly task: string;
  readonly operation: string;
  readonly declared_kind: string;
  readonly declared_name: string;
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

interface MigrationsTable {
  readonly name: string;
  readonly digest: string;
  readonly applied_at: number;
}

/** All tables; every dialect has the same. Times are milliseconds since 1970; verdicts, facts and the like are JSON texts. */
export interface Tables
  extends
    RegistryTables,
    TrackingTables,
    LoggedModelTables,
    MirrorTables,
    ImportTables,
    JobTables,
    BatchTables {
  readonly experiments: ExperimentsTable;
  readonly experiment_tags: ExperimentTagsTable;
  readonly runs: RunsTable;
  readonly params: RunTextTable;
  readonly run_tags: RunTextTable;
  readonly metrics: MetricTable;
  readonly latest_metrics: LatestMetricTable;
  readonly run_tasks: RunTasksTable;
  readonly run_datasets: RunDatasetsTable;
  readonly modelyard_migrations: MigrationsTable;
}
