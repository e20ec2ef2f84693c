import type { Duration } from '../kernel/units.ts';

export interface ServeOptions {
  /** How long the answer to an equal request is given again. A new version forgets them all. @default no cache */
  readonly cache?: Duration;
  /** Requests that one key (a token, else an address) may make. @default no limit */
  readonly rateLimit?: { readonly perKey: number; readonly per: Duration };
}
