import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Operations, type Route, routes } from '../../api/routes.ts';
import type { ServerEvent } from '../../api/views.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Topic } from '../../kernel/events.ts';
import type { Log } from '../../kernel/log.ts';
import type { PrometheusMeter } from '../metrics/meter.ts';
import { addPages } from '../ui/pages.ts';
import { sendError } from './errors.ts';
import { addEvents } from './events.ts';
import { guardLoopback } from './guard.ts';

export interface ServerOptions {
  /** The operations as this caller may use them. */
  readonly operationsFor: (caller: { readonly key: string; readonly protocol: string }) => Operations;
  readonly events: Topic<ServerEvent>;
  readonly meter: PrometheusMeter;
  readonly log: Log;
  /** Whether a model answers, not merely a port. */
  readonly ready: () => { readonly ready: boolean; readonly waitsFor: readonly string[] };
  /** The folder of the built pages. */
  readonly pages: string;
}

const largestBody = 1_000_000;

/** The HTTP face of the product: its own API, predictions, health, metrics and pages. It is not listening yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { log, meter } = options;
  const server = fastify({
    bodyLimit: largestBody,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
  });
  server.addHook('onRequest', async (request) => guardLoopback(request));
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    meter.observe(
      'modelyard_http_request_duration_seconds',
      { route, method: request.method, code: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
  });
  server.setErrorHandler((error, _request, reply) => sendError(error, reply, log));
  for (const [name, route] of Object.entries(routes))
    addRoute(server, options.operationsFor, { name: name as keyof Operations, route });
  addEvents(server, options.events);
  server.get('/health', async () => ({ status: 'ok' }));
  server.get('/ready', async (_request, reply) => {
    const state = options.ready();
    return reply.status(state.ready ? 200 : 503).send(state);
  });
  server.get('/metrics', async (_request, reply) => reply.type(meter.contentType).send(await meter.text()));
  await addPages(server, options.pages);
  return server;
}

interface NamedRoute {
  readonly name: keyof Operations;
  readonly route: Route<unknown, unknown>;
}

function addRoute(
  server: FastifyInstance,
  operationsFor: ServerOptions['operationsFor'],
  { name, route }: NamedRoute,
): void {
  if (!route.permission)
    throw new PlatformError('CONFIG_INVALID', {
      field: `route ${name}`,
      value: route.path,
      remedy: 'Every route declares the permission that it needs.',
    });
  server.route({
    method: route.method,
    url: route.path,
    async handler(request) {
      const operation = operationsFor({ key: request.ip, protocol: 'native' })[name] as (
        input: unknown,
      ) => Promise<unknown>;
      return operation(inputOf(name, route, request));
    },
  });
}

/** @throws PlatformError INPUT_INVALID naming the first member that is wrong */
function inputOf(
  name: string,
  route: Route<unknown, unknown>,
  { params, query, body }: FastifyRequest,
): unknown {
  const sent = name === 'predict' ? { request: body } : route.method === 'GET' ? query : body;
  const parsed = route.input.safeParse({ ...(sent as object), ...(params as object) });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new PlatformError('INPUT_INVALID', {
    field: issue?.path.join('.') ?? 'request',
    value: (sent as Readonly<Record<string, unknown>> | undefined)?.[String(issue?.path[0])],
    remedy: `${issue?.message ?? 'It does not fit.'}.`,
  });
}
