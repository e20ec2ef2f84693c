import type { FastifyInstance } from 'fastify';
import type { InjectOptions, Response } from 'light-my-request';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actorOf } from '../../access/identity.ts';
import type { Permission } from '../../access/permission.ts';
import { isRole, mayAs, roles } from '../../access/roles.ts';
import { adminSignIn, firstOf, type SignIn } from '../../access/sign-in.ts';
import { openMlflow, type OpenMlflow } from '../mlflow/testing.fixture.ts';
import { type ServedRoute, servedRoutes } from './served-routes.fixture.ts';
import { openServer } from './server.fixture.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** What anybody may ask for: whether the server lives and what it is, its pages, and the way in. */
const open = [
  '/',
  '/api/caller',
  '/apps/*',
  '/assets/*',
  '/experiments/*',
  '/health',
  '/models',
  '/models/*',
  '/predictions/*',
  '/projects/*',
  '/ready',
  '/runs',
  '/runs/*',
  '/sign-in',
  '/version',
  ...['/api/3.0', '/ajax-api/3.0'].map((prefix) => `${prefix}/mlflow/server-info`),
  '/ajax-api/3.0/mlflow/ui-telemetry',
];

/** What a POST only reads, though the method does not say so. */
const reading =
  /\/(search|get-latest-versions|search-datasets|get-history-bulk-interval|graphql|presigned-download-url|runs\/keys|metrics\/curves|traces\/(?:metrics|batchGetInfos|calculate-filter-correlation))$|\/predict\/|\/batches(\/|$)/;

let mlflow: OpenMlflow;
let server: FastifyInstance;
let routes: readonly ServedRoute[];
/** The permissions that each request asked for, by 'Bearer watcher', who may do nothing. */
const requested: Permission[] = [];

/** 'Bearer viewer' is a viewer, and so on. */
const byRole: SignIn = {
  challenge: 'Bearer realm="Modelyard"',
  identify({ authorization = '' }) {
    const role = authorization.replace('Bearer ', '');
    if (role === 'watcher') return { name: role, may: (permission) => requested.push(permission) === 0 };
    return isRole(role) ? actorOf({ name: role, key: role, roles: [role] }) : undefined;
  },
};

beforeAll(async () => {
  mlflow = await openMlflow();
  server = await openServer({
    mlflow: mlflow.services,
    signIn: firstOf([adminSignIn('the-admin-token'), byRole]),
  });
  routes = servedRoutes(server);
});
afterAll(async () => {
  await server.close();
  await mlflow[Symbol.asyncDispose]();
});

type Method = NonNullable<InjectOptions['method']>;

function send(method: string, url: string, authorization?: string): Promise<Response> {
  const headers = authorization === undefined ? {} : { authorization };
  return server.inject({ method: method as Method, url, headers });
}

async function permissionOf({ method, url }: ServedRoute): Promise<Permission | undefined> {
  requested.length = 0;
  // It lists what its caller may do, and needs nothing itself.
  if (url === '/api/caller') return undefined;
  await send(method, url, 'Bearer watcher');
  expect([method, url, requested.length <= 1]).toEqual([method, url, true]);
  return requested[0];
}

test('the list of routes is whole', () => {
  const prefixes = ['/api/2.0/', '/api/2.0/preview/', '/ajax-api/2.0/', '/api/3.0/', '/ajax-api/3.0/'];
  for (const prefix of prefixes)
    expect([prefix, routes.some(({ path }) => path.startsWith(prefix))]).toEqual([prefix, true]);
  for (const path of [
    '/get-artifact',
    '/model-versions/get-artifact',
    '/graphql',
    '/metrics',
    '/predict/:endpoint',
  ])
    expect([path, routes.some((route) => route.path === path)]).toEqual([path, true]);
  expect(routes.length).toBeGreaterThan(300);
});

test('without credentials, by any method, nothing answers but what is open to all', async () => {
  const answering = new Set<string>();
  for (const path of new Set(routes.map((route) => route.path)))
    for (const method of methods) {
      const served = routes.find((route) => route.path === path && route.method === method);
      const { statusCode } = await send(method, path.replaceAll(/:\w+|\*/g, 'a'));
      if (served && statusCode !== 401) answering.add(path);
      const good = served ? statusCode < 500 : [401, 404].includes(statusCode);
      expect([method, path, good]).toEqual([method, path, true]);
    }
  expect([...answering].toSorted()).toEqual(
    // On a server whose browsers sign in with the token these two ask for it.
    open.filter((path) => path !== '/api/caller' && path !== '/sign-in').toSorted(),
  );
});

test.each([
  'Bearer wrong',
  `Basic ${Buffer.from('admin:').toString('base64')}`,
  `Basic ${Buffer.from('admin:password1234').toString('base64')}`,
  'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsInJvbGVzIjoiYWRtaW4ifQ.',
])('%s opens nothing', async (authorization) => {
  for (const { method, path, url } of routes) {
    if (open.includes(path)) continue;
    const { statusCode } = await send(method, url, authorization);
    expect([method, url, statusCode]).toEqual([method, url, 401]);
  }
});

/** Other ways to write an address. Whatever the router makes of them, nobody comes in by one. */
const spellings: readonly ((url: string) => string)[] = [
  (url) => `/${url}`,
  (url) => `${url}/`,
  (url) => `${url}//`,
  (url) => `${url}?`,
  (url) => `${url}?token=the-admin-token&access_token=the-admin-token`,
  (url) => url.toUpperCase(),
  (url) => `/%${(url.codePointAt(1) ?? 0).toString(16)}${url.slice(2)}`,
  (url) => `/health/..${url}`,
  (url) => `/.${url}`,
  (url) => `/assets/..%2f${url.slice(1)}`,
  (url) => `${url};x=/health`,
  (url) => `${url}%00`,
  (url) => `${url}%2f..%2f..%2fhealth`,
  (url) => `${url}#/health`,
  (url) => `http://localhost${url}`,
];

test('without credentials no other spelling of an address opens what the address itself does not', async () => {
  for (const { method, path, url } of routes) {
    if (open.includes(path) || method === 'HEAD') continue;
    for (const spelling of spellings) {
      const address = spelling(url);
      const { statusCode, body } = await send(method, address);
      const isPage = statusCode === 200 && body === '<title>pages</title>';
      expect([method, address, isPage || [400, 401, 404].includes(statusCode), statusCode]).toEqual([
        method,
        address,
        true,
        statusCode,
      ]);
    }
  }
});

test.each(roles)('a %s gets nothing that is not for that role', async (role) => {
  const may = mayAs([role]);
  let refused = 0;
  for (const route of routes) {
    const permission = await permissionOf(route);
    if (permission === undefined || may(permission)) continue;
    const { statusCode, body } = await send(route.method, route.url, `Bearer ${role}`);
    expect([route.method, route.url, statusCode]).toEqual([route.method, route.url, 404]);
    const message = route.method === 'HEAD' ? '' : `or your role does not allow it: your roles are ${role}`;
    expect(body).toContain(message);
    refused++;
  }
  expect(refused > 0).toBe(role !== 'admin');
});

test('reading is for all who may read, and what changes something is not', async () => {
  for (const route of routes) {
    const permission = await permissionOf(route);
    expect([route.path, open.includes(route.path)]).toEqual([route.path, permission === undefined]);
    if (permission === undefined) continue;
    const reads = ['GET', 'HEAD'].includes(route.method) || reading.test(route.path);
    const isRead = permission === 'read' || permission === 'predict';
    const isManaged = /\/webhooks(\/|$)|^\/api\/purge$/.test(route.path);
    expect([route.method, route.path, permission, isRead]).toEqual([
      route.method,
      route.path,
      permission,
      reads && !isManaged,
    ]);
    expect([route.path, permission === 'manage']).toEqual([route.path, isManaged]);
  }
});

test('every spelling of an operation wants the same', async () => {
  const wantedBy = new Map<string, Set<Permission | undefined>>();
  for (const route of routes) {
    const operation = route.path.replace(/^\/(ajax-)?api\/[23]\.0(\/preview)?/, '');
    const key = `${route.method} ${operation}`;
    wantedBy.set(key, (wantedBy.get(key) ?? new Set()).add(await permissionOf(route)));
  }
  for (const [operation, permissions] of wantedBy)
    expect([operation, permissions.size]).toEqual([operation, 1]);
});

test('who moves an alias is named by the sign-in, and not by what the request says', async () => {
  const call = async (method: Method, path: string, body: object): Promise<number> => {
    const headers = { authorization: 'Bearer maintainer' };
    const payload = { ...body, by: 'gate', user: 'gate', user_id: 'gate' };
    return (await server.inject({ method, url: `/api/2.0/mlflow/${path}`, headers, payload })).statusCode;
  };
  expect(await call('POST', 'registered-models/create', { name: 'm' })).toBe(200);
  for (const version of ['1', '2'])
    expect([version, await call('POST', 'model-versions/create', { name: 'm', source: 's3://b/k' })]).toEqual(
      [version, 200],
    );
  expect(await call('POST', 'registered-models/alias', { name: 'm', alias: 'prod', version: '1' })).toBe(200);
  expect(await call('DELETE', 'model-versions/delete', { name: 'm', version: '1' })).toBe(200);
  expect(await call('POST', 'registered-models/alias', { name: 'm', alias: 'prod', version: '2' })).toBe(200);
  expect(await call('DELETE', 'registered-models/alias', { name: 'm', alias: 'prod' })).toBe(200);
  const changes = await mlflow.services.registry.store.aliasHistory('m', 'prod');
  expect(changes.map(({ by }) => by)).toEqual(Array.from({ length: 4 }, () => 'maintainer'));
});
