import { open } from 'node:fs/promises';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Random } from '../kernel/random.ts';
import { formatDuration } from '../kernel/units.ts';
import { bodyFault, headLength } from './body-check.ts';
import { unwritable } from './disk-fault.ts';
import { parseRetryAfter, retryWait } from './retry.ts';

/** How addresses are asked; whatever waits or draws is given, so that a test decides it. */
export interface Network {
  readonly now: Clock;
  readonly random: Random;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @default 5 */
  readonly attempts?: number;
  /** Milliseconds without a byte after which an attempt is given up. @default 60_000 */
  readonly idle?: number;
  /** Longest wait that a server may ask for, in milliseconds. @default 300_000 */
  readonly patience?: number;
}

/** What a server said of a body, to ask it later only for what is newer. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export type Fetched =
  | { readonly kind: 'unchanged' }
  | ({ readonly kind: 'fetched'; readonly bytes: number } & Validators);

export interface FetchRequest {
  readonly address: URL;
  /** A path that does not exist; the body is written there as it came. */
  readonly to: string;
  readonly previous: Validators | undefined;
}

/** An attempt that may go better next time. */
interface Setback {
  readonly kind: 'setback';
  readonly value: string;
  readonly cause?: unknown;
  /** Milliseconds that the server asked to wait. */
  readonly after?: number | undefined;
}

/**
 * Gets an address into a file. Attempts that fail in passing (no connection, a body cut short, 408, 425, 429, 5xx) are
 * repeated with growing, jittered waits, or after what Retry-After says.
 * @throws PlatformError SOURCE_UNREADABLE naming the address without its secrets, STATE_UNWRITABLE naming the path
 */
export async function fetchFile(request: FetchRequest, network: Network): Promise<Fetched> {
  const { attempts = 5, patience = 300_000 } = network;
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(request, network);
    if (outcome.kind !== 'setback') return outcome;
    if (outcome.after !== undefined && outcome.after > patience)
      throw unreadable(
        request,
        outcome,
        `The server asks to come back in ${formatDuration(outcome.after)}; run again then.`,
      );
    if (attempt >= attempts)
      throw unreadable(
        request,
        outcome,
        `It failed ${attempts} times in a row; check the address and the network, and run again.`,
      );
    await network.sleep(retryWait(attempt, outcome.after, network.random));
  }
}

const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

async function tryOnce(request: FetchRequest, network: Network): Promise<Fetched | Setback> {
  const { idle = 60_000 } = network;
  const quiet = new AbortController();
  const timer = setTimeout(() => quiet.abort(new Error(`no byte in ${formatDuration(idle)}`)), idle);
  try {
    const response = await fetch(request.address, { headers: headersFor(request), signal: quiet.signal });
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
    return { kind: 'setback', value: saidBy(cause), cause };
  } finally {
    clearTimeout(timer);
  }
}

function headersFor({ previous }: FetchRequest): Record<string, string> {
  return {
    'user-agent': 'modelyard',
    // The bytes are kept as they came; a compressed transfer would be undone before we see it.
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
    etag: response.headers.get('etag'),
    lastModified: response.headers.get('last-modified'),
  };
}

/** @returns how many bytes were written. @throws PlatformError SOURCE_UNREADABLE for an error page under status 200 */
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
    field: shownAddress(request.address),
    value: fault,
    remedy:
      'The server answered with status 200 and an error or sign-in page; open the address in a browser and see what it says.',
  });
}

function setback(response: Response, network: Network): Setback {
  const after = parseRetryAfter(response.headers.get('retry-after'), network.now());
  return { kind: 'setback', value: `status ${response.status}`, after };
}

function refused(request: FetchRequest, response: Response): PlatformError {
  const denied = response.status === 401 || response.status === 403;
  const remedy = denied
    ? 'The server wants a key or bars this machine; see its terms, or download the file and name it instead.'
    : 'Check the address: the server knows nothing under it.';
  return unreadable(request, { kind: 'setback', value: `status ${response.status}` }, remedy);
}

function unreadable(request: FetchRequest, outcome: Setback, remedy: string): PlatformError {
  const field = shownAddress(request.address);
  return new PlatformError(
    'SOURCE_UNREADABLE',
    { field, value: outcome.value, remedy },
    { cause: outcome.cause },
  );
}

/** Node says of a failed connection only that it failed; why stands in the cause. */
function saidBy(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.name;
  return inner.message === '' ? code : inner.message;
}

const secret = /(key|token|secret|password|signature|sig|credential|auth)/i;

/** An address as people and logs may see it: whatever in it looks like a secret is masked. */
export function shownAddress(address: URL): string {
  const shown = new URL(address);
  shown.username = '';
  shown.password = '';
  for (const name of new Set(shown.searchParams.keys()))
    if (secret.test(name)) shown.searchParams.set(name, '***');
  return shown.href;
}
