import type { Change, NewChange, Stream, StreamGroup } from './change.ts';

/** What one of our entities is called on the other server. */
export interface RemoteId {
  readonly id: string;
  /** The folder of its files there; '' for an entity without files. */
  readonly artifactUri: string;
}

/** An entity that the mirror gives a remote id: an experiment, a run, a logged model, a version of a registered model. */
export type EntityKey =
  | { readonly kind: 'experiment' | 'run' | 'model'; readonly id: string }
  | { readonly kind: 'version'; readonly id: string; readonly version: number };

export interface Backlog {
  readonly waiting: number;
  /** When the oldest waiting change was queued, in milliseconds since 1970. */
  readonly oldest: number | undefined;
  /** Changes that the other server refused and that are set aside. */
  readonly refused: number;
}

export interface Refusal {
  readonly change: Change;
  readonly reason: string;
}

/** The first waiting changes of a stream, in the order in which they were made. */
export interface PendingChanges {
  readonly stream: Stream;
  readonly changes: readonly Change[];
}

/** Which process sends, and until when. */
export interface Lease {
  readonly holder: string;
  readonly now: number;
  readonly until: number;
}

/** The changes that the mirror still has to send. A change is queued in the transaction that makes it and stays until `done`. */
export interface MirrorQueue {
  /** The stream with the oldest waiting change, and its first changes. Refused changes are left out. */
  next(query: {
    readonly group: StreamGroup;
    /** Streams to leave out. */
    readonly except: readonly Stream[];
    readonly limit: number;
  }): Promise<PendingChanges | undefined>;
  add(changes: readonly NewChange[]): Promise<void>;
  done(ids: readonly number[]): Promise<void>;
  /** Whether a change is still in the queue. */
  has(id: number): Promise<boolean>;
  /** Sets changes aside until `retry`. */
  refuse(ids: readonly number[], reason: string): Promise<void>;
  findRemoteId(entity: EntityKey): Promise<RemoteId | undefined>;
  /**
   * Saves a remote id. Where the entity is older than the mirror, everything that it holds is queued in the same
   * transaction, instead of the changes that are waiting for it.
   */
  saveRemoteId(entity: EntityKey, remote: RemoteId): Promise<void>;
  /** An entity that takes the same key later gets a remote id of its own. */
  deleteRemoteId(entity: EntityKey): Promise<void>;
  /** Moves the remote ids of a registered model's versions to its new name. */
  renameModel(model: string, to: string): Promise<void>;
  /** The name that a model has once everything queued after `id` is done. */
  laterName(model: string, id: number): Promise<string>;
  backlog(): Promise<Backlog>;
  /** The oldest refused changes, at most `limit`. */
  refused(limit: number): Promise<readonly Refusal[]>;
  /** Sends refused changes again. @returns how many */
  retry(): Promise<number>;
  /** Only one of several processes sends. @returns whether it is this one */
  acquireLease(lease: Lease): Promise<boolean>;
  /** A name that identifies this database and never changes. */
  source(): Promise<string>;
}
