import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMlflow, type OpenMlflow } from '../mlflow/testing.fixture.ts';
import { openServer } from '../native/server.fixture.ts';
import { type ServedRoute, servedRoutes } from '../native/served-routes.fixture.ts';

let mlflow: OpenMlflow;
let server: FastifyInstance;
let written: readonly ServedRoute[] = [];

/** Their bodies are bytes of a file, or nothing that is read. */
const takesBytes =
  /mlflow-artifacts\/artifacts\/\*|\/mpu\/part\/|\/upload-artifact$|^\/sign-(in|out)|^\/api\/endpoints\/:endpoint\/batches$/;

beforeAll(async () => {
  mlflow = await openMlflow();
  server = await openServer({ mlflow: mlflow.services });
  written = servedRoutes(server).filter(({ method }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method));
});
afterAll(async () => {
  await server.close();
  await mlflow[Symbol.asyncDispose]();
});

async function send(
  { method, url }: ServedRoute,
  payload: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await server.inject({
    method: method as 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.statusCode, text: response.body };
}

test('JSON that is not UTF-8 is refused by every route of every API', async () => {
  const routes = written.filter(({ path }) => !takesBytes.test(path));
  expect(routes.length).toBeGreaterThan(150);
  for (const route of routes) {
    const { status, text } = await send(route, Buffer.from('{"name":"caf\xe9"}', 'latin1'));
    expect([route, status, text.includes('UTF-8')]).toEqual([route, 400, true]);
  }
});

test('JSON that is said to be in another charset is refused by every route', async () => {
  for (const route of written.filter(({ path }) => !takesBytes.test(path))) {
    const { status } = await send(route, Buffer.from('{"name":"a"}'), {
      'content-type': 'application/json; charset=latin1',
    });
    expect([route, status]).toEqual([route, 415]);
  }
});

test('a compressed body is refused by every route, files included', async () => {
  for (const route of written)
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip', 'unknown']) {
      const { status, text } = await send(route, gzipSync('{"name":"a"}'), { 'content-encoding': encoding });
      expect([route, encoding, status, text.includes('without compression')]).toEqual([
        route,
        encoding,
        415,
        true,
      ]);
    }
});

test('nothing of a refused body is stored', async () => {
  const runs = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  const { run_id: run } = (runs.body['run'] as { readonly info: { readonly run_id: string } }).info;
  const path = '/api/2.0/mlflow/runs/set-tag';
  const tag = Buffer.from(`{"run_id":"${run}","key":"k","value":"caf\xe9"}`, 'latin1');
  expect((await send({ method: 'POST', path, url: path }, tag)).status).toBe(400);
  const file = '/api/2.0/mlflow-artifacts/artifacts/d/a.txt';
  const put = { method: 'PUT', path: file, url: file };
  expect((await send(put, gzipSync('hello'), { 'content-encoding': 'gzip' })).status).toBe(415);
  const { body } = await mlflow.call('GET', `/api/2.0/mlflow/runs/get?run_id=${run}`);
  expect(JSON.stringify(body)).not.toContain('caf');
  expect((await mlflow.call('GET', file)).status).toBe(404);
});

test('half of a surrogate pair in an escape is refused and not stored as U+FFFD', async () => {
  const { status, text } = await mlflow.send({
    method: 'POST',
    path: '/api/2.0/mlflow/experiments/create',
    text: String.raw`{"name":"a\ud800b"}`,
    contentType: 'application/json',
  });
  expect([status, text.includes('U+D800')]).toEqual([400, true]);
  const { text: all } = await mlflow.call('POST', '/api/2.0/mlflow/experiments/search', { max_results: 100 });
  expect(all).not.toContain('�');
});

test('JSON that nests too deep is refused by every route of every API', async () => {
  const deep = Buffer.from(`{"name":${'['.repeat(3000)}${']'.repeat(3000)}}`);
  for (const route of written.filter(({ path }) => !takesBytes.test(path))) {
    const { status, text } = await send(route, deep);
    expect([route, status, text.includes('deeper than 200')]).toEqual([route, 400, true]);
  }
});
