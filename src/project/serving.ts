import type { Duration } from '../kernel/units.ts';

/**
 * When a prediction is returned. 'sync': once its record is on disk; one that cannot be recorded fails. 'async': at
 * once; a crash loses the records of the last moments, and a disk that stays full loses the oldest.
 */
export type Durability = 'sync' | 'async';

export interface ServeOptions {
  /** How long an equal request gets the same prediction again. A new version empties the cache. @default no cache */
  readonly cache?: Duration;
  /** Rows that one key (a token, else an address) may ask for; each row of a batch counts. @default no limit */
  readonly rateLimit?: { readonly perKey: number; readonly per: Duration };
  readonly log?: {
    /** @default 'async' */
    readonly durability?: Durability;
  };
}
