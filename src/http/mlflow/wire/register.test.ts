import fastify, { type FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import { silentLog } from '../../../kernel/log.ts';
import { parseFilter } from '../../../tracking/search/filter.ts';
import { runSearch } from '../../../tracking/search/grammar.ts';
import type { Permission } from '../../../access/permission.ts';
import { requirePermissions } from '../../native/guard.ts';
import { endpoint } from './endpoint.ts';
import { mlflowError } from './errors.ts';
import { registerEndpoints } from './register.ts';

interface Services {
  readonly greeting: string;
}

const greet = endpoint({
  methods: ['GET', 'POST', 'DELETE'],
  path: '/mlflow/greet/:name',
  versions: ['2.0'],
  permission: 'read',
  fields: { name: { type: 'string', required: true }, times: { type: 'int32' } },
  handle: async ({ name, times = 1 }, { greeting }: Services) => ({
    text: `${greeting} ${name}`.repeat(times),
    nothing: undefined,
  }),
});

const onlyUi = endpoint({
  methods: ['GET'],
  path: '/mlflow/ui-only',
  versions: ['2.0', '3.0'],
  ui: true,
  permission: 'read',
  fields: {},
  handle: async (_input, _services: Services) => ({}),
});

const failures: Readonly<Record<string, () => unknown>> = {
  missing: () => {
    throw mlflowError('RESOURCE_DOES_NOT_EXIST', 'No such thing');
  },
  state: () => {
    throw mlflowError('INVALID_STATE', 'Not now');
  },
  run: () => {
    throw new PlatformError('RUN_NOT_FOUND', { field: 'run', value: 'abc', remedy: 'See the runs.' });
  },
  search: () => parseFilter('metrics.m >', runSearch),
  bug: () => {
    throw new TypeError('secret detail');
  },
};

const fail = endpoint({
  methods: ['GET'],
  path: '/mlflow/fail',
  versions: ['3.0'],
  permission: 'read',
  fields: { how: { type: 'string', required: true } },
  async handle({ how }, _services: Services) {
    failures[how]?.();
    return {};
  },
});

async function serverOf(log: Log = silentLog): Promise<FastifyInstance> {
  const server = fastify();
  await registerEndpoints<Services>(server, {
    endpoints: [greet, onlyUi, fail],
    rawEndpoints: [
      {
        methods: ['PUT'],
        path: '/files/*',
        versions: ['2.0'],
        permission: 'write',
        async handle({ request, reply }) {
          let size = 0;
          for await (const part of request.body as AsyncIterable<Buffer>) size += part.length;
          return reply.type('text/plain').send(`${(request.params as Record<string, string>)['*']} ${size}`);
        },
      },
    ],
    services: { greeting: 'hello' },
    log,
  });
  return server;
}

test.each(['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'])(
  'an endpoint of 2.0 is below %s',
  async (prefix) => {
    await using server = await serverOf();
    const { statusCode, headers, body } = await server.inject({
      url: `${prefix}/mlflow/greet/a%20b?times=2`,
    });
    expect([statusCode, body]).toEqual([200, '{"text":"hello a bhello a b"}']);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
    });
  },
);

test('an endpoint is below the prefixes of its versions alone', async () => {
  await using server = await serverOf();
  const found = async (url: string): Promise<boolean> => (await server.inject({ url })).statusCode === 200;
  expect(await found('/api/3.0/mlflow/greet/a')).toBe(false);
  expect(await found('/mlflow/greet/a')).toBe(false);
  expect(await found('/api/2.0/mlflow/ui-only')).toBe(false);
  expect(await found('/ajax-api/2.0/mlflow/ui-only')).toBe(true);
  expect(await found('/ajax-api/3.0/mlflow/ui-only')).toBe(true);
});

test.each([
  ['GET', '/api/2.0/mlflow/nope', 'No endpoint GET /api/2.0/mlflow/nope.'],
  ['PUT', '/api/2.0/mlflow/greet/a', 'No endpoint PUT /api/2.0/mlflow/greet/a.'],
  [
    'POST',
    '/api/3.0/mlflow/traces/search',
    'POST /api/3.0/mlflow/traces/search is not supported: Modelyard has no traces.',
  ],
  [
    'GET',
    '/ajax-api/2.0/mlflow/get-trace-artifact?request_id=a',
    'GET /ajax-api/2.0/mlflow/get-trace-artifact is not supported: Modelyard has no traces.',
  ],
  [
    'POST',
    '/ajax-api/2.0/mlflow/runs/create-promptlab-run',
    'POST /ajax-api/2.0/mlflow/runs/create-promptlab-run is not supported: Modelyard has no prompt lab.',
  ],
] as const)('%s %s is answered as unknown, in JSON', async (method, url, message) => {
  await using server = await serverOf();
  const response = await server.inject({ method, url });
  expect(response.statusCode).toBe(404);
  expect(response.json()).toEqual({ error_code: 'ENDPOINT_NOT_FOUND', message });
});

test('a GET with a body and no query is read from the body', async () => {
  await using server = await serverOf();
  const payload = '{"times": 2}';
  const read = await server.inject({ url: '/api/2.0/mlflow/greet/a', method: 'GET', payload });
  expect(read.json()).toEqual({ text: 'hello ahello a' });
  const ignored = await server.inject({ url: '/api/2.0/mlflow/greet/a?times=1', method: 'GET', payload });
  expect(ignored.json()).toEqual({ text: 'hello a' });
});

test('a POST needs the content type of JSON', async () => {
  await using server = await serverOf();
  const post = async (headers: Record<string, string>): Promise<unknown> =>
    (await server.inject({ method: 'POST', url: '/api/2.0/mlflow/greet/a', headers, payload: '{}' })).json();
  expect(await post({ 'content-type': 'application/json;charset=utf-8' })).toEqual({ text: 'hello a' });
  const message = "Bad Request. Content-Type must be one of ['application/json'].";
  for (const type of ['text/plain', 'nonsense', 'application/x-www-form-urlencoded'])
    expect(await post({ 'content-type': type })).toMatchObject({
      error_code: 'INVALID_PARAMETER_VALUE',
      message,
    });
});

test.each([
  [
    'missing',
    404,
    {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: 'No such thing',
      sqlstate: 'KAM00',
      error_class: 'RESOURCE_NOT_FOUND',
    },
  ],
  [
    'state',
    500,
    {
      error_code: 'INVALID_STATE',
      message: 'Not now',
      sqlstate: 'XXM00',
      error_class: 'CLIENT_INTERNAL_ERROR',
    },
  ],
  [
    'run',
    404,
    {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: 'Run with id=abc not found',
      sqlstate: 'KAM00',
      error_class: 'RESOURCE_NOT_FOUND',
    },
  ],
  [
    'search',
    400,
    {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: "Invalid clause(s) in filter string: 'metrics.m', '>'",
      sqlstate: 'KAM00',
      error_class: 'INVALID_PARAMETER_VALUE',
    },
  ],
])('the failure %s is answered with %d', async (how, status, body) => {
  await using server = await serverOf();
  const response = await server.inject({ url: `/api/3.0/mlflow/fail?how=${how}` });
  expect(response.statusCode).toBe(status);
  expect(response.json()).toEqual(body);
});

test('what nobody foresaw is logged, and its detail does not reach the caller', async () => {
  const logged: unknown[] = [];
  await using server = await serverOf({ ...silentLog, error: (_message, fields) => logged.push(fields) });
  const response = await server.inject({ url: '/api/3.0/mlflow/fail?how=bug' });
  expect(response.statusCode).toBe(500);
  expect(response.json()).toEqual({
    error_code: 'INTERNAL_ERROR',
    message: 'The server failed. See its log for the reason.',
  });
  expect(JSON.stringify(logged)).toContain('secret detail');
});

test('a raw endpoint gets the stream of any type of body', async () => {
  await using server = await serverOf();
  for (const type of ['application/json', 'application/octet-stream', 'text/html'])
    expect(
      (
        await server.inject({
          method: 'PUT',
          url: '/api/2.0/files/d/a.txt',
          payload: 'hello',
          headers: { 'content-type': type },
        })
      ).body,
    ).toBe('d/a.txt 5');
});

test('a route that declares no permission stops the start', async () => {
  const bare = { ...greet, permission: '' as unknown as Permission };
  const server = fastify();
  requirePermissions(server);
  const started = registerEndpoints(server, {
    endpoints: [bare],
    rawEndpoints: [],
    services: { greeting: '' },
    log: silentLog,
  });
  await expect(started).rejects.toThrow('Every route must declare the permission that it needs (route: ');
});
