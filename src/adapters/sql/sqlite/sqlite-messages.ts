/** A value that SQLite stores. Booleans are 0 or 1. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

export interface SqliteStatement {
  readonly sql: string;
  readonly parameters: readonly SqliteValue[];
}

export interface SqliteResult {
  readonly rows: readonly unknown[];
  /** Number of inserted, updated or deleted rows; absent for reads. */
  readonly changes?: number;
}

export interface SqliteCondition extends SqliteStatement {
  readonly finds: 'rows' | 'nothing';
}

/** Statements that run together if every condition holds. */
export interface SqliteJob {
  readonly conditions: readonly SqliteCondition[];
  readonly statements: readonly SqliteStatement[];
}

/** Whether the job's conditions held, or its failure. */
export type SqliteOutcome = boolean | SqliteFailure;

/** A request to the database's thread. `undo` rolls back an open transaction. */
export type SqliteRequest =
  | {
      readonly kind: 'open';
      readonly path: string;
      readonly busyTimeout: number;
      readonly readOnly: boolean;
    }
  | { readonly kind: 'run'; readonly statements: readonly SqliteStatement[] }
  | { readonly kind: 'write'; readonly jobs: readonly SqliteJob[] }
  | { readonly kind: 'undo' }
  | { readonly kind: 'close' };

/** A SQLite error in the form that crosses threads. */
export interface SqliteFailure {
  /** SQLite's extended result code; its lowest byte is the primary one. https://sqlite.org/rescode.html */
  readonly code: number;
  readonly message: string;
}

export interface SqliteCall {
  readonly id: number;
  readonly request: SqliteRequest;
}

export type SqliteResponse =
  | { readonly id: number; readonly results: readonly SqliteResult[] }
  | { readonly id: number; readonly outcomes: readonly SqliteOutcome[] }
  | { readonly id: number; readonly failure: SqliteFailure };
