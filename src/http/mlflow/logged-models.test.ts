import { expect, onTestFinished, test } from 'vitest';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const base = '/api/2.0/mlflow/logged-models';

interface WireModel {
  readonly info: Readonly<Record<string, unknown>> & { readonly model_id: string; readonly name: string };
  readonly data: {
    readonly metrics?: readonly Readonly<Record<string, unknown>>[];
    readonly params?: unknown;
  };
}

async function open(): Promise<OpenMlflow> {
  const mlflow = await openMlflow();
  onTestFinished(() => mlflow[Symbol.asyncDispose]());
  return mlflow;
}

async function create({ call }: OpenMlflow, body: object = {}): Promise<WireModel> {
  const response = await call('POST', base, { experiment_id: '0', ...body });
  expect(response.status).toBe(200);
  return response.body['model'] as unknown as WireModel;
}

async function search({ call }: OpenMlflow, body: object): Promise<readonly string[]> {
  const response = await call('POST', `${base}/search`, { experiment_ids: ['0'], ...body });
  expect(response.body['error_code']).toBeUndefined();
  return ((response.body['models'] ?? []) as unknown as readonly WireModel[]).map(({ info }) => info.name);
}

test('a model without a name gets one, and what was not set is there as the client expects it', async () => {
  const mlflow = await open();
  const { info, data } = await create(mlflow);
  expect(info).toMatchObject({
    experiment_id: '0',
    status: 'LOGGED_MODEL_PENDING',
    model_type: '',
    source_run_id: '',
  });
  expect(info.name).toMatch(/^[a-z]+-[a-z]+$/);
  expect(info.model_id).toMatch(/^m-[0-9a-f]{32}$/);
  expect(info['artifact_uri']).toBe(`mlflow-artifacts:/0/models/${info.model_id}/artifacts`);
  expect(info).not.toHaveProperty('tags');
  expect(data).toEqual({});
});

test.each(['a/b', 'a:b', 'a.b', 'a%b', 'a"b', "a'b"])('the name %s is refused', async (name) => {
  const { call } = await open();
  const { status, body } = await call('POST', base, { experiment_id: '0', name });
  expect(status).toBe(400);
  expect(body['message']).toMatch(
    /^Invalid model name \(.*\) provided\. Model name must be a non-empty string/,
  );
});

test('an experiment must be there and active', async () => {
  const { call } = await open();
  expect((await call('POST', base, { experiment_id: '77' })).body).toMatchObject({
    error_code: 'RESOURCE_DOES_NOT_EXIST',
  });
  expect((await call('POST', base, { name: 'm' })).body['message']).toContain("parameter 'experiment_id'");
  await call('POST', '/api/2.0/mlflow/experiments/delete', { experiment_id: '0' });
  expect((await call('POST', base, { experiment_id: '0' })).body).toMatchObject({
    error_code: 'INVALID_PARAMETER_VALUE',
  });
});

test('a model comes to its end by name or number of a status, and no other', async () => {
  const mlflow = await open();
  const { call } = mlflow;
  const { info } = await create(mlflow);
  const path = `${base}/${info.model_id}`;
  const statusAfter = async (status: unknown): Promise<unknown> => {
    const { body } = await call('PATCH', path, { status });
    return (body['model'] as unknown as WireModel | undefined)?.info['status'] ?? body['error_code'];
  };
  expect(await statusAfter('LOGGED_MODEL_UPLOAD_FAILED')).toBe('LOGGED_MODEL_UPLOAD_FAILED');
  expect(await statusAfter(2)).toBe('LOGGED_MODEL_READY');
  expect(await statusAfter('DONE')).toBe('INVALID_PARAMETER_VALUE');
  expect((await call('PATCH', `${base}/m-none`, { status: 2 })).body).toMatchObject({
    error_code: 'RESOURCE_DOES_NOT_EXIST',
    message: "Logged model with ID 'm-none' not found.",
  });
});

test('a deleted model is gone, but for who asks for deleted ones', async () => {
  const mlflow = await open();
  const { info } = await create(mlflow);
  const path = `${base}/${info.model_id}`;
  expect(await mlflow.call('DELETE', path)).toMatchObject({ status: 200, body: {} });
  expect((await mlflow.call('GET', path)).status).toBe(404);
  expect((await mlflow.call('DELETE', path)).status).toBe(404);
  expect((await mlflow.call('GET', `${path}?allow_deleted=true`)).status).toBe(200);
  expect(await search(mlflow, {})).toEqual([]);
});

test('tags are set and deleted, params written once', async () => {
  const mlflow = await open();
  const { call } = mlflow;
  const { info } = await create(mlflow, { tags: [{ key: 'a b', value: '1' }] });
  const path = `${base}/${info.model_id}`;
  expect((await call('DELETE', `${path}/tags/a%20b`)).body).toEqual({});
  expect((await call('DELETE', `${path}/tags/a%20b`)).body).toMatchObject({
    error_code: 'RESOURCE_DOES_NOT_EXIST',
    message: `No tag with key 'a b' found for model with ID '${info.model_id}'.`,
  });
  const params = { params: [{ key: 'p', value: '1' }] };
  expect((await call('POST', `${path}/params`, params)).body).toEqual({});
  expect((await call('POST', `${path}/params`, { model_id: info.model_id, ...params })).body).toEqual({});
  expect((await call('POST', `${path}/params`, { params: [{ key: 'p', value: '2' }] })).body).toMatchObject({
    error_code: 'INVALID_PARAMETER_VALUE',
  });
});

test('a metric of a run that names a model is one of the model, and found by it', async () => {
  const mlflow = await open();
  const { call } = mlflow;
  const created = await call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  const { run_id } = (created.body['run'] as unknown as { info: { run_id: string } }).info;
  const [good, poor] = [await create(mlflow, { name: 'good' }), await create(mlflow, { name: 'poor' })];
  await create(mlflow, { name: 'unknown' });
  const log = (model_id: string, value: unknown, more: object = {}) =>
    call('POST', '/api/2.0/mlflow/runs/log-metric', {
      run_id,
      key: 'mae',
      value,
      timestamp: 7,
      model_id,
      ...more,
    });
  expect(
    (await log(good.info.model_id, 12.5, { dataset_name: 'test', dataset_digest: 'd1', step: 3 })).status,
  ).toBe(200);
  await log(poor.info.model_id, 15);
  const { body } = await call('GET', `${base}/${good.info.model_id}`);
  expect((body['model'] as unknown as WireModel).data.metrics).toEqual([
    {
      key: 'mae',
      value: 12.5,
      timestamp: 7,
      step: 3,
      dataset_name: 'test',
      dataset_digest: 'd1',
      model_id: good.info.model_id,
      run_id,
    },
  ]);
  expect(await search(mlflow, { filter: 'metrics.mae < 14' })).toEqual(['good']);
  expect(await search(mlflow, { filter: 'metrics.mae > 1', datasets: [{ dataset_name: 'test' }] })).toEqual([
    'good',
  ]);
  const by = (ascending?: boolean) =>
    search(mlflow, { order_by: [{ field_name: 'metrics.mae', ascending }] });
  expect(await by()).toEqual(['good', 'poor', 'unknown']);
  expect(await by(false)).toEqual(['poor', 'good', 'unknown']);
});

test('models are searched by the names of their statuses, and page by page', async () => {
  const mlflow = await open();
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const name of names) {
    const { info } = await create(mlflow, { name });
    if (name > 'b') await mlflow.call('PATCH', `${base}/${info.model_id}`, { status: 'LOGGED_MODEL_READY' });
  }
  const order_by = [{ field_name: 'name', ascending: true }];
  expect(await search(mlflow, { filter: "status = 'READY'", order_by })).toEqual(['c', 'd', 'e']);
  expect(await search(mlflow, { filter: "status = 'LOGGED_MODEL_PENDING'", order_by })).toEqual(['a', 'b']);
  expect(await search(mlflow, { filter: "name LIKE '_' AND name != 'a'", order_by })).toEqual([
    'b',
    'c',
    'd',
    'e',
  ]);
  const pages: string[] = [];
  for (let page_token: unknown = ''; page_token !== undefined;) {
    const { body } = await mlflow.call('POST', `${base}/search`, {
      experiment_ids: ['0'],
      order_by,
      max_results: 2,
      page_token,
    });
    pages.push((body['models'] as unknown as readonly WireModel[]).map(({ info }) => info.name).join(''));
    page_token = body['next_page_token'];
  }
  expect(pages).toEqual(['ab', 'cd', 'e']);
});

test.each([
  [
    { order_by: [{ field_name: 'params.x' }] },
    'Invalid order by field name: params.x. Only metrics are supported.',
  ],
  [{ order_by: [{ field_name: 'size' }] }, 'Invalid order by field name: size'],
  [{ datasets: [{}] }, '`dataset_name` in the `datasets` clause must be specified.'],
  [{ max_results: -1 }, "Invalid value -1 for parameter 'max_results' supplied."],
  [{ page_token: 'x' }, 'Invalid page token'],
  [{ filter: 'size = 1' }, 'Invalid attribute key'],
  [{ filter: 'Foo' }, "Invalid filter string: 'Foo'. Expected a list of comparisons separated by 'AND'"],
  [{ filter: "name = 'a' OR name = 'b'" }, 'Invalid filter string: '],
  [
    { filter: "params.p > '1'" },
    "Invalid comparison operator for params.p: '>'. Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN').",
  ],
  [{ filter: 'metrics.m LIKE 1' }, 'Invalid comparison operator for metrics.m'],
  [{ filter: 'params.p IN ()' }, 'expected a non-empty list'],
  [{ filter: 'size.x = 1' }, "Invalid entity type: 'size'. Expected one of"],
  [{ experiment_ids: null }, "Missing value for required parameter 'experiment_ids'."],
  [{ experiment_ids: [5] }, "Invalid value [5] for parameter 'experiment_ids' supplied"],
])('the search %j is refused', async (body, message) => {
  const { call } = await open();
  const response = await call('POST', `${base}/search`, { experiment_ids: ['0'], ...body });
  expect(response.status).toBe(400);
  expect(response.body['message']).toContain(message);
});

test('params and tags are compared with lists, and texts may come without quotes', async () => {
  const mlflow = await open();
  for (const p of ['1', '2', '3']) {
    const entry = [{ key: 'p', value: p }];
    await create(mlflow, { name: `m${p}`, params: entry, tags: entry });
  }
  await create(mlflow, { name: 'other' });
  const order_by = [{ field_name: 'name' }];
  const found = (filter: string) => search(mlflow, { filter, order_by });
  for (const entity of ['params', 'tags']) {
    expect(await found(`${entity}.p IN ('1','2')`)).toEqual(['m1', 'm2']);
    expect(await found(`${entity}.p NOT IN ('1', '2')`)).toEqual(['m3']);
    expect(await found(`${entity}.p = 2`)).toEqual(['m2']);
    expect(await found(`${entity}.p IN ('1') AND name = 'm2'`)).toEqual([]);
  }
  expect(await found('name = other')).toEqual(['other']);
  expect(await found("name IN ('m1', 'other')")).toEqual(['m1', 'other']);
});

test('models are ordered by a metric on whatever dataset has a digest', async () => {
  const mlflow = await open();
  const run = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  const { run_id } = (run.body['run'] as { readonly info: { readonly run_id: string } }).info;
  const values = { a: [3, 1], b: [2, 2], c: [1, 3] };
  for (const [name, [first = 0, second = 0]] of Object.entries(values)) {
    const { info } = await create(mlflow, { name });
    const point = { key: 'acc', timestamp: 1, model_id: info.model_id, dataset_name: 'n' };
    const metrics = [
      { ...point, value: first, dataset_digest: 'd1' },
      { ...point, value: second, dataset_digest: 'd2', timestamp: 2 },
    ];
    expect((await mlflow.call('POST', '/api/2.0/mlflow/runs/log-batch', { run_id, metrics })).status).toBe(
      200,
    );
  }
  const by = (more: object) =>
    search(mlflow, { order_by: [{ field_name: 'metrics.acc', ascending: true, ...more }] });
  expect(await by({ dataset_digest: 'd1' })).toEqual(['c', 'b', 'a']);
  expect(await by({ dataset_digest: 'd2' })).toEqual(['a', 'b', 'c']);
  expect(await by({ dataset_name: 'n', dataset_digest: 'd1', ascending: false })).toEqual(['a', 'b', 'c']);
});

test('a page token counts for its own search alone', async () => {
  const mlflow = await open();
  for (const name of ['a', 'b', 'c']) await create(mlflow, { name });
  const asked = {
    experiment_ids: ['0'],
    filter: "name != 'z'",
    order_by: [{ field_name: 'name' }],
    max_results: 1,
  };
  const first = await mlflow.call('POST', `${base}/search`, asked);
  const page_token = first.body['next_page_token'];
  const next = (change: object) => mlflow.call('POST', `${base}/search`, { ...asked, page_token, ...change });
  expect(await next({ max_results: 2 })).toMatchObject({
    status: 200,
    body: { models: [{ info: { name: 'b' } }, { info: { name: 'c' } }] },
  });
  for (const [change, message] of [
    [
      { experiment_ids: ['1'] },
      "Experiment IDs in the page token do not match the requested experiment IDs. Expected: ['1']. Found: ['0']",
    ],
    [
      { filter: undefined },
      'Filter string in the page token does not match the requested filter string. Expected: None. Found: ',
    ],
    [
      { order_by: [{ field_name: 'name', ascending: false }] },
      "Order by in the page token does not match the requested order by. Expected: [{'field_name': 'name', 'ascending': False, 'dataset_name': None, 'dataset_digest': None}]",
    ],
    [{ order_by: [] }, 'Order by in the page token does not match'],
    [{ datasets: [{ dataset_name: 'n' }] }, 'Datasets in the page token do not match'],
    [{ page_token: Buffer.from('{"offset": 1}').toString('base64') }, 'Experiment IDs in the page token'],
    [{ page_token: Buffer.from('null').toString('base64') }, 'Experiment IDs in the page token'],
  ] as const)
    expect(await next(change)).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(message) as string },
    });
});

test('a search of no experiment finds nothing', async () => {
  const { call } = await open();
  expect(await call('POST', `${base}/search`, { experiment_ids: [] })).toMatchObject({
    status: 200,
    body: {},
  });
});

test('files of a model are listed, and read by the UI', async () => {
  const mlflow = await open();
  const { call } = mlflow;
  const { info } = await create(mlflow);
  const root = (info['artifact_uri'] as string).replace('mlflow-artifacts:/', '');
  const put = await mlflow.send({
    method: 'PUT',
    path: `/api/2.0/mlflow-artifacts/artifacts/${root}/data/m.txt`,
    text: 'of m',
    contentType: 'text/plain',
  });
  expect(put.status).toBe(200);
  const list = async (query: string) =>
    (await call('GET', `${base}/${info.model_id}/artifacts/directories${query}`)).body;
  expect(await list('')).toEqual({ root_uri: info['artifact_uri'], files: [{ path: 'data', is_dir: true }] });
  expect(await list('?artifact_directory_path=data')).toMatchObject({
    files: [{ path: 'data/m.txt', is_dir: false, file_size: 4 }],
  });
  const files = `/mlflow/logged-models/${info.model_id}/artifacts/files`;
  expect((await call('GET', `/ajax-api/2.0${files}?artifact_file_path=data/m.txt`)).text).toBe('of m');
  expect((await call('GET', `/ajax-api/2.0${files}`)).body).toMatchObject({ error_code: 'BAD_REQUEST' });
  expect((await call('GET', `/api/2.0${files}?artifact_file_path=data/m.txt`)).status).toBe(404);
});
