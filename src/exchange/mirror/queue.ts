import type { Change, Lane, NewChange, Part } from './change.ts';

/** What something of ours is called on the other server. */
export interface Counterpart {
  readonly id: string;
  /** Where its files lie there; '' for what has none. */
  readonly place: string;
}

/** What has a counterpart: an experiment, a run, a logged model, a version of a registered model. */
export type Named =
  | { readonly kind: 'experiment' | 'run' | 'model'; readonly id: string }
  | { readonly kind: 'version'; readonly id: string; readonly version: number };

export interface Backlog {
  readonly waiting: number;
  /** When the one that has waited longest was queued, in milliseconds since 1970. */
  readonly oldest: number | undefined;
  /** Refused for good and set aside. */
  readonly refused: number;
}

export interface Refusal {
  readonly change: Change;
  readonly said: string;
}

export interface Turn {
  readonly lane: Lane;
  /** In the order in which they happened. */
  readonly changes: readonly Change[];
}

/** Who sends, and until when it may. */
export interface Hold {
  readonly holder: string;
  readonly now: number;
  readonly until: number;
}

/**
 * What the mirror has still to send, on disk with what it is about: a change is queued in the transaction that makes it.
 * It is there until `done`.
 */
export interface MirrorQueue {
  /** The lane whose change has waited longest, and its first changes. Refused ones are left out. */
  next(asked: {
    readonly part: Part;
    /** Not these. */
    readonly except: readonly Lane[];
    readonly limit: number;
  }): Promise<Turn | undefined>;
  add(changes: readonly NewChange[]): Promise<void>;
  done(ids: readonly number[]): Promise<void>;
  /** Whether a change is still in the queue. */
  has(id: number): Promise<boolean>;
  /** Sets changes aside: they are sent again only after `retry`. */
  refuse(ids: readonly number[], said: string): Promise<void>;
  counterpart(ours: Named): Promise<Counterpart | undefined>;
  /**
   * Remembers a counterpart. Where what it is of was made before there was a mirror, all that it has is queued with it, in
   * the place of what waits.
   */
  pair(ours: Named, theirs: Counterpart): Promise<void>;
  /** What is made under the name later is something else. */
  forget(ours: Named): Promise<void>;
  /** A registered model has another name from here on. */
  rename(model: string, to: string): Promise<void>;
  /** The name that a model has by the time that everything queued after `id` is done. */
  laterName(model: string, id: number): Promise<string>;
  backlog(): Promise<Backlog>;
  /** The first refused, at most `limit`. */
  refused(limit: number): Promise<readonly Refusal[]>;
  /** Sends what was refused again. @returns how many */
  retry(): Promise<number>;
  /** Of several processes one sends. @returns whether it is this one */
  hold(hold: Hold): Promise<boolean>;
  /** A name for this database, always the same. */
  source(): Promise<string>;
}
