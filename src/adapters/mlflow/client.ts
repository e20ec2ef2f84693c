import type { IncomingMessage } from 'node:http';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { MlflowFailure } from './failure.ts';
import { failedResponse, connectionFailure, unexpectedResponse } from './responses.ts';
import { parseExactJson } from './exact-numbers.ts';
import { bytesOf, encodingsOf, excerptOf, rawBytesOf, textOf } from './body.ts';
import { openExchange, type HttpMethod, type HttpRequest } from './exchange.ts';

export type MlflowCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string };

export interface MlflowClientOptions {
  /** 'https://mlflow.example:5000', with the server's prefix where it has one. */
  readonly url: string;
  /** @default those in the address, else none */
  readonly credentials?: MlflowCredentials | undefined;
  /** Milliseconds without a byte before a request fails. @default 60_000 */
  readonly idle?: number;
  /** Milliseconds for a request and its whole response, except for files. @default 600_000 */
  readonly deadline?: number;
  /** The largest JSON response in bytes, decompressed. @default 128 MB */
  readonly longestResponse?: number;
  /** Concurrent connections. @default 8 */
  readonly connections?: number;
}

/** A name with several values is repeated; a name without a value is left out. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface RemoteFile {
  /** In bytes; absent where the server does not say. */
  readonly size: number | undefined;
  /** Must be read to its end, or its iterator returned. Fails where the bytes are cut short. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Another server with MLflow's REST API. Paths start at the server's root: '/api/2.0/mlflow/runs/get'. There are no
 * retries: `MlflowFailure.mayPass` says whether one makes sense. Every method throws MlflowFailure.
 */
export interface MlflowClient extends AsyncDisposable {
  /** Without credentials, for people. */
  readonly url: string;
  get(path: string, query?: Query): Promise<JsonObject>;
  post(path: string, body: JsonObject): Promise<JsonObject>;
  patch(path: string, body: JsonObject): Promise<JsonObject>;
  delete(path: string, body: JsonObject): Promise<JsonObject>;
  /**
   * Opens a file of any size.
   * @param listed its size in a listing: a body of that size is the file itself, even if it is labelled as compressed
   */
  read(path: string, query?: Query, listed?: { readonly size?: number | undefined }): Promise<RemoteFile>;
  /** Streams a file to the server. */
  put(path: string, content: AsyncIterable<Uint8Array>, size?: number): Promise<void>;
}

/** Sends no request yet. @throws PlatformError CONFIG_INVALID for a bad address */
export function openMlflowClient(options: MlflowClientOptions): MlflowClient {
  const { idle = 60_000, connections = 8, deadline = 600_000, longestResponse = 128 << 20 } = options;
  const { base, credentials } = addressOf(options);
  const exchange = openExchange({ idle, connections });
  const authorization = authorizationOf(credentials);

  const send = async (path: string, request: Omit<HttpRequest, 'url'>): Promise<IncomingMessage> => {
    const url = new URL(base + path);
    const headers = {
      'user-agent': 'modelyard',
      'accept-encoding': 'identity',
      ...(authorization !== undefined && { authorization }),
      ...request.headers,
    };
    try {
      return await exchange.send({ ...request, url, headers });
    } catch (error) {
      throw connectionFailure(url, error);
    }
  };
  const ask = async (path: string, request: Omit<HttpRequest, 'url'>): Promise<JsonObject> => {
    const url = new URL(base + path);
    const response = await send(path, { ...request, deadline });
    if (!isGood(response)) throw await failure(response, url);
    const text = await textOf(response, url, longestResponse);
    const value = parsed(text);
    if (isJsonObject(value)) return value;
    throw unexpectedResponse(url, response, text);
  };
  const askWithBody =
    (method: HttpMethod) =>
    (path: string, body: JsonObject): Promise<JsonObject> => {
      const text = JSON.stringify(body);
      return ask(path, {
        method,
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
        },
        body: text,
      });
    };
  return {
    url: base,
    get: (path, query = {}) => ask(path + queryText(query), { method: 'GET', headers: {} }),
    post: askWithBody('POST'),
    patch: askWithBody('PATCH'),
    delete: askWithBody('DELETE'),
    async read(path, query = {}, { size } = {}) {
      const fullPath = path + queryText(query);
      const url = new URL(base + fullPath);
      const response = await send(fullPath, { method: 'GET', headers: {} });
      if (!isGood(response)) throw await failure(response, url);
      return fileIn(response, url, size);
    },
    async put(path, content, size) {
      const headers = {
        'content-type': 'application/octet-stream',
        ...(size !== undefined && { 'content-length': String(size) }),
      };
      const url = new URL(base + path);
      const response = await send(path, { method: 'PUT', headers, body: content });
      if (!isGood(response)) throw await failure(response, url);
      await textOf(response, url, longestResponse);
    },
    [Symbol.asyncDispose]: () => exchange[Symbol.asyncDispose](),
  };
}

function addressOf({ url, credentials }: MlflowClientOptions): {
  readonly base: string;
  readonly credentials: MlflowCredentials | undefined;
} {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol))
    throw new PlatformError('CONFIG_INVALID', {
      field: 'MLflow server',
      value: url,
      remedy: 'must be an address with http:// or https://',
    });
  const { username, password, origin, pathname } = address;
  const inAddress: MlflowCredentials | undefined = username
    ? { kind: 'password', username: decodeURIComponent(username), password: decodeURIComponent(password) }
    : undefined;
  return { base: origin + pathname.replace(/\/+$/, ''), credentials: credentials ?? inAddress };
}

function authorizationOf(credentials: MlflowCredentials | undefined): string | undefined {
  if (!credentials) return undefined;
  if (credentials.kind === 'token') return `Bearer ${credentials.token}`;
  const { username, password } = credentials;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function queryText(query: Query): string {
  const text = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value])
        .filter((one) => one !== undefined)
        .map((one): [string, string] => [name, String(one)]),
    ),
  ).toString();
  return text === '' ? '' : `?${text}`;
}

function isGood({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** Error messages are cut here, so that an endless one cannot fill the memory. */
const longestError = 1 << 20;

async function failure(response: IncomingMessage, url: URL): Promise<MlflowFailure> {
  return failedResponse(url, response, await excerptOf(response, url, longestError));
}

/** Some servers label a stored .gz file as a compressed body: its size tells the two apart. */
function fileIn(response: IncomingMessage, url: URL, listedSize: number | undefined): RemoteFile {
  const length = response.headers['content-length'];
  const size = length === undefined ? undefined : Number(length);
  const isCompressed = encodingsOf(response).length > 0 && (size === undefined || size !== listedSize);
  return isCompressed
    ? { size: undefined, content: bytesOf(response, url) }
    : { size, content: rawBytesOf(response, url) };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : parseExactJson(text);
  } catch {
    return undefined;
  }
}
