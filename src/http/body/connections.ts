import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasBody } from './read-body.ts';

/** Limits on connections and on how slowly a body may come. */
export interface ConnectionLimits {
  /** @default 5000 */
  readonly connections?: number;
  /** The time over which the pace of a body is measured, in milliseconds. @default 30 s */
  readonly window?: number;
  /** Bytes that a body must bring in each window until it is complete. @default 30,000: 1 kB a second */
  readonly bytesPerWindow?: number;
  /** How long the rest of a body that was refused is read and dropped, in milliseconds. @default 5 s */
  readonly linger?: number;
}

interface Receiving {
  /** When the present window began. */
  since: number;
  bytes: number;
}

/**
 * Bounds what callers can hold open. A body that comes too slowly is answered with 408 and cut. A request that is
 * answered before its body is complete, such as an upload to a full disk, may go on sending for a moment, so that it
 * reads the answer; then it is cut.
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

/** Answers as Node itself does when a request takes longer than its `requestTimeout`. */
function cutSlow(server: FastifyInstance, { raw }: FastifyRequest): void {
  const error = Object.assign(new Error('the body came too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.server.emit('clientError', error, raw.socket);
}
