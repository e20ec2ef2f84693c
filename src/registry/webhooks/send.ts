import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { isNamed, isPublicAddress, refusalOf, type WebhookReach } from './addresses.ts';

export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface Received {
  readonly status: number;
  /** The beginning of the body. */
  readonly body: string;
  /** Milliseconds to wait before the next attempt, from Retry-After. */
  readonly retryAfter?: number;
}

/** Posts to a webhook's address. @throws Error if nothing was sent or no response came */
export type Send = (sending: Sending) => Promise<Received>;

const longestText = 8192;

/**
 * Posts to public addresses only. The connection resolves the name itself and checks every address that it gets, so that
 * the address cannot change between the check and the connection. Redirects are not followed, and proxies of the
 * environment are not used.
 */
export function guardedSend(
  reach: WebhookReach,
  { lookUp = lookup, now = systemClock }: { readonly lookUp?: LookUp; readonly now?: Clock } = {},
): Send {
  return (sending) => {
    const { url, headers, body, signal } = sending;
    const refusal = refusalOf(url, reach);
    if (refusal) return Promise.reject(new Error(refusal));
    const parsed = new URL(url);
    const anywhere = reach.privateAddresses || isNamed(parsed, reach);
    const isAllowed = (address: string): boolean =>
      anywhere || isPublicAddress(address) || reach.receivers?.holds(address) === true;
    const request = parsed.protocol === 'https:' ? overHttps : overHttp;
    const { promise, resolve, reject } = deferred<Received>();
    const sent = request(parsed, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      signal,
      agent: false,
      lookup: guardedLookup(lookUp, isAllowed),
    });
    sent.on('error', reject);
    sent.on('socket', (socket) =>
      socket.on('connect', () => {
        const peer = socket.remoteAddress ?? '';
        if (!isAllowed(plainAddress(peer))) sent.destroy(refusedAddress(peer));
      }),
    );
    sent.on('response', (response) => {
      let text = '';
      const status = response.statusCode ?? 0;
      const wait = waitOf(response.headers['retry-after'], now());
      const received = (body: string): Received => ({
        status,
        body,
        ...(wait !== undefined && { retryAfter: wait }),
      });
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (part: string) => {
        text += part;
        if (text.length < longestText) return;
        resolve(received(text.slice(0, longestText)));
        sent.destroy();
      });
      response.on('end', () => resolve(received(text)));
    });
    sent.end(body);
    return promise;
  };
}

/** Resolves a name to all its addresses. */
export type LookUp = (
  name: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Refuses a name if one of its addresses is not allowed, because we cannot choose which one is used. */
function guardedLookup(lookUp: LookUp, isAllowed: (address: string) => boolean): LookupFunction {
  return (name, options, done) => {
    lookUp(name, { ...options, all: true }, (error, addresses) => {
      const wrong = error ? undefined : addresses.find(({ address }) => !isAllowed(address));
      const [first] = error ? [] : addresses;
      if (error) done(error, []);
      else if (wrong || !first) done(refusedAddress(wrong?.address ?? name), []);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

/** `Retry-After` (RFC 9110 §10.2.3), seconds or a date, in milliseconds from now; undefined if it is neither. */
function waitOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** An IPv4 address that an IPv6 socket shows as `::ffff:1.2.3.4`. */
function plainAddress(peer: string): string {
  const mapped = peer.replace(/^::ffff:/i, '');
  return isIP(mapped) === 4 ? mapped : peer;
}

function refusedAddress(address: string): Error {
  return new Error(`${address} is not a public address; webhooks are only sent to public addresses`);
}

function deferred<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Value>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
