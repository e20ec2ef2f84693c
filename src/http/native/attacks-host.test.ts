import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RawRequest, sendRaw } from '../mlflow/raw-http.fixture.ts';
import { openMlflow, type OpenMlflow } from '../mlflow/testing.fixture.ts';
import { adminSignIn } from '../../access/sign-in.ts';
import { openServer } from './server.fixture.ts';
import { type ServedRoute, servedRoutes } from './served-routes.fixture.ts';

let mlflow: OpenMlflow;
let server: FastifyInstance;
let port = 0;
let routes: readonly ServedRoute[];

beforeAll(async () => {
  mlflow = await openMlflow();
  server = await openServer({ mlflow: mlflow.services });
  routes = servedRoutes(server);
  await server.listen({ host: '127.0.0.1', port: 0 });
  port = (server.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await server.close();
  await mlflow[Symbol.asyncDispose]();
});

/** One address of each kind: our API, MLflow's below each prefix, files, pages and what machines ask for. */
const addresses = [
  '/api/projects',
  '/api/projects/p/events',
  '/api/2.0/mlflow/experiments/search?max_results=1',
  '/api/2.0/preview/mlflow/experiments/search?max_results=1',
  '/ajax-api/2.0/mlflow/experiments/search?max_results=1',
  '/api/3.0/mlflow/server-info',
  '/ajax-api/3.0/mlflow/server-info',
  '/api/2.0/mlflow-artifacts/artifacts?path=',
  '/get-artifact?run_id=x&path=y',
  '/model-versions/get-artifact?name=m&version=1&path=y',
  '/graphql?query=%7Btest%7Boutput%7D%7D',
  '/metrics',
  '/',
  '/projects/p',
  '/sign-in',
];

async function responseTo(target: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { status, body } = await sendRaw(port, { method: 'GET', target, headers });
  return status === 403 && /\((Host|Origin): /.test(body) ? 'refused' : `status ${status}`;
}

describe.each(addresses)('%s', (target) => {
  test('is not answered under a name that is not this server', async () => {
    for (const host of [
      'attacker.example',
      `attacker.example:${port}`,
      `localhost.attacker.example:${port}`,
      `localhost.:${port}`,
      `127.0.0.1.:${port}`,
      `127.0.0.1.attacker.example`,
      '127.0.0.256:99999@attacker.example',
      `localhost:${port}@attacker.example`,
      `localhost:${port}/attacker.example`,
      `localhost:${port},attacker.example`,
      '[::2]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '2130706433',
      '0x7f.1',
      '10.0.0.1',
      'localhost attacker.example',
      '',
    ])
      expect([host, await responseTo(target, { host })]).toEqual([host, 'refused']);
  });

  test('is not answered for a page of another site', async () => {
    const host = `localhost:${port}`;
    for (const origin of [
      'https://attacker.example',
      'null',
      `http://localhost:${port}.attacker.example`,
      `http://localhost:${port + 1}`,
      `https://${host}`,
      `http://127.0.0.1:${port}`,
      `http://${host}/`,
      `HTTP://${host}`,
      `http://${host}, https://attacker.example`,
      'file://',
      'chrome-extension://abc',
      '',
    ])
      expect([origin, await responseTo(target, { host, origin })]).toEqual([origin, 'refused']);
  });

  test('takes the host from the line that the connection was made with', async () => {
    const host = `localhost:${port}`;
    const forwarded = {
      'x-forwarded-host': 'attacker.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=attacker.example',
      'x-host': 'attacker.example',
    };
    const ending = target.replace(/\/events$/, '');
    expect(await responseTo(ending, { host, ...forwarded })).toMatch(/^status/);
    const hidden = { host: 'attacker.example', 'x-forwarded-host': host, forwarded: `host=${host}` };
    expect(await responseTo(target, hidden)).toBe('refused');
    const absolute = `http://attacker.example${target}`;
    expect(await responseTo(absolute, { host: 'attacker.example' })).toBe('refused');
    expect(await responseTo(`http://localhost:${port}${target}`, { host: 'attacker.example' })).toBe(
      'refused',
    );
  });
});

const raw = (text: string): RawRequest['headers'] => ({ host: text });

test('two hosts, or a host that breaks its line, are none', async () => {
  for (const headers of [raw(`localhost:${port}\r\nHost: attacker.example`), raw('localhost\u0000')]) {
    const { status } = await sendRaw(port, {
      method: 'GET',
      target: '/api/projects',
      headers: headers ?? {},
    });
    expect(status).toBe(400);
  }
});

test('a probe gets its response at any address', async () => {
  for (const target of ['/health', '/ready', '/version'])
    expect([target, await responseTo(target, { host: '10.0.0.1:4310' })]).toEqual([target, 'status 200']);
});

test('no answer lets a page of another site read it or send with credentials', async () => {
  const host = `localhost:${port}`;
  for (const target of addresses) {
    const asked = {
      host,
      origin: 'https://attacker.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization',
    };
    const preflight = await sendRaw(port, { method: 'OPTIONS', target, headers: asked });
    expect([target, preflight.status]).toEqual([target, 403]);
    const plain = await sendRaw(port, { method: 'OPTIONS', target, headers: { host } });
    for (const { headers } of [preflight, plain])
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test('a socket of another site is not upgraded, and neither is one of this site', async () => {
  const upgrade = { connection: 'Upgrade, close', upgrade: 'websocket', 'sec-websocket-version': '13' };
  for (const origin of ['https://attacker.example', `http://localhost:${port}`]) {
    const headers = { ...upgrade, origin, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    const { status } = await sendRaw(port, { method: 'GET', target: '/api/projects', headers });
    expect([origin, status === 101]).toEqual([origin, false]);
  }
});

/** What takes any bytes, since files have any type; a page of another site is kept from them by its Origin. */
const takesFiles =
  /upload-artifact$|\/mpu\/|\/artifacts\/|^\/sign-out$|^\/ajax-api\/3\.0\/mlflow\/ui-telemetry$/;

test('what a form or a plain text could send unasked is refused: a body says that it is JSON', async () => {
  let tried = 0;
  for (const { method, path, url } of routes) {
    if (!['POST', 'PUT', 'PATCH'].includes(method) || takesFiles.test(path)) continue;
    tried++;
    for (const type of [
      'text/plain',
      'text/plain; charset=application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/vnd.bento+pickle',
      'application/octet-stream',
    ]) {
      const response = await server.inject({
        method: method as 'POST',
        url,
        headers: { 'content-type': type },
        payload: '{"name":"from-a-form","experiment_ids":["0"]}',
      });
      // MLflow's own server answers 400.
      const status = /^\/(?:ajax-)?api\/[23]\.0\/|^\/graphql$/.test(path) ? 400 : 415;
      expect([method, url, type, response.statusCode]).toEqual([method, url, type, status]);
    }
  }
  expect(tried).toBeGreaterThan(80);
  const { body } = await server.inject('/api/2.0/mlflow/experiments/search?max_results=100');
  expect(body).not.toContain('from-a-form');
});

test('what is shown cannot be framed by another site', async () => {
  for (const target of ['/', '/projects/p', '/apps/a']) {
    const { headers } = await server.inject(target);
    expect([target, headers['content-security-policy']]).toEqual([
      target,
      expect.stringContaining("frame-ancestors 'none'"),
    ]);
  }
  for (const target of addresses.filter((each) => /^\/(ajax-)?api\/[23]\.0/.test(each))) {
    const { headers } = await server.inject(target);
    expect([target, headers['x-frame-options'], headers['x-content-type-options']]).toEqual([
      target,
      'SAMEORIGIN',
      'nosniff',
    ]);
  }
});

describe('/metrics of a pod', () => {
  let pod: FastifyInstance;
  beforeAll(async () => {
    pod = await openServer({ signIn: adminSignIn('the-admin-token') });
  });
  afterAll(() => pod.close());
  const authorization = 'Bearer the-admin-token';
  const statusOf = async (url: string, headers: Readonly<Record<string, string>>): Promise<number> =>
    (await pod.inject({ url, headers })).statusCode;

  test.each(['10.244.1.7:4310', '[fd00::7]:4310', '203.0.113.7'])(
    'is read with the token by the address %s',
    async (host) => {
      expect(await statusOf('/metrics', { host, authorization })).toBe(200);
      expect(await statusOf('/metrics', { host, authorization: 'Bearer wrong' })).toBe(401);
      expect(await statusOf('/metrics', { host })).toBe(403);
      expect(await statusOf('/metrics', { host, authorization, origin: 'https://evil.example' })).toBe(403);
      expect(await statusOf('/api/projects', { host, authorization })).toBe(403);
    },
  );

  test('is not read by a name, whatever the token', async () => {
    expect(await statusOf('/metrics', { host: 'evil.example', authorization })).toBe(403);
    expect(await statusOf('/metrics', { host: '10.244.1.7.evil.example', authorization })).toBe(403);
  });
});

test('a range of addresses and a wildcard are hosts of the server', async () => {
  const named = await openServer({ hosts: ['10.0.0.0/8', '*.models.example.org'] });
  const statusOf = async (host: string): Promise<number> =>
    (await named.inject({ url: '/api/projects', headers: { host } })).statusCode;
  expect(await Promise.all(['10.1.2.3:80', 'eu.models.example.org'].map(statusOf))).toEqual([200, 200]);
  expect(await Promise.all(['11.1.2.3:80', 'models.example.org.evil.io'].map(statusOf))).toEqual([403, 403]);
  await named.close();
});
