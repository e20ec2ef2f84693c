import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { InjectOptions } from 'light-my-request';
import { expect, onTestFinished, test } from 'vitest';
import { adminSignIn } from '../../access/sign-in.ts';
import { type Operations, routes } from '../../api/routes.ts';
import type { ServerEvent } from '../../api/views.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { openTopic, type Topic } from '../../kernel/events.ts';
import type { Log } from '../../kernel/log.ts';
import { openMeter } from '../metrics/meter.ts';
import { sampleAddress } from './sample-address.fixture.ts';
import { createServer, type ServerOptions } from './server.ts';

interface Asked {
  readonly name: string;
  readonly input: unknown;
  readonly key: string;
}

interface Opened {
  readonly server: FastifyInstance;
  /** The requests of the operations, in order; each returns `{ operation: its name }`. */
  readonly asked: readonly Asked[];
  readonly logged: readonly string[];
  readonly topic: Topic<ServerEvent>;
}

async function open(
  change: Partial<ServerOptions> & { readonly operations?: Partial<Operations> } = {},
): Promise<Opened> {
  const pages = await mkdtemp(join(tmpdir(), 'modelyard-pages-'));
  onTestFinished(() => rm(pages, { recursive: true, force: true }));
  await mkdir(join(pages, 'assets'));
  await writeFile(join(pages, 'index.html'), '<title>pages</title>');
  await writeFile(join(pages, 'assets', 'a.js'), 'export {};');
  const asked: Asked[] = [];
  const logged: string[] = [];
  const note = (_message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
    void logged.push(String(fields['url']));
  const log: Log = { debug() {}, info() {}, warn: note, error: note };
  const topic = openTopic<ServerEvent>();
  const server = await createServer({
    operationsFor: ({ key }) => {
      const answering = Object.keys(routes).map((name) => [
        name,
        async (input: unknown) => {
          asked.push({ name, input, key });
          return { operation: name };
        },
      ]);
      return { ...Object.fromEntries(answering), ...change.operations } as Operations;
    },
    events: topic,
    meter: openMeter(),
    log,
    ready: () => ({ ready: true, waitsFor: [] }),
    pages,
    ...change,
  });
  onTestFinished(() => server.close());
  return { server, asked, logged, topic };
}

const json = { 'content-type': 'application/json' };
const failing = (error: unknown): { readonly operations: Partial<Operations> } => ({
  operations: { predict: () => Promise.reject(error) },
});

/** What the body of a POST must have. */
const bodies: Partial<Record<keyof Operations, object>> = {
  moveRuns: { runs: ['r'], experiment: 'e' },
  promote: { version: 2 },
  readCurves: { runs: ['r'], metrics: ['m'] },
};

// Routes with a file have tests of their own: `file-routes.test.ts`.
const jsonRoutes = Object.entries(routes).filter(([, route]) => !('file' in route));

test.each(jsonRoutes)('%s answers at its address', async (name, route) => {
  const { method } = route;
  const { server, asked } = await open();
  const { url, params } = sampleAddress(name as keyof Operations, route);
  const payload = bodies[name as keyof Operations] ?? {};
  const response = await server.inject({ method, url, ...(method === 'POST' && { payload }) });
  expect({ status: response.statusCode, body: response.json() }).toEqual({
    status: 'status' in route ? route.status : 200,
    body: { operation: name },
  });
  const input = asked[0]?.input as Readonly<Record<string, unknown>>;
  for (const [param, value] of Object.entries(params)) expect(String(input[param])).toBe(value);
  expect(asked[0]?.key).toBe('127.0.0.1');
});

test('a query and a body are read by the schema of the route', async () => {
  const { server, asked } = await open();
  await server.inject('/api/projects/houses/runs?limit=5&after=17-ab');
  await server.inject({
    method: 'POST',
    url: '/api/projects/houses/runs',
    payload: { target: 'rows', project: 'other' },
  });
  await server.inject({ method: 'POST', url: '/api/projects/houses/runs' });
  await server.inject({ method: 'POST', url: '/predict/price', payload: { endpoint: 'other', size: 3 } });
  expect(asked.map(({ input }) => input)).toEqual([
    { project: 'houses', limit: 5, after: '17-ab' },
    { project: 'houses', target: 'rows' },
    { project: 'houses' },
    { endpoint: 'price', request: { endpoint: 'other', size: 3 } },
  ]);
});

test.each<[string, InjectOptions, number, string]>([
  [
    'a limit that is not a number',
    { url: '/api/projects/p/runs?limit=many' },
    400,
    'limit must be a whole number from 1 to 1000 (got "many")',
  ],
  [
    'a number out of range',
    { url: '/api/projects/p/runs?limit=0' },
    400,
    'limit must be a whole number from 1 to 1000 (got "0")',
  ],
  [
    'a name that is too long',
    { url: `/api/runs/${'x'.repeat(201)}` },
    400,
    `run must be a text of at least 1 and at most 200 characters (got "${'x'.repeat(199)}…`,
  ],
  [
    'a body that is no JSON',
    { method: 'POST', url: '/predict/p', headers: json, payload: '{"a":' },
    400,
    '(body: ',
  ],
  ['an empty body', { method: 'POST', url: '/predict/p', headers: json, payload: '' }, 400, '(body: '],
  [
    'a body that is a text',
    { method: 'POST', url: '/api/projects/p/runs', headers: json, payload: '"x"' },
    400,
    '(body: "x"',
  ],
  [
    'a body that is a list',
    { method: 'POST', url: '/api/projects/p/runs', headers: json, payload: '[1]' },
    400,
    '(body: [1]',
  ],
  [
    'a body of a plain text',
    { method: 'POST', url: '/api/projects/p/runs', headers: { 'content-type': 'text/plain' }, payload: 'x' },
    415,
    'Send JSON',
  ],
  [
    'a form',
    {
      method: 'POST',
      url: '/predict/p',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'a=1',
    },
    415,
    'Send JSON and name its type: with curl, add -H \'content-type: application/json\' (content-type: "application/x-www-form-urlencoded")',
  ],
  [
    'a way to another prototype',
    { method: 'POST', url: '/predict/p', headers: json, payload: '{"__proto__":{"a":1}}' },
    400,
    '(body: ',
  ],
  [
    'a body that is too large',
    { method: 'POST', url: '/predict/p', headers: json, payload: `"${'x'.repeat(1_000_000)}"` },
    413,
    'body too large',
  ],
  ['an address that cannot be read', { url: '/api/runs/%ZZ' }, 400, '(address: '],
  ['an address that is not there', { url: '/api/nothing' }, 404, '(address: "GET /api/nothing"'],
  ['another method', { method: 'DELETE', url: '/api/projects/p' }, 404, '(address: "DELETE /api/projects/p"'],
  ['a method that only asks', { method: 'OPTIONS', url: '/predict/p' }, 404, 'no such address'],
])('%s is refused in words', async (...[, request, status, says]) => {
  const { server, asked, logged } = await open();
  const response = await server.inject(request);
  expect(response.statusCode).toBe(status);
  expect(response.json()).toEqual({
    error: { code: expect.any(String), message: expect.stringContaining(says), detail: expect.anything() },
  });
  expect({ asked, logged }, 'nothing was done, and the fault is not ours').toEqual({ asked: [], logged: [] });
});

test.each<[Readonly<Record<string, string>>, number]>([
  [{ host: 'localhost:4310' }, 200],
  [{ host: '127.0.0.1:4310', origin: 'http://127.0.0.1:4310' }, 200],
  [{ host: '[::1]:4310' }, 200],
  [{ host: 'LOCALHOST' }, 200],
  [{ host: 'evil.example' }, 403],
  [{ host: 'localhost.evil.example' }, 403],
  [{ host: '127.0.0.1.evil.example:4310' }, 403],
  [{ host: '10.0.0.1:4310' }, 403],
  [{ host: 'localhost:4310', origin: 'http://evil.example' }, 403],
  [{ host: 'localhost:4310', origin: 'http://localhost:4311' }, 403],
  [{ host: 'localhost:4310', origin: 'https://localhost:4310' }, 403],
  [{ host: 'localhost:4310', origin: 'null' }, 403],
])('%j gets %i', async (headers, status) => {
  const { server, asked } = await open();
  for (const url of ['/api/projects', '/', '/nothing-there', '/healthy']) {
    const response = await server.inject({ url, headers });
    expect({ url, refused: response.statusCode === 403 }).toEqual({ url, refused: status === 403 });
  }
  for (const url of ['/health', '/ready']) {
    const response = await server.inject({ url, headers });
    expect({ url, status: response.statusCode }).toEqual({ url, status: 200 });
  }
  expect(asked.length).toBe(status === 200 ? 1 : 0);
});

test.each<[unknown, number, string, string | undefined]>([
  [
    new PlatformError('RATE_LIMITED', { field: 'Retry-After', value: 7, remedy: 'Wait.' }),
    429,
    'RATE_LIMITED',
    '7',
  ],
  [
    new PlatformError('NOT_READY', { field: 'p', value: 'no version', remedy: 'Wait.' }),
    503,
    'NOT_READY',
    '1',
  ],
  [
    new PlatformError('MODEL_BUSY', { field: 'requests that wait', value: 64, remedy: 'Wait.' }),
    503,
    'MODEL_BUSY',
    '1',
  ],
  [
    new PlatformError('MODEL_NOT_FOUND', { field: 'm', value: 'x', remedy: 'See.' }),
    404,
    'MODEL_NOT_FOUND',
    undefined,
  ],
])('%s has its status and says when to ask again', async (...[error, status, code, after]) => {
  const { server, logged } = await open(failing(error));
  const response = await server.inject({ method: 'POST', url: '/predict/p', payload: {} });
  expect(response.statusCode).toBe(status);
  expect(response.json()).toMatchObject({ error: { code } });
  expect(response.headers['retry-after']).toBe(after);
  expect(logged, 'an expected answer is no news').toEqual([]);
});

test('a fault of ours is logged, and its trace stays here', async () => {
  const { server, logged } = await open(failing(new TypeError('x is no function')));
  const response = await server.inject({ method: 'POST', url: '/predict/p', payload: {} });
  expect(response.statusCode).toBe(500);
  expect(response.json()).toMatchObject({
    error: { code: 'INTERNAL', detail: { value: 'x is no function' } },
  });
  expect(response.body).not.toContain('server.test.ts');
  expect(logged).toEqual(['/predict/p']);
});

test('it lives at once, and is ready when what it waits for is there', async () => {
  const waitsFor = ['house-price'];
  const { server } = await open({ ready: () => ({ ready: waitsFor.length === 0, waitsFor }) });
  expect((await server.inject('/health')).body).toBe('OK');
  const waiting = await server.inject('/ready');
  expect([waiting.statusCode, waiting.json()]).toEqual([503, { ready: false, waitsFor: ['house-price'] }]);
  waitsFor.pop();
  expect((await server.inject('/ready')).statusCode).toBe(200);
});

test('every request is measured under its route, not under its address', async () => {
  const { server } = await open();
  await server.inject('/api/runs/one');
  await server.inject('/api/runs/two');
  await server.inject('/api/nothing/at/all');
  const { body, headers } = await server.inject('/metrics');
  expect(headers['content-type']).toContain('text/plain');
  expect(body).toContain(
    'modelyard_http_request_duration_seconds_count{route="/api/runs/:run",method="GET",code="200"} 2',
  );
  expect(body).not.toContain('/api/nothing');
});

test('every address of a page draws the one document; what is built is kept for good', async () => {
  const { server } = await open();
  for (const url of ['/', '/projects/houses', '/projects/houses/runs/1', '/apps/price', '/predictions/1']) {
    const response = await server.inject(url);
    expect([response.statusCode, response.body]).toEqual([200, '<title>pages</title>']);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': expect.stringContaining('text/html'),
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-content-type-options': 'nosniff',
    });
  }
  const script = await server.inject('/assets/a.js');
  expect(script.headers['cache-control']).toContain('immutable');
  for (const url of [
    '/assets/b.js',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/index.htm',
  ])
    expect({ url, status: (await server.inject(url)).statusCode }).toEqual({ url, status: 404 });
});

test('an unknown address is a page for a browser and JSON for a client', async () => {
  const { server } = await open();
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  for (const url of ['/nowhere', '/nowhere/at/all?x=1', '/projects.txt', '/apis']) {
    const page = await server.inject({ url, headers: browser });
    expect([url, page.statusCode, page.body]).toEqual([url, 404, '<title>pages</title>']);
    expect(page.headers['content-type']).toContain('text/html');
  }
  for (const [url, headers] of [
    ['/nowhere', {}],
    ['/nowhere', { accept: 'application/json' }],
    ['/api/nowhere', browser],
    ['/api/2.0/mlflow/nowhere', browser],
    ['/predict/a/b', browser],
  ] as const) {
    const response = await server.inject({ url, headers });
    expect([url, response.statusCode]).toEqual([url, 404]);
    expect(response.headers['content-type']).toContain('application/json');
  }
});

test('who asks for headers alone gets them', async () => {
  const { server } = await open();
  const response = await server.inject({ method: 'HEAD', url: '/projects/houses' });
  expect([response.statusCode, response.body]).toEqual([200, '']);
  const events = await server.inject({ method: 'HEAD', url: '/api/projects/houses/events' });
  expect(events.statusCode, 'a stream has no end to wait for').toBe(404);
});

test('a route that says nothing of who may use it stops the server from being made', async () => {
  const { permission } = routes.getRun;
  try {
    Object.assign(routes.getRun, { permission: undefined });
    await expect(open()).rejects.toThrow(
      'Every route must declare the permission that it needs (route: "/api/runs/:run"',
    );
  } finally {
    Object.assign(routes.getRun, { permission });
  }
});

test('the events of a project that is not here are none', async () => {
  const detail = { field: 'project', value: 'other', remedy: 'Choose from houses.' };
  const { server } = await open({
    operations: { getProject: () => Promise.reject(new PlatformError('PROJECT_NOT_FOUND', detail)) },
  });
  const response = await server.inject('/api/projects/other/events');
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ error: { code: 'PROJECT_NOT_FOUND' } });
});

test('who signed in is told to the operations', async () => {
  const names: (string | undefined)[] = [];
  const { server } = await open({
    signIn: adminSignIn('a-long-secret'),
    operationsFor: ({ name }) => {
      names.push(name);
      return { listProjects: async () => [] } as unknown as Operations;
    },
  });
  const authorization = `Basic ${Buffer.from('ada:a-long-secret').toString('base64')}`;
  await server.inject({ url: '/api/projects', headers: { authorization } });
  expect(names).toEqual(['ada']);
});

test('events of a project come as they happen, and closing the server ends them', async () => {
  const { server, topic } = await open();
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const response = await fetch(`${url}/api/projects/houses/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const read = async (until: string): Promise<void> => {
    while (!text.includes(until)) {
      const part = await reader?.read();
      if (!part || part.done) throw new Error(`ended before ${until}: ${text}`);
      text += part.value;
    }
  };
  await read(': open\n\n');
  topic.publish({ type: 'project', project: 'other' });
  topic.publish({ type: 'project', project: 'houses' });
  topic.publish({ type: 'log', project: 'houses', task: 't', line: 'two\nlines' });
  await read('lines');
  expect(text).toBe(
    ': open\n\ndata: {"type":"project","project":"houses"}\n\ndata: {"type":"log","project":"houses","task":"t","line":"two\\nlines"}\n\n',
  );
  await server.close();
  expect((await reader?.read())?.done).toBe(true);
  topic.publish({ type: 'project', project: 'houses' });
});

test('with a sign-in, an unknown caller gets only health and pages', async () => {
  const { server } = await open({ signIn: adminSignIn('a-long-secret') });
  const refused = await server.inject('/api/projects');
  expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="Modelyard"']);
  expect((await server.inject('/metrics')).statusCode).toBe(401);
  expect((await server.inject('/health')).statusCode).toBe(200);
  expect((await server.inject('/projects/houses')).statusCode).toBe(200);
  const headers = { authorization: 'Bearer a-long-secret' };
  expect((await server.inject({ url: '/api/projects', headers })).statusCode).toBe(200);
});

test('under a name that it was given the server answers, behind TLS too', async () => {
  const { server } = await open({ hosts: ['models.example.org'] });
  const host = 'models.example.org:8443';
  expect((await server.inject({ url: '/health', headers: { host } })).statusCode).toBe(200);
  const headers = { host, origin: `https://${host}` };
  expect((await server.inject({ url: '/api/projects', headers })).statusCode).toBe(200);
});
