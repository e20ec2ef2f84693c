import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';

const policy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

const open = { config: { permission: 'public' } } as const;

/** The pages: files that were built, and for every address of a page the one document that draws them all. */
export async function addPages(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    setHeaders(reply, path) {
      const forever = /\/assets\//.test(path);
      reply.setHeader('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      reply.setHeader('content-security-policy', policy);
      reply.setHeader('x-content-type-options', 'nosniff');
    },
  });
  server.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`),
  );
  for (const url of ['/', '/projects/*', '/apps/*', '/predictions/*'])
    server.get(url, open, (_request, reply) => reply.sendFile('index.html'));
  server.setNotFoundHandler((request) => {
    throw new PlatformError('ROUTE_NOT_FOUND', {
      field: 'address',
      value: `${request.method} ${request.url}`,
      remedy: 'The API is below /api, predictions are POST /predict/<endpoint>, and pages start at /.',
    });
  });
}
