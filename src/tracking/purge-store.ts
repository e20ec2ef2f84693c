/** What can be removed for good. A registered model has no life after its deletion: what is named is removed at once. */
export type PurgeKind = 'run' | 'logged model' | 'experiment' | 'registered model';

export interface PurgeItem {
  readonly kind: PurgeKind;
  /** The name of a registered model. */
  readonly id: string;
  readonly name: string;
  /** Absent for what goes because the run or experiment that it belongs to does. */
  readonly deletedAt: number | undefined;
}

export interface KeptItem extends Pick<PurgeItem, 'kind' | 'id'> {
  /** 'score version 3 is made of it' */
  readonly why: string;
}

/** What is named, and what was deleted long enough ago. With a run its logged models go, with an experiment all in it. */
export interface PurgeSelection {
  readonly runs: readonly string[];
  readonly loggedModels: readonly string[];
  readonly experiments: readonly string[];
  readonly registeredModels: readonly string[];
  /** Runs, logged models and experiments that were deleted then or before. */
  readonly deletedBefore: number | undefined;
}

export interface PurgePlan {
  /** In the order in which it goes. */
  readonly go: readonly PurgeItem[];
  /** Named or deleted long enough ago, and not to go. */
  readonly kept: readonly KeptItem[];
}

/** A folder of artifacts whose run, logged model or experiment is gone. */
export interface PurgedFolder {
  readonly location: string;
  /** Whether something else has its artifacts there by now, or had them all the time. */
  readonly inUse: boolean;
}

/**
 * Removes from the tables what was deleted. What goes together goes in one transaction, and the folders that it leaves
 * behind are noted in it: a kill at any moment leaves a thing as it was, or gone with its folder noted.
 */
export interface PurgeStore {
  plan(selection: PurgeSelection): Promise<PurgePlan>;
  /** Looks again at each item: what was restored, or is needed by now, stays. @returns what is gone */
  remove(items: readonly PurgeItem[], now: number): Promise<readonly PurgeItem[]>;
  /** Folders that are noted, at most `limit`. */
  folders(limit: number): Promise<readonly PurgedFolder[]>;
  /** Forgets a folder: it is removed, or stays. */
  forgetFolder(location: string): Promise<void>;
}
