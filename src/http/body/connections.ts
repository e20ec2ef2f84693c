import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasBody } from './read-body.ts';

/** Limits on connections and on slow bodies. */
export interface ConnectionLimits {
  /** @default 5000 */
  readonly connections?: number;
  /** The window in which the speed of a body is measured, in milliseconds. @default 30 s */
  readonly window?: number;
  /** Bytes that a body must send in each window until it is complete. @default 30,000: 1 kB a second */
  readonly bytesPerWindow?: number;
  /** How long the rest of a refused body is read and dropped, in milliseconds. @default 5 s */
  readonly linger?: number;
}

interface Receiving {
  /** When the current window began. */
  since: number;
  bytes: number;
}

/**
 * Limits what callers can keep open. A body that arrives too slowly gets 408 and its connection is closed. If a request gets
 * its response before its body is complete, such as an upload to a full disk, the caller may send on for a moment, so that
 * it reads the response; then the connection is closed.
 */
export function limitConnections(server: FastifyInstance, limits: ConnectionLimits = {}): void {
  const { connections = 5000, window = 30_000, bytesPerWindow = 30_000, linger = 5000 } = limits;
  server.server.maxConnections = connections;
  const receiving = new Map<FastifyRequest, Receiving>();
  const look = (): void => {
    const now = performance.now();
    for (const [request, state] of receiving) {
      const { raw } = request;
      if (raw.complete || raw.destroyed) receiving.delete(request);
      else if (now - state.since >= window) {
        const read = raw.socket.bytesRead;
        // Bytes that wait here are our own delay: the disk or the store is slower than the caller.
        if (read - state.bytes < bytesPerWindow && raw.readableLength === 0) cutSlow(server, request);
        Object.assign(state, { since: now, bytes: read });
      }
    }
  };
  const timer = setInterval(look, Math.ceil(window / 5));
  timer.unref();
  server.addHook('onClose', async () => clearInterval(timer));
  server.addHook('onRequest', async (request) => {
    if (request.raw.complete || !hasBody(request)) return;
    receiving.set(request, { since: performance.now(), bytes: request.raw.socket.bytesRead });
  });
  server.addHook('onResponse', async (request) => {
    receiving.delete(request);
    const { raw } = request;
    if (raw.complete || raw.destroyed || !hasBody(request)) return;
    const cut = setTimeout(() => raw.destroy(), linger);
    cut.unref();
    raw.once('close', () => clearTimeout(cut));
    raw.once('end', () => clearTimeout(cut));
    raw.resume();
  });
}

/** Responds as Node does when a request takes longer than its `requestTimeout`. */
function cutSlow(server: FastifyInstance, { raw }: FastifyRequest): void {
  const error = Object.assign(new Error('the body came too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.server.emit('clientError', error, raw.socket);
}
