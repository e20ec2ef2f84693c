import { open } from 'node:fs/promises';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Random } from '../kernel/random.ts';
import { formatDuration } from '../kernel/units.ts';
import { bodyFault, headLength } from './body-check.ts';
import { unwritable } from './disk-fault.ts';
import { parseRetryAfter, retryWait } from './retry.ts';
import { systemCode } from '../kernel/system-code.ts';

/** How addresses are fetched. Time and randomness are passed in, so that tests control them. */
export interface Network {
  readonly now: Clock;
  readonly random: Random;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @default 5 */
  readonly attempts?: number;
  /** Milliseconds without a byte after which an attempt fails. @default 60_000 */
  readonly idle?: number;
  /** Longest wait that a server may ask for, in milliseconds. @default 300_000 */
  readonly patience?: number;
}

/** A response's validators: with them, the next request asks only for a newer body. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** A response whose body is in the file. */
export interface FetchedBody extends Validators {
  readonly kind: 'fetched';
  readonly bytes: number;
  /** After redirects. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Fetched = { readonly kind: 'unchanged' } | FetchedBody;

export interface FetchRequest {
  readonly address: URL;
  /** A path that does not exist yet; the body is written there unchanged. */
  readonly to: string;
  readonly previous: Validators | undefined;
  /** Sent to the address and to redirects of its host, never to another host. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Why a body with status 200 is no result; it is fetched again like one with status 429. */
  readonly refuse?: ((fetched: FetchedBody) => Promise<Refused | undefined>) | undefined;
}

export interface Refused {
  readonly reason: string;
  /** Milliseconds to wait at least. */
  readonly after: number;
}

/** A failed attempt that may succeed next time. */
interface Setback {
  readonly kind: 'setback';
  readonly value: string;
  readonly cause?: unknown;
  /** Milliseconds to wait, from Retry-After. */
  readonly after?: number | undefined;
}

/**
 * Downloads an address into a file. Retries temporary failures (no connection, a body cut short, 408, 425, 429, 5xx) with
 * growing, jittered waits, or after the time in Retry-After.
 * @param pass called before each request, to wait for a limit
 * @throws PlatformError SOURCE_UNREADABLE naming the address without its secrets, STATE_UNWRITABLE naming the path
 */
export async function fetchFile(
  request: FetchRequest,
  network: Network,
  pass: () => Promise<void> = async () => {},
): Promise<Fetched> {
  const { attempts = 5, patience = 300_000 } = network;
  for (let attempt = 1; ; attempt++) {
    await pass();
    const tried = await tryOnce(request, network);
    // The project's code runs outside of the attempt, so that its errors are not retried.
    const outcome = tried.kind === 'fetched' ? await accepted(tried, request) : tried;
    if (outcome.kind !== 'setback') return outcome;
    if (outcome.after !== undefined && outcome.after > patience)
      throw unreadable(
        request,
        outcome,
        `The server asks to retry in ${formatDuration(outcome.after)}; run again then.`,
      );
    if (attempt >= attempts)
      throw unreadable(
        request,
        outcome,
        `Failed ${attempts} times in a row; check the address and the network, and run again.`,
      );
    await network.sleep(retryWait(attempt, outcome.after, network.random));
  }
}

async function accepted(fetched: FetchedBody, { refuse }: FetchRequest): Promise<FetchedBody | Setback> {
  const refusedBody = await refuse?.(fetched);
  return refusedBody ? { kind: 'setback', value: refusedBody.reason, after: refusedBody.after } : fetched;
}

const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

async function tryOnce(request: FetchRequest, network: Network): Promise<Fetched | Setback> {
  const { idle = 60_000 } = network;
  const quiet = new AbortController();
  const timer = setTimeout(() => quiet.abort(new Error(`no byte in ${formatDuration(idle)}`)), idle);
  try {
    const response = await follow(request, quiet.signal);
    if (passing.has(response.status)) {
      await response.body?.cancel();
      return setback(response, network);
    }
    if (response.status === 304 && request.previous) return { kind: 'unchanged' };
    if (!response.ok) throw refused(request, response);
    return await keepBody(request, response, () => timer.refresh());
  } catch (cause) {
    const fault = cause instanceof PlatformError ? cause : unwritable(cause, request.to);
    if (fault) throw fault;
    return { kind: 'setback', value: messageOf(cause), cause };
  } finally {
    clearTimeout(timer);
  }
}

const mostRedirects = 10;

/** Redirects are followed here, because `fetch` would send a key in a header of its own to any host. */
async function follow(request: FetchRequest, signal: AbortSignal): Promise<Response> {
  let { address } = request;
  for (let redirects = 0; ; redirects++) {
    const headers = { ...headersFor(request), ...(mayHaveHeaders(request, address) && request.headers) };
    const response = await fetch(address, { headers, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, address.href) ? new URL(location, address) : undefined;
    if (!next || !/^https?:$/.test(next.protocol) || redirects >= mostRedirects)
      throw unreadable(
        request,
        { kind: 'setback', value: next ? maskedAddress(next) : location },
        'The server redirects to no usable address; open it in a browser to see where it leads.',
      );
    address = next;
  }
}

function mayHaveHeaders({ address }: FetchRequest, to: URL): boolean {
  return to.host === address.host && (to.protocol === 'https:' || to.protocol === address.protocol);
}

function headersFor({ previous }: FetchRequest): Record<string, string> {
  return {
    'user-agent': 'modelyard',
    // We store the bytes as sent; fetch would undo a compressed transfer.
    'accept-encoding': 'identity',
    ...(previous?.etag && { 'if-none-match': previous.etag }),
    ...(previous?.lastModified && { 'if-modified-since': previous.lastModified }),
  };
}

async function keepBody(
  request: FetchRequest,
  response: Response,
  alive: () => void,
): Promise<Fetched | Setback> {
  const bytes = await writeBody(request, response, alive);
  const promised = response.headers.get('content-length');
  const plain = (response.headers.get('content-encoding') ?? 'identity') === 'identity';
  if (plain && promised !== null && Number(promised) !== bytes)
    return { kind: 'setback', value: `${bytes} bytes of ${promised}` };
  return {
    kind: 'fetched',
    bytes,
    url: response.url,
    headers: Object.fromEntries(response.headers),
    etag: response.headers.get('etag'),
    lastModified: response.headers.get('last-modified'),
  };
}

/** @returns the number of bytes written. @throws PlatformError SOURCE_UNREADABLE for an error page with status 200 */
async function writeBody(request: FetchRequest, response: Response, alive: () => void): Promise<number> {
  const file = await open(request.to, 'w');
  let head = Buffer.alloc(0);
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      alive();
      if (head.byteLength < headLength) head = Buffer.concat([head, chunk]).subarray(0, headLength);
      await file.writeFile(chunk);
      bytes += chunk.byteLength;
    }
  } finally {
    await file.close();
  }
  const fault = bodyFault(request.address.pathname, response.headers.get('content-type'), head);
  if (fault === undefined) return bytes;
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: maskedAddress(request.address),
    value: fault,
    remedy:
      'The server sent an error or sign-in page with status 200; open the address in a browser to read it.',
  });
}

function setback(response: Response, network: Network): Setback {
  const after = parseRetryAfter(response.headers.get('retry-after'), network.now());
  return { kind: 'setback', value: `status ${response.status}`, after };
}

function refused(request: FetchRequest, response: Response): PlatformError {
  const denied = response.status === 401 || response.status === 403;
  const remedy = denied
    ? 'The server needs a key or blocks this machine; see its terms, or download the file and use its path.'
    : 'Check the address: the server does not have it.';
  return unreadable(request, { kind: 'setback', value: `status ${response.status}` }, remedy);
}

function unreadable(request: FetchRequest, outcome: Setback, remedy: string): PlatformError {
  const field = maskedAddress(request.address);
  return new PlatformError(
    'SOURCE_UNREADABLE',
    { field, value: outcome.value, remedy },
    { cause: outcome.cause },
  );
}

/** `fetch` only says that it failed; its cause says why. */
function messageOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return String(inner);
  const code = systemCode(inner) ?? inner.name;
  return inner.message === '' ? code : inner.message;
}

const secret = /(key|token|secret|password|signature|sig|credential|auth)/i;

/** An address for people and logs, with its secrets masked. */
export function maskedAddress(address: URL): string {
  const masked = new URL(address);
  masked.username = '';
  masked.password = '';
  for (const name of new Set(masked.searchParams.keys()))
    if (secret.test(name)) masked.searchParams.set(name, '***');
  return masked.href;
}
