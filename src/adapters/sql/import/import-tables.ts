import type { Generated } from 'kysely';

interface ImportsTable {
  readonly source: string;
  readonly attempt: number;
  /** What it was asked to bring, as JSON. */
  readonly scope: string;
  readonly started_at: number;
  readonly finished_at: number | null;
}

interface ImportedTable {
  readonly source: string;
  readonly kind: string;
  /** Theirs; `ours` is the id here. */
  readonly id: string;
  readonly ours: string;
  readonly attempt: number;
  readonly state: string;
  /** 1 for an experiment that was here before: it keeps its name and its life. */
  readonly is_joined: Generated<number>;
  readonly digest: string;
  readonly facts: string;
}

/** What came from other tracking servers. */
export interface ImportTables {
  readonly imports: ImportsTable;
  readonly imported: ImportedTable;
}
