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
    send({ method, url, headers, body }) {
      const request =
        url.protocol === 'https:'
          ? overHttps(url, { method, headers, agent: agents.https })
          : overHttp(url, { method, headers, agent: agents.http });
      request.setTimeout(idle, () => request.destroy(new Error(`no byte in ${idle} ms`)));
      return responseTo(request, body);
    },
    async [Symbol.asyncDispose]() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function responseTo(request: ClientRequest, body: HttpRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', resolve);
    if (body === undefined || typeof body === 'string') request.end(body);
    else pipeline(Readable.from(body, { objectMode: false }), request).catch(reject);
  });
}
