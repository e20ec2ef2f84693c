import type { Generated } from 'kysely';

/** Changes that the mirror has not sent. The rows of a stream are sent in order; `Change` documents the columns. */
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
  /** The error of the other server that refused the change. */
  readonly refusal: Generated<string | null>;
}

/** Ids on the other server. `version` is 0 for all kinds but model versions. */
interface MirrorRemoteIdsTable {
  readonly target: string;
  readonly kind: string;
  readonly local_id: string;
  readonly version: Generated<number>;
  readonly remote_id: string;
  /** The artifact location on the other server. */
  readonly artifact_uri: Generated<string>;
}

/** One row. */
interface MirrorStateTable {
  readonly id: number;
  /** The digest of the installed triggers; '' without triggers. */
  readonly watching: Generated<string>;
  /** Distinguishes this database from others that mirror to the same server. */
  readonly source: Generated<string>;
  /** The process that sends, until its lease ends. */
  readonly holder: Generated<string>;
  readonly held_until: Generated<number>;
}

export interface MirrorTables {
  readonly mirror_queue: MirrorQueueTable;
  readonly mirror_remote_ids: MirrorRemoteIdsTable;
  readonly mirror_state: MirrorStateTable;
}
