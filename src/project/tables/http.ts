import type { Duration } from '../../kernel/units.ts';
import type { OneOrMore } from './checks.ts';
import type { Secret } from '../secret.ts';

/** A response of an `http()` origin. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface HttpOptions {
  /** Addresses, or a function that gets the newest stored value of the source's `since` column and returns them. */
  readonly url: OneOrMore<string> | ((since: string | undefined) => OneOrMore<string>);
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** The address of the page after this one. @default each address is one page */
  readonly next?: (page: Page) => string | undefined;
  /** Why a response with status 200 is refused, such as 'limit reached'. It is retried like status 429. @default none is */
  readonly refuse?: (page: Page) => string | undefined;
  /** How many requests may be sent in a time. @default no limit */
  readonly limit?: { readonly requests: number; readonly per: Duration };
}

/** Requests as an origin. Tasks find its functions among the project's exports. */
export interface Http {
  readonly kind: 'http';
  readonly options: HttpOptions;
}

/**
 * Raw bytes from requests with headers, pages and limits. For a plain address, the address itself is enough.
 * @example http({ url: gamesSince, headers: { Authorization: secret('API_KEY') }, next: nextPage, limit: { requests: 5, per: '1m' } })
 */
export function http(options: HttpOptions): Http {
  return { kind: 'http', options };
}
