import type { ColumnProfile } from '../data/profile.ts';
import type { ColumnType } from '../project/tables/column.ts';

/** The tables of a project that people look at first: what its sources read, and what its models learn from. */
export interface DataView {
  readonly tables: readonly DataTableView[];
}

export interface DataTableView {
  /** For the address: 'clean.rows'. */
  readonly id: string;
  /** The source or step that writes it. */
  readonly name: string;
  readonly kind: 'source' | 'step';
  /** Models and forecasts that learn from its rows. */
  readonly models: readonly { readonly name: string; readonly title: string }[];
  /** Null until a run has written it. */
  readonly latest: {
    readonly rows: number;
    /** The run that wrote it, or found it unchanged. */
    readonly run: { readonly id: string; readonly name: string; readonly startedAt: number };
  } | null;
  readonly columns: number;
  /** Rows that the reader set aside. */
  readonly rejected: number;
}

export interface DataTableDetails extends DataTableView {
  /** As the latest run wrote them; without one, as the project declares them. */
  readonly details: readonly DataColumnView[];
  /** What the reader of a source set aside or did not read; null if it does not say. */
  readonly reading: ReadingView | null;
  /** Columns of the files that the project says are no features of this table, with the reason. */
  readonly leftOut: readonly LeftOutView[];
}

export interface LeftOutView {
  readonly name: string;
  readonly reason: string;
}

export interface DataColumnView {
  readonly name: string;
  readonly title: string | null;
  readonly unit: string | null;
  readonly type: ColumnType;
  /** What models use it for; empty if none uses it. Null for a table that no model learns from. */
  readonly roles: readonly ColumnRoleView[] | null;
  /** Absent until a run has written the table. */
  readonly profile: ColumnProfile | null;
  readonly warnings: readonly string[];
}

export type ColumnRole = 'target' | 'time' | 'group' | 'feature';

export interface ColumnRoleView {
  readonly role: ColumnRole;
  readonly model: string;
}

export interface ReadingView {
  /** Rows that were set aside. */
  readonly rejected: number;
  /** The first of them. */
  readonly rejects: readonly RejectedRowView[];
  /** The first columns of the file that the row schema does not name. */
  readonly unread: readonly string[];
  /** All of them; 10,000 means that or more. */
  readonly unreadTotal: number;
}

export interface RejectedRowView {
  readonly file: string;
  readonly line: number;
  /** Null where the line itself is wrong. */
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
}
