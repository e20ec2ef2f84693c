import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { MlflowSource } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { openMlflowClient } from '../client.ts';
import { serverSource } from './server.ts';

/** A request to a fake server, with the query and the JSON body merged. */
export interface Asked {
  /** Without the query: 'POST /api/2.0/mlflow/runs/search'. */
  readonly route: string;
  readonly input: JsonObject;
}

/** A response: JSON with status 200, a text, or a status with an error code. */
export type FakeResponse =
  | JsonObject
  | string
  | { readonly status: number; readonly code: string; readonly retryAfter?: number };

export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** A server with the given responses, and 404 for everything else. */
async function startFakeServer(respond: (asked: Asked) => FakeResponse | undefined): Promise<FakeServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const input = {
        ...Object.fromEntries(url.searchParams),
        ...(body === '' ? {} : (JSON.parse(body) as JsonObject)),
      };
      const one = { route: `${request.method} ${url.pathname}`, input };
      asked.push(one);
      const found = respond(one) ?? { status: 404, code: 'ENDPOINT_NOT_FOUND' };
      if (typeof found === 'string') return response.end(found);
      const { status, code, retryAfter } = found as {
        readonly status?: unknown;
        readonly code?: unknown;
        readonly retryAfter?: unknown;
      };
      if (typeof retryAfter === 'number') response.setHeader('retry-after', retryAfter);
      const isRefused = typeof status === 'number' && typeof code === 'string';
      response.statusCode = isRefused ? status : 200;
      return response.end(JSON.stringify(isRefused ? { error_code: code, message: 'no' } : found));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** All items of an iterable. */
export async function allOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Responses by route. */
export type Routes = Readonly<Record<string, (input: JsonObject) => FakeResponse | undefined>>;

export interface OpenedSource extends AsyncDisposable {
  readonly source: MlflowSource;
  readonly asked: readonly Asked[];
  /** The waits between attempts, in milliseconds. */
  readonly waits: readonly number[];
}

/** A source whose server has the given responses. */
export async function openServerSource(
  routes: Routes,
  { hasUsers = false, ...client }: { readonly hasUsers?: boolean; readonly longestResponse?: number } = {},
): Promise<OpenedSource> {
  const server = await startFakeServer(({ route, input }) => routes[route]?.(input));
  const waits: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
  const source = serverSource(openMlflowClient({ url: server.url, ...client }), {
    retry: { random: () => 0, sleep, attempts: 3 },
    hasUsers,
  });
  return {
    source,
    asked: server.asked,
    waits,
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
