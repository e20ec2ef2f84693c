import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import { jsonLimits, type JsonLimits, readJsonBytes } from '../../body/json-limits.ts';
import { refuseEncodedBody } from '../../body/read-body.ts';
import type { Permission } from '../../../access/permission.ts';
import type { Actor } from '../../../access/sign-in.ts';
import { type Caller, type Endpoint, unnamedCaller } from './endpoint.ts';
import { asMlflowError, errorBody, type MlflowError, mlflowError } from './errors.ts';
import { wireText } from './json.ts';
import type { RawEndpoint } from './raw-endpoint.ts';
import { readInput, sentRequest } from './read-request.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The permission that a caller of this route needs. */
    readonly permission?: Permission;
    /** Limit of a JSON body in bytes. @default by the permission */
    readonly largestBody?: number;
  }
  interface FastifyRequest {
    /** The caller; absent on a route without sign-in. */
    actor?: Actor;
  }
}

export interface EndpointTable<Services> {
  readonly endpoints: readonly Endpoint<Services>[];
  readonly rawEndpoints: readonly RawEndpoint<Services>[];
}

export interface Registration<Services> extends EndpointTable<Services> {
  readonly services: Services;
  readonly log: Log;
}

const prefixes = {
  '2.0': ['/api/2.0', '/ajax-api/2.0'],
  '3.0': ['/api/3.0', '/ajax-api/3.0'],
} as const;
/** Old clients add this to every address of 2.0. */
const previewPrefix = '/preview';

/** Registers every endpoint below every prefix of its versions; other addresses below them get ENDPOINT_NOT_FOUND. */
export async function registerEndpoints<Services>(
  server: FastifyInstance,
  registration: Registration<Services>,
): Promise<void> {
  for (const [version, addresses] of Object.entries(prefixes))
    for (const prefix of addresses)
      await server.register(
        async (scope) => {
          prepareScope(scope, registration.log);
          scope.setNotFoundHandler((request) => {
            throw mlflowError('ENDPOINT_NOT_FOUND', notFoundMessage(request.method, request.url));
          });
          const here = (endpoint: Endpoint<Services> | RawEndpoint<Services>): boolean =>
            (endpoint.versions as readonly string[]).includes(version) &&
            (prefix.startsWith('/ajax-api') || !endpoint.ui);
          const spellings = prefix === '/api/2.0' ? ['', previewPrefix] : [''];
          await addRoutes(scope, spellings, {
            ...registration,
            endpoints: registration.endpoints.filter(here),
            rawEndpoints: registration.rawEndpoints.filter(here),
          });
        },
        { prefix },
      );
  await server.register(async (scope) => {
    prepareScope(scope, registration.log);
    await addRoutes(scope, [''], {
      ...registration,
      endpoints: registration.endpoints.filter(({ versions }) => versions.length === 0),
      rawEndpoints: registration.rawEndpoints.filter(({ versions }) => versions.length === 0),
    });
  });
}

async function addRoutes<Services>(
  scope: FastifyInstance,
  spellings: readonly string[],
  { endpoints, rawEndpoints, services }: Registration<Services>,
): Promise<void> {
  for (const spelling of spellings)
    for (const each of endpoints) addEndpoint(scope, spelling, { each, services });
  await scope.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const spelling of spellings)
      for (const { methods, path, permission, handle } of rawEndpoints)
        raw.route({
          method: [...methods],
          url: `${spelling}${path}`,
          config: { permission },
          handler: (request, reply) => handle({ request, reply }, services),
        });
  });
}

function addEndpoint<Services>(
  scope: FastifyInstance,
  spelling: string,
  { each, services }: { readonly each: Endpoint<Services>; readonly services: Services },
): void {
  scope.route({
    method: [...each.methods],
    url: `${spelling}${each.path}`,
    config: {
      permission: each.permission,
      ...(each.largestBody !== undefined && { largestBody: each.largestBody }),
    },
    async handler(request, reply) {
      const input = readInput(each, await sentRequest(request));
      const response = await each.handle(input as never, services, callerOf(request));
      return reply.type('application/json').send(wireText(response));
    },
  });
}

function callerOf({ actor }: FastifyRequest): Caller {
  return actor?.name === undefined ? unnamedCaller : { name: actor.name };
}

function limitsOf({ routeOptions: { config } }: FastifyRequest): JsonLimits {
  return jsonLimits(config.permission ?? 'read', config.largestBody);
}

function prepareScope(scope: FastifyInstance, log: Log): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable) => {
    // An unknown address needs no permission, so its body is dropped.
    if (request.is404) return undefined;
    return readJsonBytes(payload, limitsOf(request), request.headers['content-length']);
  });
  scope.addHook('onRequest', async (request, reply) => {
    refuseEncodedBody(request);
    void reply.header('x-content-type-options', 'nosniff').header('x-frame-options', 'SAMEORIGIN');
  });
  scope.setErrorHandler((error, _request, reply) => sendMlflowError(fromServer(error), reply, log));
}

function sendMlflowError(error: MlflowError, reply: FastifyReply, log: Log): FastifyReply {
  if (error.code === 'INTERNAL_ERROR')
    log.error('a request of an MLflow client failed', {
      url: reply.request.url,
      error: error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error.message,
    });
  return reply
    .status(error.status)
    .type('application/json')
    .send(wireText(errorBody(error)));
}

/** Requests that Fastify itself refuses. */
function fromServer(error: unknown): MlflowError {
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return mlflowError(
      'INVALID_PARAMETER_VALUE',
      "Bad Request. Content-Type must be one of ['application/json'].",
    );
  if (!(error instanceof PlatformError) && code?.startsWith('FST_') && statusCode && statusCode < 500)
    return mlflowError('BAD_REQUEST', message ?? 'Bad Request.');
  return asMlflowError(error);
}

/** Features of MLflow that Modelyard does not have, by a word of their addresses. */
const unsupported: readonly (readonly [word: RegExp, name: string])[] = [
  [/\btraces?\b/, 'traces'],
  [/\bdatasets\b/, 'evaluation datasets'],
  [/\bscorers?\b/, 'scorers'],
  [/\bgateway\b/, 'gateway'],
  [/\bissues\b/, 'issues'],
  [/\bprompt-optimization\b/, 'optimization of prompts'],
  [/\blabel-schemas\b/, 'schemas of labels'],
  [/\breview-queues\b/, 'queues of reviews'],
  [/\bjobs\b/, 'jobs'],
  [/\bpromptlab\b/, 'prompt lab'],
  [/\bdemo\b/, 'demo'],
  [/\bassistant\b/, 'assistant'],
];

function notFoundMessage(method: string, url: string): string {
  const [path = ''] = url.split('?');
  const [, name] = unsupported.find(([word]) => word.test(path)) ?? [];
  if (name) return `${method} ${path} is not supported: Modelyard has no ${name}.`;
  return `No endpoint ${method} ${path}.`;
}
