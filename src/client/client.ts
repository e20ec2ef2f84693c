import type { Address } from '../api/address.ts';
import { addresses } from '../api/addresses.ts';
import type { Operations, PredictInput, PredictOutput } from '../api/routes.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { ServerEvent } from '../api/views.ts';
import { subscribe, type Subscription } from './events.ts';
import { download, upload } from './files.ts';
import { call, type CallOptions, type Connection, requestOf } from './request.ts';

export interface ClientOptions {
  /** Sent as a bearer token. @default none */
  readonly token?: string;
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
}

/** The server's operations as functions. Each also takes a signal that aborts the call. */
export type Client = {
  readonly [Name in Exclude<keyof Operations, 'predict'>]: (
    input: Parameters<Operations[Name]>[0],
    options?: CallOptions,
  ) => ReturnType<Operations[Name]>;
} & {
  /** Returns one prediction for one request, and a list in the same order for a list. */
  predict<Request extends JsonObject | readonly JsonObject[]>(
    input: PredictInput<Request>,
    options?: CallOptions,
  ): Promise<PredictOutput<Request>>;
  /** Listens to the events of a project until closed, and reconnects when the connection is lost. */
  events(project: string, onEvent: (event: ServerEvent) => void): Subscription;
};

/**
 * A client for a server, for browsers and Node.
 * @param baseUrl 'http://127.0.0.1:4310'; empty for the server that the page came from
 * @throws PlatformError from each operation: the server's error, or NOT_READY if it does not respond
 * @example const { prediction } = await createClient(url).predict({ endpoint: 't20-score', request: { overs: 12 } });
 */
export function createClient(baseUrl: string, options: ClientOptions = {}): Client {
  const connection: Connection = {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    token: options.token,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  };
  const operations = Object.fromEntries(
    Object.entries(addresses).map(([name, address]) => [name, operationOf(connection, address)]),
  );
  const events: Client['events'] = (project, onEvent) => subscribe(connection, project, onEvent);
  return { ...operations, events } as unknown as Client;
}

function operationOf(connection: Connection, address: Address) {
  return (input: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<unknown> => {
    if (address.file === 'upload') return upload(connection, address, { input, options });
    const { path, body } = requestOf(address, input);
    if (address.file === 'download') return download(connection, path, options);
    return call(connection, { method: address.method, path, body }, options);
  };
}
