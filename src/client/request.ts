import type { Address } from '../api/address.ts';
import { type ErrorBody, PlatformError, platformError } from '../kernel/errors.ts';

export interface Connection {
  /** Without a slash at the end; empty for the server of the page. */
  readonly baseUrl: string;
  readonly token: string | undefined;
  readonly fetch: typeof globalThis.fetch;
}

export interface CallOptions {
  /** Aborts the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

type Input = Readonly<Record<string, unknown>>;

/** The path with its params and query, and the body of a POST. */
export function requestOf(address: Address, input: Input): { readonly path: string; readonly body: unknown } {
  const rest: Record<string, unknown> = { ...input };
  const filled = address.path.replace(/:(\w+)/g, (_whole, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  if (address.method === 'POST' && address.body === undefined && !address.file)
    return { path: filled, body: rest };
  const body = address.body === undefined ? undefined : rest[address.body];
  if (address.body !== undefined) delete rest[address.body];
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(
    given.flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, String(each)])),
  ).toString();
  return { path: query === '' ? filled : `${filled}?${query}`, body };
}

export function headersOf(connection: Connection, accept: string): Record<string, string> {
  return {
    accept,
    ...(connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` }),
  };
}

/** @throws PlatformError: the server's error, NOT_READY if it does not respond, INTERNAL if it is not Modelyard */
export async function call(
  connection: Connection,
  request: { readonly method: string; readonly path: string; readonly body: unknown },
  options: CallOptions = {},
): Promise<unknown> {
  const hasBody = request.body !== undefined;
  const url = connection.baseUrl + request.path;
  const response = await reach(connection, url, {
    method: request.method,
    headers: {
      ...headersOf(connection, 'application/json'),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return outputOf(response, url);
}

/** The JSON of a response. @throws as `call` */
export async function outputOf(response: Response, url: string): Promise<unknown> {
  const text = await textOf(response, url);
  const body = parsed(text);
  if (response.ok && body !== undefined) return body;
  throw isErrorBody(body) ? platformError(body.error) : foreignResponse(response, text);
}

/** Sends a request. @throws PlatformError NOT_READY if the server does not respond */
export async function reach(connection: Connection, url: string, init: RequestInit): Promise<Response> {
  try {
    return await connection.fetch(url, init);
  } catch (cause) {
    throw unreachable(url, { cause, signal: init.signal });
  }
}

async function textOf(response: Response, url: string): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw unreachable(url, { cause, signal: undefined });
  }
}

function unreachable(
  url: string,
  from: { readonly cause: unknown; readonly signal: AbortSignal | null | undefined },
): unknown {
  if (from.signal?.aborted || (from.cause instanceof Error && from.cause.name === 'AbortError'))
    return from.cause;
  return new PlatformError(
    'NOT_READY',
    {
      field: 'server',
      value: url,
      remedy: 'No server responds at this address. Check the address and that the server is running.',
    },
    { cause: from.cause },
  );
}

function foreignResponse(response: Response, text: string): PlatformError {
  return new PlatformError('INTERNAL', {
    field: 'response',
    value: `${response.status} ${text.slice(0, 80)}`.trim(),
    remedy: 'The response is not from Modelyard. Check the address and any proxy in front of the server.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isErrorBody(body: unknown): body is { readonly error: ErrorBody } {
  const error = (body as { error?: Partial<ErrorBody> } | null | undefined)?.error;
  return typeof error?.code === 'string' && typeof error.detail === 'object' && error.detail !== null;
}
