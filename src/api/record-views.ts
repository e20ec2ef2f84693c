import type { Lifecycle } from '../tracking/record.ts';
import type { RunStatus } from '../tracking/model.ts';
import type { KeptItem, PurgeKind } from '../tracking/purge-store.ts';
import type { LeftFolder } from '../tracking/purge.ts';

/** JSON has no other numbers than finite ones. */
export type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

/** A run that a search found, of our pipeline or of a client of MLflow. */
export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly experiment: { readonly id: string; readonly name: string };
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  /** Who started it, as the client says; '' where it says nothing. */
  readonly user: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly artifactUri: string;
  readonly params: Readonly<Record<string, string>>;
  /** The last value of each. */
  readonly metrics: Readonly<Record<string, MetricValue>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunsFound {
  readonly runs: readonly FoundRun[];
  /** The offset of the next page; null on the last. */
  readonly next: number | null;
}

export interface RunsMoved {
  /** Ids; nested ones too. */
  readonly moved: readonly string[];
}

export interface PurgedView {
  readonly kind: PurgeKind;
  /** The name of a registered model. */
  readonly id: string;
  readonly name: string;
  /** Null for what goes because of what it belongs to, or where it is not known. */
  readonly deletedAt: number | null;
}

export interface PurgeView {
  /** Whether nothing was removed: `gone` is then what would go. */
  readonly dryRun: boolean;
  readonly gone: readonly PurgedView[];
  /** What stays, and why. */
  readonly kept: readonly KeptItem[];
  /** Folders of artifacts that are removed. */
  readonly foldersRemoved: number;
  /** Folders in stores that this server does not write to. */
  readonly elsewhere: readonly string[];
  /** Folders that could not be removed: the next purge tries again. */
  readonly left: readonly LeftFolder[];
}

/** A move of an alias, or that it was taken away. */
export interface AliasChangeView {
  readonly alias: string;
  readonly from: number | null;
  /** Null when it was taken away. */
  readonly to: number | null;
  /** 'gate' or who did it. */
  readonly by: string;
  readonly movedAt: number;
  /** '' where nobody said. */
  readonly why: string;
}
