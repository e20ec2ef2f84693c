import type { Readable } from 'node:stream';
import { allowAnonymous, type SignIn } from '../../access/sign-in.ts';
import type { WebSignIn } from '../../access/web-sign-in.ts';
import { z } from 'zod';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Operations, type Route, routes } from '../../api/routes.ts';
import type { ServerEvent } from '../../api/views.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Topic } from '../../kernel/events.ts';
import type { Log } from '../../kernel/log.ts';
import { formatRule, type ValueSchema } from '../../kernel/schema-rule.ts';
import type { Caller } from '../../serving/endpoint.ts';
import type { PrometheusMeter } from '../metrics/meter.ts';
import { addMlflow, type MlflowServices } from '../mlflow/index.ts';
import { addPages, pageForMalformed } from '../ui/pages.ts';
import { type ConnectionLimits, limitConnections } from '../body/connections.ts';
import { jsonLimits, readJsonBytes } from '../body/json-limits.ts';
import { jsonBodyText, refuseEncodedBody } from '../body/read-body.ts';
import { drainThenCut } from './drain.ts';
import { sendError } from './errors.ts';
import { addEvents, callerOf } from './events.ts';
import { addDownload, addUpload } from './file-routes.ts';
import { guardHost, guardPermission, requirePermissions } from './guard.ts';
import { hostRule } from './host-rule.ts';
import type { Readiness } from './readiness.ts';
import { addSignIn } from './sign-in.ts';
import { type SignInCookies, signInCookies } from './sign-in-cookies.ts';
import { clientOf, trustedProxies } from './trusted-proxies.ts';

export interface ServerOptions {
  /** The operations for this caller. */
  readonly operationsFor: (caller: Caller) => Operations;
  readonly events: Topic<ServerEvent>;
  readonly meter: PrometheusMeter;
  readonly log: Log;
  /** Whether the server can do its work: see `openReadiness`. */
  readonly ready: () => Readiness | Promise<Readiness>;
  /** The folder of the built pages. */
  readonly pages: string;
  /** @default MLflow's API is not served */
  readonly mlflow?: MlflowServices;
  /** @default allowAnonymous: everyone who reaches the server is its owner */
  readonly signIn?: SignIn;
  /** How browsers sign in. @default by the token of `signIn`, which the browser asks for */
  readonly webSignIn?: WebSignIn;
  /** The address of this server for browsers: https://models.example.org. @default the address they use, over plain http */
  readonly publicUrl?: string;
  /** Names, wildcards and address ranges that callers may use besides this machine's own: see `hostRule`. @default [] */
  readonly hosts?: readonly string[];
  /** Addresses and ranges of trusted proxies: see `trustedProxies`. @default [] */
  readonly proxies?: readonly string[];
  /** @default see `ConnectionLimits` */
  readonly connections?: ConnectionLimits;
}

const largestBody = 1_000_000;
/** Milliseconds for a request with its full body: a large file over a slow line takes time. */
const longestRequest = 3_600_000;

/** Requests are parsed by zod: no route has a Fastify schema, whose compilers would take a fifth of the start. */
function noSchemas(): never {
  throw new TypeError('a route has a Fastify schema');
}

/** The HTTP server of the product: its own API, predictions, health, metrics and pages. It is not listening yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { log, meter } = options;
  const server = fastify({
    bodyLimit: largestBody,
    requestTimeout: longestRequest,
    // Plugins are our own and need no timer each.
    pluginTimeout: 0,
    http: { headersTimeout: 20_000, connectionsCheckingInterval: 5000 },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, request, reply) => {
      const page = pageForMalformed(options.pages, request, reply);
      if (page) page.catch((failure: unknown) => sendError(failure, reply, log));
      else sendError(error, reply, log);
    },
  });
  // A page of another site may send text without a preflight, but not JSON.
  server.removeContentTypeParser(['text/plain', 'application/json']);
  addJsonParser(server);
  requirePermissions(server);
  drainThenCut(server);
  limitConnections(server, options.connections);
  const { signIn = allowAnonymous } = options;
  const hosts = hostRule(options.hosts ?? []);
  const proxies = trustedProxies(options.proxies ?? []);
  const isPublicSecure = options.publicUrl?.startsWith('https:') ?? false;
  const [plain, secured] = [signInCookies(false), signInCookies(true)];
  const cookiesOf = (request: FastifyRequest): SignInCookies =>
    isPublicSecure || clientOf(request).secure ? secured : plain;
  server.addHook('onRequest', async (request, reply) => {
    request.client = proxies.clientOf(request);
    guardHost(request, hosts);
    await guardPermission(request, reply, { signIn, cookiesOf });
    refuseEncodedBody(request);
  });
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
    await addRoute(server, options.operationsFor, { name: name as keyof Operations, route });
  addEvents(server, options);
  await addSignIn(server, { ...options, signIn, cookiesOf });
  const open = { config: { permission: 'public' } } as const;
  server.get('/health', open, async (_request, reply) => reply.type('text/plain').send('OK'));
  server.get('/ready', open, async (_request, reply) => {
    const state = await options.ready();
    return reply.status(state.ready ? 200 : 503).send(state);
  });
  server.get('/metrics', { config: { permission: 'read' } }, async (_request, reply) =>
    reply.type(meter.contentType).send(await meter.text()),
  );
  const { mlflow, publicUrl } = options;
  if (mlflow) await addMlflow(server, { ...mlflow, ...(publicUrl !== undefined && { publicUrl }) });
  addPages(server, options.pages);
  return server;
}

/** Fastify's own parser replaces bytes that are not UTF-8. */
function addJsonParser(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  const limits = jsonLimits('', largestBody);
  server.addContentTypeParser('application/json', async (request: FastifyRequest, payload: Readable) => {
    if (request.is404) return undefined;
    const { 'content-type': type, 'content-length': promised } = request.headers;
    const text = jsonBodyText(await readJsonBytes(payload, limits, promised), type);
    return new Promise((resolve, reject) => {
      void parse(request, text, (error, value) => (error ? reject(error) : resolve(value)));
    });
  });
}

interface NamedRoute {
  readonly name: keyof Operations;
  readonly route: Route<unknown, unknown>;
}

async function addRoute(
  server: FastifyInstance,
  operationsFor: ServerOptions['operationsFor'],
  { name, route }: NamedRoute,
): Promise<void> {
  const perform = (request: FastifyRequest, input: unknown): Promise<unknown> =>
    (operationsFor(callerOf(request))[name] as (input: unknown) => Promise<unknown>)(input);
  const files = { perform, inputOf: (request: FastifyRequest, sent: object) => parsed(route, request, sent) };
  if (route.file === 'upload') return addUpload(server, route, files);
  if (route.file === 'download') return addDownload(server, route, files);
  server.route({
    method: route.method,
    url: route.path,
    config: { permission: route.permission },
    async handler(request, reply) {
      const output = await perform(request, inputOf(route, request));
      return reply.status(route.status ?? 200).send(output);
    },
  });
}

/** @throws PlatformError INPUT_INVALID naming the first invalid member */
function inputOf(route: Route<unknown, unknown>, request: FastifyRequest): unknown {
  const { query, body } = request;
  const sent =
    route.body === undefined
      ? membersOf(route.method === 'GET' ? query : body)
      : { ...(query as object), [route.body]: body };
  return parsed(route, request, sent);
}

function parsed(route: Route<unknown, unknown>, { params }: FastifyRequest, sent: object): unknown {
  const input: Readonly<Record<string, unknown>> = { ...sent, ...(params as object) };
  const { success, data, error } = route.input.safeParse(input);
  if (success) return data;
  const issue = error.issues[0];
  throw new PlatformError('INPUT_INVALID', {
    field: issue?.path.join('.') ?? 'request',
    value: input[String(issue?.path[0])],
    remedy: ruleOf(route, issue),
  });
}

/** The rule that an issue reports, by the schema; a regular expression has its own message. */
function ruleOf({ input }: Route<unknown, unknown>, issue: z.core.$ZodIssue | undefined): string {
  const described = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  const [member, ...deeper] = issue?.path ?? [];
  const schema = described.properties?.[String(member)];
  if (typeof schema !== 'object' || deeper.length > 0 || issue?.code === 'invalid_format')
    return `${issue?.message ?? 'It does not fit'}.`;
  return formatRule(String(member), schema as ValueSchema);
}

/** @throws PlatformError INPUT_INVALID for a body that is not an object; no body means no members */
function membersOf(sent: unknown): object {
  if (sent === undefined || sent === null) return {};
  if (typeof sent === 'object' && !Array.isArray(sent)) return sent;
  throw new PlatformError('INPUT_INVALID', {
    field: 'body',
    value: sent,
    remedy: 'Send a JSON object with the header content-type: application/json.',
  });
}
