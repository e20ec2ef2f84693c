import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../kernel/errors.ts';
import { parseDuration } from '../kernel/units.ts';
import { listOf } from '../project/tables/checks.ts';
import type { Http, HttpOptions, Page } from '../project/tables/http.ts';
import { type FetchedBody, fetchFile, type FetchRequest, maskedAddress, type Network } from './fetch.ts';
import { openRequestLimit, type RequestLimit } from './request-limit.ts';
import { parseAddress } from './address.ts';

export interface PagesOptions {
  /** The newest stored value of the source's `since` column. */
  readonly since: string | undefined;
  /** The value of a secret. */
  readonly secret: (name: string) => string;
  /** A folder for bodies. */
  readonly folder: string;
  readonly network: Network;
}

/** A body that was fetched. */
export interface FetchedPage {
  /** Without secrets. */
  readonly address: string;
  readonly path: string;
}

const mostPages = 100_000;

/**
 * The pages of an `http()` origin, one after another: each address, then the pages that `next` leads to.
 * @throws PlatformError SOURCE_UNREADABLE naming the address without its secrets; errors of the project's functions as they are
 */
export async function* fetchPages({ options }: Http, pages: PagesOptions): AsyncGenerator<FetchedPage> {
  const { folder, network, since } = pages;
  const headers = headersOf(options, pages);
  const limit = limitOf(options);
  const pass = openRequestLimit(limit, network);
  const seen = new Set<string>();
  const queue = addressesOf(options, since).toReversed();
  for (let address = queue.pop(); address; address = queue.pop()) {
    if (seen.size >= mostPages || seen.has(address.href)) throw repeated(address, seen.size);
    seen.add(address.href);
    const to = join(folder, `page-${seen.size}`);
    const request: FetchRequest = {
      address,
      to,
      previous: undefined,
      headers,
      ...(options.refuse && { refuse: refusal(options.refuse, { to, after: limit?.per ?? 0 }) }),
    };
    const fetched = await fetchFile(request, network, pass);
    if (fetched.kind !== 'fetched') continue;
    const next = options.next?.(await pageOf(fetched, to));
    if (next !== undefined && next !== null) queue.push(nextAddress(next, fetched.url));
    yield { address: maskedAddress(address), path: to };
  }
}

function addressesOf({ url }: HttpOptions, since: string | undefined): readonly URL[] {
  const given: unknown = typeof url === 'function' ? url(since) : url;
  const addresses: readonly unknown[] = listOf(given as string | readonly string[] | undefined);
  if (addresses.length === 0 && since === undefined)
    throw invalid('url', addresses, 'must be an address or a list of them, or a function that returns some');
  return addresses.map((address) => {
    if (typeof address === 'string' && /^https?:/i.test(address)) return parseAddress(address);
    throw invalid('url', address, 'must be an http(s) address');
  });
}

/** @throws PlatformError CONFIG_INVALID naming a header, never its value */
function headersOf(
  { headers = {} }: HttpOptions,
  { secret }: PagesOptions,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = typeof value === 'string' ? value : secret(value.name);
      try {
        new Headers({ [name]: text });
      } catch {
        const field = typeof value === 'string' ? `header ${name}` : `secret ${value.name} in header ${name}`;
        throw invalid(field, '***', 'must be a header: one line of Latin letters, digits and signs');
      }
      return [name, text];
    }),
  );
}

function limitOf({ limit }: HttpOptions): RequestLimit | undefined {
  if (!limit) return undefined;
  const per = parseDuration(limit.per, 'limit.per');
  if (Number.isInteger(limit.requests) && limit.requests >= 1) return { requests: limit.requests, per };
  throw invalid('limit.requests', limit.requests, 'must be a whole number from 1');
}

function refusal(
  refuse: NonNullable<HttpOptions['refuse']>,
  { to, after }: { readonly to: string; readonly after: number },
): NonNullable<FetchRequest['refuse']> {
  return async (fetched) => {
    const reason = refuse(await pageOf(fetched, to));
    return reason === undefined || reason === null ? undefined : { reason, after };
  };
}

async function pageOf({ url, headers }: FetchedBody, path: string): Promise<Page> {
  return { url, status: 200, headers, text: await readFile(path, 'utf8') };
}

function nextAddress(next: unknown, from: string): URL {
  if (typeof next === 'string' && URL.canParse(next, from)) return parseAddress(new URL(next, from).href);
  throw invalid('next', next, 'must return an address, or undefined after the last page');
}

function repeated(address: URL, pages: number): PlatformError {
  const value = maskedAddress(address);
  return pages >= mostPages
    ? invalid('next', value, `has led to ${mostPages} pages; return undefined after the last one`)
    : invalid(
        'next',
        value,
        'has led to a page that was fetched already; return undefined after the last one',
      );
}

function invalid(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('SOURCE_UNREADABLE', { field, value, remedy });
}
