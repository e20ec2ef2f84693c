import type { Duration } from '../../kernel/units.ts';
import type { Streaming } from './metric.ts';

/**
 * When a prediction is returned. 'sync': after its record is on disk; if that fails, the prediction fails. 'async': at
 * once; a crash loses the latest records, and a disk that stays full loses the oldest.
 */
export type Durability = 'sync' | 'async';

export interface ServeOptions<Metric extends string = string, Field extends string = string> {
  /** How long an equal request gets the same prediction from the cache. A new version empties it. @default no cache */
  readonly cache?: Duration;
  /** Rows that one key (a token, or else an address) may request; each row of a batch counts. @default no limit */
  readonly rateLimit?: { readonly perKey: number; readonly per: Duration };
  /** Sends a share of the requests to a new version first; a guard that fires takes it back. @default no canary */
  readonly canary?: {
    readonly weight: number;
    readonly for: Duration;
    readonly guard: readonly ('errors' | 'latency' | Streaming<Metric>)[];
  };
  readonly log?: {
    /** @default 'async' */
    readonly durability?: Durability;
    /** How long predictions are stored. @default '90d' */
    readonly keep?: Duration;
    /** Request fields that are never written. @default none */
    readonly without?: readonly Field[];
  };
}
