import type { Generated } from 'kysely';

interface BatchesTable {
  readonly id: string;
  readonly project: string;
  readonly endpoint: string;
  /** JSON. */
  readonly input: string;
  /** The key of the caller who sent the file. */
  readonly sender: Generated<string | null>;
  readonly status: string;
  readonly created_at: number;
  readonly started_at: Generated<number | null>;
  readonly ended_at: Generated<number | null>;
  readonly expires_at: number;
  readonly rows_total: Generated<number | null>;
  readonly rows_done: Generated<number>;
  readonly rows_refused: Generated<number>;
  /** Files of the output, and their bytes. */
  readonly parts: Generated<number>;
  readonly bytes: Generated<number>;
  readonly input_bytes: Generated<number>;
  /** JSON. */
  readonly writers: Generated<string>;
  /** JSON. */
  readonly unlike: Generated<string>;
  readonly attempt: Generated<number>;
  readonly is_cancelled: Generated<number>;
  /** The process that works on it. */
  readonly owner: Generated<string | null>;
  /** JSON. */
  readonly error: Generated<string | null>;
}

export interface BatchTables {
  readonly batches: BatchesTable;
}
