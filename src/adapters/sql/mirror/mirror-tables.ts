import type { Generated } from 'kysely';

/** What the mirror has still to send. A stream's rows go one after the other; see `Change` for what a row says. */
interface MirrorQueueTable {
  readonly id: Generated<number>;
  readonly stream: string;
  readonly kind: string;
  readonly key: Generated<string>;
  readonly note: Generated<string>;
  readonly value: Generated<string>;
  readonly number: Generated<number | null>;
  readonly is_nan: Generated<number>;
  readonly step: Generated<number | null>;
  readonly at: Generated<number | null>;
  readonly queued_at: number;
  /** What the other server said when it refused it for good. */
  readonly refusal: Generated<string | null>;
}

/** What is what on the other server. `version` is 0 for what has none. */
interface MirrorRemoteIdsTable {
  readonly target: string;
  readonly kind: string;
  readonly local_id: string;
  readonly version: Generated<number>;
  readonly remote_id: string;
  /** Where its files lie there. */
  readonly artifact_uri: Generated<string>;
}

/** One row. */
interface MirrorStateTable {
  readonly id: number;
  /** The digest of the triggers that are there; '' where none are. */
  readonly watching: Generated<string>;
  /** Tells this database from others that go to the same server. */
  readonly source: Generated<string>;
  /** The process that sends, until it is to say so again. */
  readonly holder: Generated<string>;
  readonly held_until: Generated<number>;
}

export interface MirrorTables {
  readonly mirror_queue: MirrorQueueTable;
  readonly mirror_remote_ids: MirrorRemoteIdsTable;
  readonly mirror_state: MirrorStateTable;
}
