import { Agent as HttpAgent, request as overHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as overHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** Milliseconds for the request and its whole response. @default no limit */
  readonly deadline?: number;
}

/** Sends requests over connections that stay open between them. */
export interface HttpExchange extends AsyncDisposable {
  /** Resolves with the headers; the body must be read to its end or destroyed. @throws Error when no response came */
  send(request: HttpRequest): Promise<IncomingMessage>;
}

export interface ExchangeOptions {
  /** Milliseconds without a byte before a request fails. */
  readonly idle: number;
  /** Concurrent connections; further requests wait for a free one. */
  readonly connections: number;
}

export function openExchange({ idle, connections }: ExchangeOptions): HttpExchange {
  const pool = { keepAlive: true, maxSockets: connections };
  const agents = { http: new HttpAgent(pool), https: new HttpsAgent(pool) };
  return {
    send({ method, url, headers, body, deadline }) {
      const request =
        url.protocol === 'https:'
          ? overHttps(url, { method, headers, agent: agents.https })
          : overHttp(url, { method, headers, agent: agents.http });
      limitTime(request, { idle, deadline });
      return responseTo(request, body);
    },
    async [Symbol.asyncDispose]() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function limitTime(
  request: ClientRequest,
  { idle, deadline }: { readonly idle: number; readonly deadline: number | undefined },
): void {
  let response: IncomingMessage | undefined;
  const fail = (reason: string): void => void (response ?? request).destroy(new Error(reason));
  request.on('response', (received) => (response = received));
  request.setTimeout(idle, () => fail(`no byte in ${idle} ms`));
  if (deadline === undefined) return;
  const timer = setTimeout(() => fail(`no complete response in ${deadline} ms`), deadline);
  request.on('close', () => clearTimeout(timer));
}

function responseTo(request: ClientRequest, body: HttpRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', resolve);
    if (body === undefined || typeof body === 'string') request.end(body);
    else pipeline(Readable.from(body, { objectMode: false }), request).catch(reject);
  });
}
