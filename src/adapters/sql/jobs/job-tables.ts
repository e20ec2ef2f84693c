import type { Generated } from 'kysely';

interface JobsTable {
  readonly id: string;
  readonly project: string;
  readonly target: string | null;
  readonly trigger_kind: string;
  /** JSON. */
  readonly trigger_detail: string;
  /** Unique within a project, except null. */
  readonly trigger_key: string | null;
  readonly status: string;
  readonly queued_at: number;
  readonly started_at: Generated<number | null>;
  readonly ended_at: Generated<number | null>;
  readonly attempt: number;
  readonly resumes: Generated<string | null>;
  readonly resumed_by: Generated<string | null>;
  readonly is_cancelled: Generated<number>;
  /** The process that executes it. */
  readonly owner: Generated<string | null>;
  /** JSON. */
  readonly outcome: Generated<string | null>;
  /** JSON. */
  readonly error: Generated<string | null>;
}

export interface JobTables {
  readonly jobs: JobsTable;
}
