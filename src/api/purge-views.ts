import type { KeptItem, PurgeKind } from '../tracking/purge-store.ts';
import type { LeftFolder } from '../tracking/purge.ts';

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
