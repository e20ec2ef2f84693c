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
  /** Its beginning. */
  readonly body: string;
  /** Milliseconds to wait before the next attempt, where the receiver says so. */
  readonly retryAfter?: number;
}

/** Posts to a webhook's address. @throws Error when nothing was sent or no answer came */
export type Send = (sending: Sending) => Promise<Received>;

const longestAnswer = 8192;

/**
 * Posts over connections that go to public addresses alone. The name is resolved for the connection itself and every
 * address that comes out is judged, so that nothing can be exchanged between the look and the connection; a redirect is
 * an answer like any other and is not followed, and no proxy of the environment is used.
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
        if (text.length < longestAnswer) return;
        resolve(received(text.slice(0, longestAnswer)));
        sent.destroy();
      });
      response.on('end', () => resolve(received(text)));
    });
    sent.end(body);
    return promise;
  };
}

/** Resolves a name to all of its addresses. */
export type LookUp = (
  name: string,
  options: LookupAllOptions,
  answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A name is refused when one of its addresses is: which of them is taken is not ours to say. */
function guardedLookup(lookUp: LookUp, isAllowed: (address: string) => boolean): LookupFunction {
  return (name, options, answer) => {
    lookUp(name, { ...options, all: true }, (error, addresses) => {
      const wrong = error ? undefined : addresses.find(({ address }) => !isAllowed(address));
      const [first] = error ? [] : addresses;
      if (error) answer(error, []);
      else if (wrong || !first) answer(refusedAddress(wrong?.address ?? name), []);
      else if (options.all) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
  };
}

/** `Retry-After` (RFC 9110 §10.2.3), seconds or a date, in milliseconds from now; absent where it is neither. */
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
  return new Error(`${address} is no public address, and webhooks go to public ones alone`);
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
