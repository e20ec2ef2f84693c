import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/json.ts';
import { seededRandom } from '../../kernel/random.ts';
import { type MlflowResponse, openMlflow, type OpenMlflow } from './testing.fixture.ts';

const prefixes = ['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'];

let mlflow: OpenMlflow;
let run = '';
let model = '';

const post = (path: string, body: unknown, prefix = '/api/2.0'): Promise<MlflowResponse> =>
  mlflow.call('POST', `${prefix}/mlflow/${path}`, body);
const get = (path: string): Promise<MlflowResponse> => mlflow.call('GET', `/api/2.0/mlflow/${path}`);

beforeAll(async () => {
  mlflow = await openMlflow();
  const created = await post('runs/create', { experiment_id: '0' });
  run = (created.body['run'] as { readonly info: { readonly run_id: string } }).info.run_id;
  await post('runs/log-batch', {
    run_id: run,
    params: [{ key: 'p', value: 'secret' }],
    metrics: [{ key: 'm', value: 1, timestamp: 1, step: 0 }],
    tags: [{ key: 't', value: 'secret' }],
  });
  const logged = await post('logged-models', { experiment_id: '0', name: 'm' });
  model = (logged.body['model'] as { readonly info: { readonly model_id: string } }).info.model_id;
  await post('registered-models/create', { name: 'm', tags: [{ key: 't', value: 'secret' }] });
  await post('model-versions/create', { name: 'm', source: 's3://b/k' });
});
afterAll(() => mlflow[Symbol.asyncDispose]());

/** Everything that the searches below look through is still there, and nothing more. */
async function expectUnharmed(): Promise<void> {
  expect((await post('runs/search', { experiment_ids: ['0'] })).body['runs']).toHaveLength(1);
  expect((await get('experiments/search?max_results=10')).body['experiments']).toHaveLength(1);
  expect((await get('registered-models/search')).body['registered_models']).toHaveLength(1);
  expect((await get('model-versions/search')).body['model_versions']).toHaveLength(1);
  expect((await post('logged-models/search', { experiment_ids: ['0'] })).body['models']).toHaveLength(1);
}

interface Search {
  readonly path: string;
  readonly found: string;
  readonly body: JsonObject;
  /** A filter that finds the one thing there is. */
  readonly good: string;
}

const searches: readonly Search[] = [
  { path: 'runs/search', found: 'runs', body: { experiment_ids: ['0'] }, good: "params.p = 'secret'" },
  { path: 'experiments/search', found: 'experiments', body: { max_results: 10 }, good: "name = 'Default'" },
  { path: 'registered-models/search', found: 'registered_models', body: {}, good: "name = 'm'" },
  { path: 'model-versions/search', found: 'model_versions', body: {}, good: "name = 'm'" },
  { path: 'logged-models/search', found: 'models', body: { experiment_ids: ['0'] }, good: "name = 'm'" },
];

describe.each(searches)('$path', ({ path, found, body, good }) => {
  test('a filter that closes its text finds no more than what it says', async () => {
    expect((await post(path, { ...body, filter: good })).body[found]).toHaveLength(1);
    for (const filter of [
      "name = 'x' OR 1=1 --",
      "name = 'x' OR 1=1",
      "name = 'x'' OR ''1''=''1'",
      "name = 'x\\' OR 1=1 --'",
      "name = 'x'; DROP TABLE runs; --",
      "name = 'x' UNION SELECT * FROM runs",
      "name = 'x') OR (1=1",
      "name = 'x'/**/OR/**/1=1",
      "tags.`t' OR 1=1 --` = 'x'",
      'tags."t"" OR 1=1 --" = \'x\'',
      "tags.`t``` = 'x'",
      "params.p = 'x' OR params.p = 'secret'",
      "attributes.`name` = 'x' OR name = 'm'",
      "name LIKE 'x' ESCAPE '%'",
      'name = "x" || "m"',
      'name = char(109)',
      "name = 'x\u0000' OR 'm'",
      '1 = 1',
      'name = name',
      "name IN ('x') OR name IN ('m')",
      "name = 'x' AND (SELECT 1)",
    ])
      for (const prefix of prefixes) {
        const response = await post(path, { ...body, filter }, prefix);
        expect([filter, [200, 400].includes(response.status), response.body[found] ?? 'none']).toEqual([
          filter,
          true,
          'none',
        ]);
      }
    await expectUnharmed();
  });

  test('an order is a name and a direction, and nothing else', async () => {
    for (const order of [
      'metrics.m; DROP TABLE runs',
      'metrics.`m`; DROP TABLE runs; --',
      'metrics.m DESC, (SELECT value FROM params)',
      'metrics.m DESC LIMIT 1',
      'name ASC --',
      'name) --',
      '(SELECT 1)',
      'random()',
      'rowid',
      '1',
      'CASE WHEN 1 THEN name END',
      'name COLLATE NOCASE',
    ]) {
      const { status } = await post(path, { ...body, order_by: [order] });
      expect([order, status]).toEqual([order, 400]);
    }
    const quoted = await post(path, { ...body, order_by: ["metrics.`m' DESC; DROP TABLE runs; --`"] });
    expect([200, 400]).toContain(quoted.status);
    await expectUnharmed();
  });

  test('whatever the pieces of a filter are put together to, it is answered or refused', async () => {
    const random = seededRandom(7);
    const pick = (pieces: readonly string[]): string => pieces[Math.floor(random() * pieces.length)] ?? '';
    const counts = new Map<number, number>();
    for (let times = 0; times < 300; times++) {
      const parts = Array.from({ length: 1 + Math.floor(random() * 9) }, () => pick(pieces));
      const filter = parts.join(pick(['', ' ', ' ', '\t', '\n']));
      const response = await post(path, { ...body, filter, order_by: times % 3 ? [] : [pick(pieces)] });
      expect([filter, [200, 400].includes(response.status), response.status]).toEqual([
        filter,
        true,
        response.status,
      ]);
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
    }
    expect(counts.get(400)).toBeGreaterThan(100);
    await expectUnharmed();
  });

  test('a place to go on from, and how much of it, are numbers within bounds', async () => {
    const token = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
    for (const wrong of [
      { page_token: 'x' },
      { page_token: "' OR 1=1 --" },
      { page_token: token({ offset: -1 }) },
      { page_token: token({ offset: '0; DROP TABLE runs' }) },
      { page_token: Buffer.from('{"offset":1e400}').toString('base64') },
      { page_token: token({ __proto__: { offset: 0 } }) },
      { max_results: 1e9 },
      { max_results: -1 },
      { max_results: '1; DROP TABLE runs' },
      { max_results: 1e308 },
      { max_results: 0.5 },
    ]) {
      const { status } = await post(path, { ...body, ...wrong });
      expect([wrong, status]).toEqual([wrong, 400]);
    }
    await expectUnharmed();
  });
});

const pieces = [
  ...'\' " ` ( ) , ; . = != > < >= <= % _ \\ -- /* */ : ? $1 @x # ~ | & + - * 0 1 1e400 -1 0x1F NaN Infinity'.split(
    ' ',
  ),
  ...'AND OR NOT IN LIKE ILIKE IS NULL BETWEEN UNION SELECT DROP TABLE runs'.split(' '),
  ...'name metrics.m params.p tags.t attributes.status run_id creation_time metrics. params tags.`a b` run.x'.split(
    ' ',
  ),
  "'a'",
  "'%'",
  '"b"',
  '`c`',
  "''",
  "'\\'",
  "'\u0000'",
  "'\ud800'",
  "'\u202e'",
  '__proto__',
  'constructor',
];

const wild = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  'length',
];

test('names that mean something to the language are names like any other', async () => {
  const keyed = wild.map((key) => ({ key, value: `of ${key}` }));
  const metrics = wild.map((key) => ({ key, value: 2, timestamp: 1, step: 0 }));
  await using server = await openMlflow();
  const call = async (path: string, body: unknown): Promise<JsonObject> => {
    const response = await server.call('POST', `/api/2.0/mlflow/${path}`, body);
    expect([path, response.status, response.text.slice(0, 200)]).toEqual([path, 200, expect.any(String)]);
    return response.body;
  };
  const { experiment_id } = await call('experiments/create', { name: '__proto__', tags: keyed });
  const { run: creation } = await call('runs/create', { experiment_id, tags: keyed });
  const { run_id } = (creation as { readonly info: { readonly run_id: string } }).info;
  await call('runs/log-batch', { run_id, params: keyed, metrics });
  const read = await server.call('GET', `/api/2.0/mlflow/runs/get?run_id=${run_id}`);
  const { data } = read.body['run'] as { readonly data: Readonly<Record<string, readonly JsonObject[]>> };
  expect(data['params']).toEqual(expect.arrayContaining(keyed));
  expect(data['tags']).toEqual(expect.arrayContaining(keyed));
  expect(data['metrics']?.map(({ key }) => key).toSorted()).toEqual(wild.toSorted());
  for (const key of wild) {
    const filter = `params.${key} = 'of ${key}' AND tags.${key} = 'of ${key}' AND metrics.${key} = 2`;
    expect([key, (await call('runs/search', { experiment_ids: [experiment_id], filter }))['runs']]).toEqual([
      key,
      [expect.anything()],
    ]);
    await call('registered-models/create', { name: key, tags: keyed });
    await call('model-versions/create', { name: key, source: 's3://b/k', tags: keyed });
    await call('registered-models/alias', { name: key, alias: key, version: '1' });
    const aliased = await server.call(
      'GET',
      `/api/2.0/mlflow/registered-models/alias?name=${key}&alias=${key}`,
    );
    expect([key, aliased.body['model_version']]).toEqual([key, expect.objectContaining({ aliases: [key] })]);
    const none = await server.call(
      'GET',
      `/api/2.0/mlflow/registered-models/alias?name=${key}&alias=no-${key}`,
    );
    expect([key, none.status]).toEqual([key, 400]);
  }
  for (const key of wild) {
    const missing = await mlflow.call('GET', `/api/2.0/mlflow/registered-models/alias?name=m&alias=${key}`);
    expect([key, missing.status], 'an alias that nobody set').toEqual([key, 400]);
    const unknown = await mlflow.call('GET', `/api/2.0/mlflow/registered-models/get?name=${key}`);
    expect([key, unknown.status], 'a model that nobody made').toEqual([key, 404]);
  }
});

test('no request reaches the prototype of everything', async () => {
  const dirty = '{"polluted":true,"experiment_id":"0"}';
  for (const body of [
    `{"__proto__":${dirty}}`,
    `{"constructor":{"prototype":${dirty}}}`,
    `{"tags":[{"key":"a","value":"b","__proto__":${dirty}}]}`,
    `{"__proto__":[],"experiment_ids":{"__proto__":${dirty}}}`,
  ])
    for (const path of [
      'runs/create',
      'runs/search',
      'experiments/create',
      'logged-models',
      'registered-models/create',
    ]) {
      const response = await post(path, body);
      expect([path, body, response.status < 500]).toEqual([path, body, true]);
    }
  for (const query of [
    '__proto__[polluted]=1',
    '__proto__.polluted=1',
    'constructor[prototype][polluted]=1',
    '__proto__=1',
  ])
    expect((await get(`experiments/search?max_results=1&${query}`)).status).toBe(200);
  const variables = JSON.parse(`{"__proto__":${dirty},"constructor":{"prototype":${dirty}}}`) as JsonObject;
  await mlflow.call('POST', '/graphql', {
    query: '{ __proto__ constructor test { output __proto__ } }',
    variables,
  });
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect('polluted' in {}).toBe(false);
});

test('a name is decoded once, so two spellings stay two names', async () => {
  await using server = await openMlflow();
  const call = server.call.bind(server);
  await call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'model' });
  const statusOf = async (name: string): Promise<number> =>
    (await call('GET', `/api/2.0/mlflow/registered-models/get?name=${name}`)).status;
  expect([await statusOf('m%6Fdel'), await statusOf('m%256Fdel'), await statusOf('MODEL')]).toEqual([
    200, 404, 404,
  ]);
  const literal = await call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'm%6Fdel' });
  expect(literal.body).toMatchObject({ registered_model: { name: 'm%6Fdel' } });
  expect([await statusOf('m%6Fdel'), await statusOf('m%256Fdel')]).toEqual([200, 200]);
});

test('a model cannot be called what looks like another', async () => {
  for (const name of [
    'm\u200b',
    '\ufeffm',
    'm\u2060',
    'a\u202eb',
    'm\u00ad',
    'm\u2028',
    'm\u0000',
    'm\n',
    'm\u007f',
    '\u200b',
  ]) {
    const creation = await post('registered-models/create', { name });
    const renamed = await post('registered-models/rename', { name: 'm', new_name: name });
    expect([name, creation.status, renamed.status]).toEqual([name, 400, 400]);
  }
  await expectUnharmed();
});

test('what callers say of themselves in tags decides nothing', async () => {
  const claimed = [
    'mlflow.user',
    'mlflow.source.name',
    'mlflow.parentRunId',
    'mlflow.runName',
    'mlflow.log-model.history',
    'mlflow.prompt.is_prompt',
    'mlflow.modelVersions',
    'modelyard.live',
    'modelyard.folder',
  ].map((key) => ({ key, value: `../../${run}` }));
  const created = await post('runs/create', {
    experiment_id: '0',
    user_id: 'admin',
    tags: claimed.filter(({ key }) => key !== 'mlflow.runName'),
  });
  const { info } = created.body['run'] as { readonly info: Readonly<Record<string, string>> };
  expect(info['artifact_uri']).toBe(`mlflow-artifacts:/0/${info['run_id']}/artifacts`);
  for (const { key, value } of claimed) {
    expect((await post('runs/set-tag', { run_id: info['run_id'], key, value })).status).toBe(200);
    expect(
      (await mlflow.call('PATCH', `/api/2.0/mlflow/logged-models/${model}/tags`, { tags: [{ key, value }] }))
        .status,
    ).toBe(200);
  }
  const read = await get(`runs/get?run_id=${info['run_id']}`);
  expect(read.body['run']).toMatchObject({ info: { artifact_uri: info['artifact_uri'], status: 'RUNNING' } });
  expect((await mlflow.call('GET', `/get-artifact?run_id=${info['run_id']}&path=x`)).status).toBe(404);
  expect((await post('runs/delete', { run_id: info['run_id'] })).status).toBe(200);
});
