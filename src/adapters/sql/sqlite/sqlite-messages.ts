/** What SQLite stores; a boolean is 0 or 1. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

export interface SqliteStatement {
  readonly sql: string;
  readonly parameters: readonly SqliteValue[];
}

export interface SqliteResult {
  readonly rows: readonly unknown[];
  /** Rows that were inserted, updated or deleted; absent for what only reads. */
  readonly changes?: number;
}

export interface SqliteCondition extends SqliteStatement {
  readonly finds: 'rows' | 'nothing';
}

/** Statements that belong together and go ahead where every condition holds. */
export interface SqliteJob {
  readonly conditions: readonly SqliteCondition[];
  readonly statements: readonly SqliteStatement[];
}

/** Whether a job went ahead, or why it could not. */
export type SqliteOutcome = boolean | SqliteFailure;

/** What the database's thread is asked. `undo` rolls back a transaction where one is open. */
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

/** An error of SQLite as it crosses threads. */
export interface SqliteFailure {
  /** SQLite's extended result code; its lowest byte is the primary one. https://sqlite.org/rescode.html */
  readonly code: number;
  readonly message: string;
}

export interface SqliteQuestion {
  readonly id: number;
  readonly request: SqliteRequest;
}

export type SqliteAnswer =
  | { readonly id: number; readonly results: readonly SqliteResult[] }
  | { readonly id: number; readonly outcomes: readonly SqliteOutcome[] }
  | { readonly id: number; readonly failure: SqliteFailure };
