import type { Duration } from '../kernel/units.ts';

/**
 * When a prediction is returned. 'sync': after its record is on disk; if that fails, the prediction fails. 'async': at
 * once; a crash loses the latest records, and a disk that stays full loses the oldest.
 */
export type Durability = 'sync' | 'async';

export interface ServeOptions {
  /** How long an equal request gets the same prediction from the cache. A new version empties it. @default no cache */
  readonly cache?: Duration;
  /** Rows that one key (a token, or else an address) may request; each row of a batch counts. @default no limit */
  readonly rateLimit?: { readonly perKey: number; readonly per: Duration };
  readonly log?: {
    /** @default 'async' */
    readonly durability?: Durability;
  };
}
