import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';

const policy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

const open = { config: { permission: 'public' } } as const;

/** The pages: built files, and one document for every page address. */
export function addPages(server: FastifyInstance, folder: string): void {
  const send = fileSender(folder);
  server.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) =>
    send(`/assets/${request.params['*']}`, request, reply),
  );
  for (const url of [
    '/',
    '/projects/*',
    '/experiments/*',
    '/runs',
    '/runs/*',
    '/models',
    '/models/*',
    '/apps/*',
    '/predictions/*',
  ])
    server.get(url, open, (request, reply) => send('/index.html', request, reply));
  server.setNotFoundHandler((request, reply) => {
    if (asksForPage(request)) return send('/index.html', request, reply.status(404));
    throw noAddress(request);
  });
}

/**
 * The page for an unknown address, for a browser with one that cannot be decoded, such as /%E0%A4%A.
 * @returns undefined for other requests: they get the error as JSON
 */
export function pageForMalformed(
  folder: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> | undefined {
  return asksForPage(request) ? fileSender(folder)('/index.html', request, reply.status(404)) : undefined;
}

function noAddress({ method, url }: FastifyRequest): PlatformError {
  return new PlatformError('ROUTE_NOT_FOUND', {
    field: 'address',
    value: `${method} ${url}`,
    remedy: 'The API is below /api, predictions are POST /predict/<endpoint>, and pages start at /.',
  });
}

/** A browser that follows a link to an unknown address gets a page; a client gets JSON. */
function asksForPage({ method, url, headers: { accept = '' } }: FastifyRequest): boolean {
  const isApi = /^\/(?:api|ajax-api|predict)(?:[/?]|$)/.test(url);
  return ['GET', 'HEAD'].includes(method) && accept.includes('text/html') && !isApi;
}

type SendFile = (path: string, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

function fileSender(root: string): SendFile {
  return async (path, request, reply) => {
    // Loaded with the first page: a server for MLflow clients only never needs it.
    const { default: send } = await import('@fastify/send');
    const file = await send(request.raw, encodeURI(path), { root, cacheControl: false, index: false });
    if (file.type === 'error' && !isAbsent(file.metadata.error)) throw file.metadata.error;
    if (file.type !== 'file') throw noAddress(request);
    const forever = file.metadata.path.includes('/assets/');
    return reply
      .status(reply.statusCode === 404 && file.statusCode === 200 ? 404 : file.statusCode)
      .headers(file.headers)
      .header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('content-security-policy', policy)
      .header('x-content-type-options', 'nosniff')
      .send(file.stream);
  };
}

function isAbsent(error: Error & { readonly code?: string; readonly status?: number }): boolean {
  return error.code === 'ENOENT' || error.status === 404;
}
