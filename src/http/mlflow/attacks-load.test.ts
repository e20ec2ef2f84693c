import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServer } from '../native/server.fixture.ts';
import { sendRaw } from './raw-http.fixture.ts';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

let mlflow: OpenMlflow;
let server: FastifyInstance;
let port = 0;
let run = '';

beforeAll(async () => {
  mlflow = await openMlflow();
  server = await openServer({ mlflow: mlflow.services });
  await server.listen({ host: '127.0.0.1', port: 0 });
  port = (server.server.address() as AddressInfo).port;
  const created = await post('/api/2.0/mlflow/runs/create', '{"experiment_id":"0"}');
  run = (created.body['run'] as { readonly info: { readonly run_id: string } }).info.run_id;
});
afterAll(async () => {
  await server.close();
  await mlflow[Symbol.asyncDispose]();
});

interface SentResponse {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(
  url: string,
  payload: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<SentResponse> {
  const response = await server.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
  return { status: response.statusCode, text: response.body, body: response.json() };
}

const mlflowPost = (path: string, body: unknown): Promise<SentResponse> =>
  post(`/api/2.0/mlflow/${path}`, typeof body === 'string' ? body : JSON.stringify(body));

const long = 'x'.repeat(2_000_000);

test('a text of megabytes where a name belongs is refused, and not said again at length', async () => {
  for (const [path, body] of [
    ['experiments/create', { name: long }],
    ['experiments/create', { name: 'a', artifact_location: `s3://${long}` }],
    ['experiments/create', { name: 'b', tags: [{ key: long, value: '' }] }],
    ['experiments/create', { name: 'c', tags: [{ key: 'k', value: long }] }],
    ['experiments/set-experiment-tag', { experiment_id: '0', key: 'k', value: long }],
    ['experiments/get', { experiment_id: long }],
    ['experiments/update', { experiment_id: '0', new_name: long }],
    ['runs/create', { experiment_id: long }],
    ['runs/create', { experiment_id: '0', user_id: 'u'.repeat(257) }],
    ['runs/get', { run_id: long }],
    ['runs/set-tag', { run_id: run, key: long, value: '' }],
    ['runs/log-parameter', { run_id: run, key: long, value: '' }],
    ['runs/log-metric', { run_id: run, key: long, value: 1, timestamp: 1 }],
    ['runs/search', { experiment_ids: ['0'], filter: `params.p = '${long}'` }],
    ['runs/search', { experiment_ids: ['0'], order_by: [long] }],
    ['runs/search', { experiment_ids: ['0'], page_token: long }],
    ['registered-models/create', { name: long }],
    ['registered-models/create', { name: 'd', tags: [{ key: long, value: '' }] }],
    ['registered-models/create', { name: 'e', tags: [{ key: 'k', value: long }] }],
    ['registered-models/alias', { name: 'd', alias: long, version: '1' }],
    ['registered-models/alias', { name: 'd', alias: 'a', version: '1'.repeat(100_000) }],
    ['model-versions/create', { name: 'd', source: `s3://b/${long}` }],
    ['webhooks', { name: long, url: 'https://example.com', events: [] }],
    ['webhooks', { name: 'w', url: `https://example.com/${long}`, events: [] }],
  ] as const) {
    const { status, text } = await mlflowPost(path, body);
    expect([path, [400, 404].includes(status), status]).toEqual([path, true, status]);
    expect([path, text.length < 50_000, text.length]).toEqual([path, true, text.length]);
  }
});

test('the values of a model that is sent as text are limited as those of a body', async () => {
  const facts = { artifact_path: 'm', flavors: {}, utc_time_created: '', run_id: run };
  const model = { ...facts, list: Array.from({ length: 20_000 }, () => []) };
  const { status, text } = await mlflowPost('runs/log-model', {
    run_id: run,
    model_json: JSON.stringify(model),
  });
  expect([status, text]).toEqual([400, expect.stringContaining('model_json must have at most 20000 values')]);
});

const deep = (open: string, times: number): string => open.repeat(times);

test('the name of a run is cut to what its tag can hold', async () => {
  const tags = [{ key: 'mlflow.runName', value: long }];
  for (const body of [{ run_name: long }, { tags }, { run_name: long, tags }]) {
    const { status, text } = await mlflowPost('runs/create', { experiment_id: '0', ...body });
    expect([status, text.length < 20_000]).toEqual([200, true]);
  }
  const { status, text } = await mlflowPost('runs/update', { run_id: run, run_name: long });
  expect([status, text.length < 20_000]).toEqual([200, true]);
});

test('a key of megabytes that would be a long path is refused by its length', async () => {
  for (const [path, shape] of [
    ['runs/set-tag', (key: string) => ({ run_id: run, key, value: '' })],
    ['runs/log-parameter', (key: string) => ({ run_id: run, key, value: '' })],
    ['runs/log-metric', (key: string) => ({ run_id: run, key, value: 1, timestamp: 1 })],
    ['runs/log-batch', (key: string) => ({ run_id: run, tags: [{ key, value: '' }] })],
    ['experiments/set-experiment-tag', (key: string) => ({ experiment_id: '0', key, value: '' })],
    ['experiments/create', (key: string) => ({ name: 'p', tags: [{ key, value: '' }] })],
    ['registered-models/create', (key: string) => ({ name: 'p', tags: [{ key, value: '' }] })],
  ] as const)
    for (const key of ['../'.repeat(600_000), './'.repeat(900_000), '/'.repeat(1_800_000)]) {
      const { status, text } = await mlflowPost(path, shape(key));
      expect([path, key.slice(0, 3), status, text.length < 5000]).toEqual([path, key.slice(0, 3), 400, true]);
      // To resolve the names of such a path takes minutes.
      expect([path, text.includes('exceed') || text.includes('length')]).toEqual([path, true]);
    }
});

test('a body that is nested without end is refused wherever a value may be', async () => {
  const nested = `${deep('[', 300_000)}${deep(']', 300_000)}`;
  const objects = `${deep('{"a":', 100_000)}1${deep('}', 100_000)}`;
  for (const value of [nested, objects, deep('[', 400_000), deep('{"a":', 100_000)])
    for (const [url, body] of [
      ['/api/2.0/mlflow/experiments/create', value],
      ['/api/2.0/mlflow/experiments/create', `{"name":${value}}`],
      ['/api/2.0/mlflow/runs/log-batch', `{"run_id":"${run}","params":${value}}`],
      ['/api/2.0/mlflow/runs/log-batch', `{"run_id":"${run}","metrics":[{"key":"m","value":${value}}]}`],
      ['/api/2.0/mlflow/runs/search', `{"experiment_ids":["0"],"filter":${value}}`],
      ['/graphql', `{"query":${value}}`],
      ['/graphql', `{"query":"{ test { output } }","operationName":1,"variables":${value}`],
      ['/api/projects/p/runs', `{"target":${value}}`],
    ] as const) {
      const { status, text } = await post(url, body);
      expect([url, body.slice(0, 60), [400, 413].includes(status), status]).toEqual([
        url,
        body.slice(0, 60),
        true,
        status,
      ]);
      expect(text.length).toBeLessThan(10_000);
    }
});

test.each([
  '1e400',
  '-1e400',
  '1e309',
  'NaN',
  'Infinity',
  '-Infinity',
  `1${'0'.repeat(5000)}`,
  `0.${'0'.repeat(5000)}1`,
])('the number %s is stored as one that JSON can say, or refused', async (number) => {
  const metric = `{"run_id":"${run}","key":"n","value":${number},"timestamp":1,"step":0}`;
  const logged = await mlflowPost('runs/log-metric', metric);
  expect([200, 400]).toContain(logged.status);
  for (const field of ['timestamp', 'step']) {
    const wrong = `{"run_id":"${run}","key":"n","value":1,"timestamp":1,"step":0,"${field}":${number}}`;
    const { status } = await mlflowPost('runs/log-metric', wrong);
    expect([field, status === 400 || (status === 200 && number.startsWith('0.'))]).toEqual([field, true]);
  }
  const read = await server.inject(`/api/2.0/mlflow/runs/get?run_id=${run}`);
  expect(read.statusCode).toBe(200);
  expect(() => JSON.parse(read.body) as unknown).not.toThrow();
  expect(read.body).not.toMatch(/:\s*(NaN|-?Infinity)/);
});

test('no search gives a page without end', async () => {
  for (const path of [
    'runs/search',
    'experiments/search',
    'registered-models/search',
    'model-versions/search',
    'logged-models/search',
  ])
    for (const max_results of [1e9, 2 ** 31, 1e18]) {
      const { status } = await mlflowPost(path, { experiment_ids: ['0'], max_results });
      expect([path, max_results, status]).toEqual([path, max_results, 400]);
    }
  for (const query of ['max_results=1000000000', 'max_results=-1', 'max_results=1e9']) {
    const url = `/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=m&${query}`;
    expect([query, [200, 400].includes((await server.inject(url)).statusCode)]).toEqual([query, true]);
  }
});

test('a body that is packed is not unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(30_000_000, ' '));
  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip'])
    for (const url of [
      '/api/2.0/mlflow/experiments/create',
      '/graphql',
      '/api/projects/p/runs',
      '/predict/p',
    ]) {
      const { status } = await post(url, bomb, { 'content-encoding': encoding });
      expect([url, encoding, status]).toEqual([url, encoding, 415]);
    }
});

test('a body that is too large is refused, whether it says so or not', async () => {
  for (const [target, size, status] of [
    ['/api/2.0/mlflow/experiments/create', 40_000_001, 400],
    ['/ajax-api/2.0/mlflow/experiments/create', 40_000_001, 400],
    ['/graphql', 1_000_001, 400],
    ['/predict/p', 1_000_001, 413],
    ['/api/projects/p/runs', 1_000_001, 413],
  ] as const) {
    const headers = { 'content-type': 'application/json', 'content-length': String(size) };
    const claimed = await sendRaw(port, { method: 'POST', target, headers, body: '{"name":"', cutOff: true });
    expect([target, [status, 0, 400].includes(claimed.status)]).toEqual([target, true]);
    const sent = await post(target, `{"name":"${'x'.repeat(size)}"}`);
    expect([target, sent.status]).toEqual([target, status]);
  }
});

test('a request with two lengths or broken lines is refused', async () => {
  const target = '/api/2.0/mlflow/experiments/create';
  const body = '{"name":"smuggled"}';
  for (const headers of [
    { 'content-length': '5', 'transfer-encoding': 'chunked' },
    { 'content-length': '5\r\nContent-Length: 19' },
    { 'transfer-encoding': 'chunked, identity' },
    { 'transfer-encoding': 'xchunked' },
    { 'content-length': '-1' },
    { 'content-length': '1e3' },
    { 'x-long': 'x'.repeat(100_000) },
  ]) {
    const response = await sendRaw(port, {
      method: 'POST',
      target,
      headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
      body,
    });
    expect([headers, [400, 431, 501, 0].includes(response.status), response.status]).toEqual([
      headers,
      true,
      response.status,
    ]);
  }
  const { text } = await mlflowPost('experiments/search', { max_results: 100 });
  expect(text).not.toContain('smuggled');
});

test('a slow client is cut off', () => {
  const { headersTimeout, requestTimeout } = server.server;
  expect([
    headersTimeout > 0 && headersTimeout <= 60_000,
    requestTimeout > 0 && requestTimeout <= 3_600_000,
  ]).toEqual([true, true]);
});

test('a list of a hundred thousand things is refused, or answered as any other', async () => {
  const many = (text: (at: number) => unknown): readonly unknown[] =>
    Array.from({ length: 100_000 }, (_each, at) => text(at));
  const id = (at: number): string => at.toString(16).padStart(32, '0');
  for (const [path, body] of [
    ['runs/search', { experiment_ids: many(String) }],
    ['runs/search', { experiment_ids: ['0'], order_by: many((at) => `metrics.m${at}`) }],
    ['runs/search', { experiment_ids: ['0'], order_by: many((at) => `metrics.m${at}`).slice(0, 500) }],
    ['runs/search', { experiment_ids: ['0'], order_by: many((at) => `params.m${at}`).slice(0, 60) }],
    [
      'runs/search',
      {
        experiment_ids: ['0'],
        filter: many((at) => `metrics.m${at} > 1`)
          .slice(0, 200)
          .join(' AND '),
      },
    ],
    [
      'runs/search',
      {
        experiment_ids: ['0'],
        filter: `run_id IN (${many((at) => `'${id(at)}'`)
          .slice(0, 10_000)
          .join()})`,
      },
    ],
    ['experiments/search', { max_results: 1, order_by: many(() => 'name') }],
    ['logged-models/search', { experiment_ids: many(String) }],
    [
      'logged-models/search',
      { experiment_ids: ['0'], order_by: many((at) => ({ field_name: `metrics.m${at}` })) },
    ],
    ['logged-models/search', { experiment_ids: ['0'], datasets: many((at) => ({ dataset_name: `d${at}` })) }],
    ['runs/log-batch', { run_id: run, tags: many((at) => ({ key: `k${at}`, value: '' })) }],
    ['runs/log-batch', { run_id: run, metrics: many((at) => ({ key: `k${at}`, value: 1, timestamp: 1 })) }],
    [
      'runs/log-inputs',
      {
        run_id: run,
        datasets: many((at) => ({ dataset: { name: `d${at}`, digest: 'x', source_type: 's', source: 's' } })),
      },
    ],
    ['runs/create', { experiment_id: '0', tags: many((at) => ({ key: `k${at}`, value: '' })) }],
    ['experiments/create', { name: 'many', tags: many((at) => ({ key: `k${at}`, value: '' })) }],
    ['registered-models/create', { name: 'many', tags: many((at) => ({ key: `k${at}`, value: '' })) }],
    ['registered-models/get-latest-versions', { name: 'none', stages: many(() => 'Production') }],
    [
      'webhooks',
      {
        name: 'w',
        url: 'https://example.com',
        events: many(() => ({ entity: 'MODEL_VERSION', action: 'CREATED' })),
      },
    ],
  ] as const) {
    const { status, text } = await mlflowPost(path, body);
    expect
      .soft([path, Object.keys(body), status < 500, status < 500 ? '' : text.slice(0, 300)])
      .toEqual([path, Object.keys(body), true, '']);
  }
});

test('one GraphQL request does not ask for everything many times', async () => {
  const run10 = (count: number): string =>
    Array.from(
      { length: count },
      (_each, at) => `a${at}: mlflowSearchRuns(input: { experimentIds: ["0"] }) { runs { info { runId } } }`,
    ).join(' ');
  const over = await post('/graphql', JSON.stringify({ query: `{ ${run10(1000)} }` }));
  expect([over.status, over.body['data']]).toEqual([200, null]);
  const batch = await post(
    '/graphql',
    JSON.stringify(Array.from({ length: 1000 }, () => ({ query: `{ ${run10(1)} }` }))),
  );
  expect(batch.status).toBe(400);
  const twice = await post(
    '/graphql',
    JSON.stringify({
      query: `query a { ${run10(10)} } ${`query b { ${run10(10)} } `.repeat(500)}`,
      operationName: 'a',
    }),
  );
  expect([twice.status, twice.body['data']]).toEqual([200, null]);
});

test('texts that are hard to read are read to their end', async () => {
  const hard = [
    "'".repeat(50_000),
    '`'.repeat(50_000),
    '"'.repeat(49_999),
    ' '.repeat(300_000),
    `${' '.repeat(300_000)}x`,
    '\\'.repeat(100_000),
    "params.p = '".repeat(20_000),
    'a.'.repeat(49_000),
    'a'.repeat(300_000),
    '1'.repeat(300_000),
    `metrics.m > ${'1'.repeat(300_000)}e`,
    `tags.t LIKE '${'%a_'.repeat(10_000)}%b'`,
    `tags.t ILIKE '${'%_%'.repeat(10_000)}b'`,
  ];
  await mlflowPost('runs/set-tag', { run_id: run, key: 't', value: 'a'.repeat(8000) });
  for (const text of hard)
    for (const path of [
      'runs/search',
      'experiments/search',
      'registered-models/search',
      'logged-models/search',
    ]) {
      const body = { experiment_ids: ['0'], filter: text, order_by: [text], max_results: 10 };
      expect([path, text.slice(0, 20), (await mlflowPost(path, body)).status]).toEqual([
        path,
        text.slice(0, 20),
        400,
      ]);
    }
  // A reader that can divide a row of marks in many ways never comes to its end.
  for (const query of ['#'.repeat(50_000), ' ,'.repeat(40_000), '"'.repeat(50_000), '#\n'.repeat(40_000)]) {
    const { status, body } = await post('/graphql', JSON.stringify({ query: `${query}\n?` }));
    expect([query.slice(0, 5), status, body['data']]).toEqual([query.slice(0, 5), 200, null]);
  }
  const liked = await mlflowPost('runs/search', { experiment_ids: ['0'], filter: hard.at(-2) });
  expect([200, 400]).toContain(liked.status);
  for (const headers of [
    { authorization: `Bearer${' '.repeat(15_000)}` },
    { authorization: `Basic ${'='.repeat(15_000)}` },
    { cookie: ';='.repeat(7000) },
    { cookie: `modelyard-session=${'A'.repeat(15_000)}` },
    { 'content-type': `application/json${';'.repeat(15_000)}` },
    { range: `bytes=${'0'.repeat(15_000)}` },
    { host: 'localhost', origin: 'http://'.repeat(2000) },
  ]) {
    const { statusCode } = await server.inject({ url: '/api/2.0/mlflow/runs/get?run_id=x', headers });
    expect([Object.keys(headers), statusCode < 500]).toEqual([Object.keys(headers), true]);
  }
});
