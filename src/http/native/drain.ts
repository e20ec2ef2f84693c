import type { FastifyInstance } from 'fastify';

/** How long requests may take to finish once the server closes, in milliseconds. */
const drainTime = 10_000;

/** A server that closes lets its requests finish for a while, then closes what is still open: an upload, an idle socket. */
export function drainThenCut(server: FastifyInstance, within = drainTime): void {
  let cut: NodeJS.Timeout | undefined;
  server.addHook('preClose', async () => {
    cut = setTimeout(() => server.server.closeAllConnections(), within);
  });
  server.addHook('onClose', async () => clearTimeout(cut));
}
