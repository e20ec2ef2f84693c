import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Responder = (request: IncomingMessage, response: ServerResponse) => void;

export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly IncomingMessage[];
}

/** A server with a responder for each request in turn; the last one responds to all that follow. */
export async function openSite(...responders: readonly Responder[]): Promise<Site> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const responder = responders[Math.min(asked.length, responders.length - 1)];
    asked.push(request);
    responder?.(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
