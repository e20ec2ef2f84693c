import type { Generated } from 'kysely';

interface ImportsTable {
  readonly source: string;
  readonly attempt: number;
  /** What the import covers, as JSON. */
  readonly scope: string;
  readonly started_at: number;
  readonly finished_at: number | null;
}

interface ImportedTable {
  readonly source: string;
  readonly kind: string;
  /** The id at the source; `local_id` is the id here. */
  readonly id: string;
  readonly local_id: string;
  readonly attempt: number;
  readonly state: string;
  /** 1 for an experiment that existed before the import: it keeps its name and lifecycle stage. */
  readonly is_joined: Generated<number>;
  readonly digest: string;
  readonly facts: string;
}

/** The tables of imports from other tracking servers. */
export interface ImportTables {
  readonly imports: ImportsTable;
  readonly imported: ImportedTable;
}
