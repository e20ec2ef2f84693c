import { expect, test } from 'vitest';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const api = '/api/2.0/mlflow/runs';

test('a run gets a name where none is given, in itself and as its tag', async () => {
  await using mlflow = await openMlflow();
  const { body } = await mlflow.call('POST', `${api}/create`, { experiment_id: '0' });
  expect(body).toMatchObject({
    run: {
      info: { run_name: expect.stringMatching(/^[a-z]+-[a-z]+-\d{1,3}$/), start_time: 0, status: 'RUNNING' },
    },
  });
  const { run } = body as { run: { info: { run_name: string }; data: { tags: unknown } } };
  expect(run.data.tags).toEqual([{ key: 'mlflow.runName', value: run.info.run_name }]);
});

test('name and tag of a new run are one, and may not differ', async () => {
  await using mlflow = await openMlflow();
  const create = (body: object) => mlflow.call('POST', `${api}/create`, { experiment_id: '0', ...body });
  const tags = [{ key: 'mlflow.runName', value: 'tagged' }];
  expect((await create({ tags })).body).toMatchObject({ run: { info: { run_name: 'tagged' } } });
  expect(await create({ tags, run_name: 'named' })).toMatchObject({
    status: 400,
    body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining("(run_name='named'") },
  });
});

test('an experiment that is named by no number is refused', async () => {
  await using mlflow = await openMlflow();
  expect(await mlflow.call('POST', `${api}/create`, { experiment_id: 'abc' })).toMatchObject({
    status: 400,
    body: { message: "Invalid experiment ID 'abc'. Experiment ID must be a valid integer." },
  });
});

test('a new name keeps the status, and a tag renames the run', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  await mlflow.call('POST', `${api}/update`, { run_id, status: 'FAILED', end_time: '12' });
  const renamed = await mlflow.call('POST', `${api}/update`, { run_uuid: run_id, run_name: 'new' });
  expect(renamed.body).toMatchObject({ run_info: { run_name: 'new', status: 'FAILED', end_time: 12 } });
  await mlflow.call('POST', `${api}/set-tag`, { run_id, key: 'mlflow.runName', value: 'newer' });
  expect(await readRun(mlflow, run_id)).toMatchObject({
    info: { run_name: 'newer' },
    data: { tags: [{ key: 'mlflow.runName', value: 'newer' }] },
  });
});

test('a deleted run is read, found among the deleted, and not written to', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  await mlflow.call('POST', `${api}/delete`, { run_id });
  expect(await readRun(mlflow, run_id)).toMatchObject({ info: { lifecycle_stage: 'deleted' } });
  const found = async (run_view_type: string) =>
    (await mlflow.call('POST', `${api}/search`, { experiment_ids: ['0'], run_view_type })).body['runs'];
  expect(await found('ACTIVE_ONLY')).toBeUndefined();
  expect(await found('DELETED_ONLY')).toMatchObject([{ info: { run_id } }]);
  expect(await found('ALL')).toHaveLength(1);
  const state = { message: `The run ${run_id} must be in the 'active' state. Current state is deleted.` };
  for (const [path, body] of Object.entries({
    update: {},
    'set-tag': { key: 'k' },
    'log-inputs': {},
    outputs: { models: [] },
  }))
    expect(await mlflow.call('POST', `${api}/${path}`, { run_id, ...body })).toMatchObject({
      status: 400,
      body: state,
    });
  for (const _time of ['first', 'again'])
    expect(await mlflow.call('POST', `${api}/restore`, { run_id })).toMatchObject({ status: 200, body: {} });
  expect(await readRun(mlflow, run_id)).toMatchObject({ info: { lifecycle_stage: 'active' } });
});

test('values that are too long are cut, infinities are the largest numbers, empty texts are kept', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const response = await mlflow.call('POST', `${api}/log-batch`, {
    run_id,
    metrics: [
      { key: 'high', value: 'Infinity', timestamp: 1 },
      { key: 'low', value: '-Infinity', timestamp: 1, step: '-3' },
    ],
    params: [{ key: 'long', value: 'x'.repeat(7000) }, { key: 'none' }],
    tags: [{ key: 'long', value: 'y'.repeat(9000) }],
  });
  expect(response.status).toBe(200);
  expect(await readRun(mlflow, run_id)).toMatchObject({
    data: {
      metrics: [
        { key: 'high', value: Number.MAX_VALUE, step: 0 },
        { key: 'low', value: -Number.MAX_VALUE, step: -3 },
      ],
      params: [
        { key: 'long', value: 'x'.repeat(6000) },
        { key: 'none', value: '' },
      ],
      tags: [{ key: 'long', value: 'y'.repeat(8000) }, { key: 'mlflow.runName' }],
    },
  });
});

test.each<[what: string, batch: object, message: string]>([
  [
    'a metric whose name is a path',
    { metrics: [{ key: '/a', value: 1, timestamp: 1 }] },
    'Invalid value "/a" for parameter \'metrics[0].name\' supplied: Names may be treated as files',
  ],
  [
    'a time before 1970',
    { metrics: [{ key: 'a', value: 0.5, timestamp: -2 }] },
    "Invalid value -2 for parameter 'metrics[0].timestamp' supplied: metric 'a' (value=0.5).",
  ],
  [
    'a param with a bad character',
    { params: [{ key: 'a' }, { key: 'a?' }] },
    'Invalid value "a?" for parameter \'params[1].key\' supplied',
  ],
  ['a tag that is a way up', { tags: [{ key: '..' }] }, "This name would resolve to '..'"],
  ['a metric without a value', { metrics: [{ key: 'a', timestamp: 1 }] }, "'metrics[0].value'"],
  ['101 tags', { tags: many(101) }, 'at most 100 tags. Got 101 tags.'],
  [
    '1001 of all kinds',
    { metrics: many(950).map(({ key }) => ({ key, value: 1, timestamp: 1 })), params: many(51) },
    'at most 1000 metrics, params, and tags. Got 1001 metrics, params, and tags.',
  ],
])('a batch with %s is refused whole', async (_what, batch, message) => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const before = await readRun(mlflow, run_id);
  const good = { params: [{ key: 'good' }] };
  expect(await mlflow.call('POST', `${api}/log-batch`, { run_id, ...good, ...batch })).toMatchObject({
    status: 400,
    body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(message) },
  });
  expect(await readRun(mlflow, run_id)).toEqual(before);
});

test('a batch of many long texts is taken: what may be in it is more than a megabyte', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const params = Array.from({ length: 100 }, (_, nth) => ({ key: `p${nth}`, value: 'я'.repeat(6000) }));
  expect(await mlflow.call('POST', `${api}/log-batch`, { run_id, params })).toMatchObject({ status: 200 });
  const { data } = (await readRun(mlflow, run_id)) as { data: { params: unknown } };
  expect(data.params).toHaveLength(100);
});

test('names may have letters of any script, spaces, colons and folders', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const keys = ['größe/wert 1', 'a:b', '数据', '-', '_x.y'];
  const params = keys.map((key) => ({ key, value: '1' }));
  expect((await mlflow.call('POST', `${api}/log-batch`, { run_id, params })).status).toBe(200);
  expect(await readRun(mlflow, run_id)).toMatchObject({
    data: { params: expect.arrayContaining(params) as unknown },
  });
});

test('a batch that is sent again after a lost answer changes nothing', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const batch = {
    run_id,
    metrics: [{ key: 'm', value: 1, timestamp: 5, step: 1 }],
    params: [{ key: 'p', value: '1' }],
    tags: [{ key: 't', value: '1' }],
  };
  await mlflow.call('POST', `${api}/log-batch`, batch);
  const once = await readRun(mlflow, run_id);
  expect((await mlflow.call('POST', `${api}/log-batch`, batch)).status).toBe(200);
  expect(await readRun(mlflow, run_id)).toEqual(once);
  const history = await mlflow.call(
    'GET',
    `/api/2.0/mlflow/metrics/get-history?run_id=${run_id}&metric_key=m`,
  );
  expect(history.body['metrics']).toHaveLength(1);
});

test('models that are logged the old way are listed in a tag', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const model = { artifact_path: 'm', flavors: {}, utc_time_created: 'now', run_id };
  for (const artifact_path of ['one', 'two'])
    await mlflow.call('POST', `${api}/log-model`, {
      run_id,
      model_json: JSON.stringify({ ...model, artifact_path }),
    });
  const { data } = (await readRun(mlflow, run_id)) as { data: { tags: { key: string; value: string }[] } };
  const history = data.tags.find(({ key }) => key === 'mlflow.log-model.history')?.value ?? '';
  expect(JSON.parse(history)).toMatchObject([{ artifact_path: 'one' }, { artifact_path: 'two' }]);
  for (const model_json of ['{', '[]', '{"flavors": {}}'])
    expect(await mlflow.call('POST', `${api}/log-model`, { run_id, model_json })).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE' },
    });
});

test.each([
  ['name', 501],
  ['digest', 37],
  ['source', 65_536],
  ['schema', 1_048_576],
])('a dataset whose %s has %d characters is refused', async (field, length) => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const dataset = { name: 'n', digest: 'd', source_type: 'local', source: 's', [field]: 'x'.repeat(length) };
  expect(await mlflow.call('POST', `${api}/log-inputs`, { run_id, datasets: [{ dataset }] })).toMatchObject({
    status: 400,
    body: { message: `'${field}' exceeds the maximum length of ${length - 1} characters` },
  });
});

test('a search over pages finds each run once', async () => {
  await using mlflow = await openMlflow();
  const creation = new Set<string>();
  for (let count = 0; count < 5; count += 1) creation.add(await startedRun(mlflow));
  const found: string[] = [];
  let page_token: unknown;
  do {
    const query = { experiment_ids: ['0'], max_results: 2, page_token, order_by: ['metrics.none'] };
    const { body } = await mlflow.call('POST', `${api}/search`, query);
    found.push(...(body['runs'] as { info: { run_id: string } }[]).map(({ info }) => info.run_id));
    page_token = body['next_page_token'];
  } while (page_token !== undefined);
  expect(found).toHaveLength(5);
  expect(new Set(found)).toEqual(creation);
});

async function startedRun(mlflow: OpenMlflow): Promise<string> {
  const { body } = await mlflow.call('POST', `${api}/create`, { experiment_id: '0', run_name: 'n' });
  return (body as { run: { info: { run_id: string } } }).run.info.run_id;
}

async function readRun(mlflow: OpenMlflow, runId: string): Promise<unknown> {
  return (await mlflow.call('GET', `${api}/get?run_id=${runId}`)).body['run'];
}

function many(count: number): { readonly key: string; readonly value: string }[] {
  return Array.from({ length: count }, (_, nth) => ({ key: `k${nth}`, value: '1' }));
}

test('an empty name keeps the name that the run has, however it is set', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  await mlflow.call('POST', `${api}/update`, { run_id, run_name: 'kept' });
  const empty = { key: 'mlflow.runName', value: '' };
  for (const [path, body] of [
    ['set-tag', empty],
    ['set-tag', { key: empty.key }],
    ['log-batch', { tags: [empty] }],
    ['update', { run_name: '' }],
  ] as const) {
    expect([path, (await mlflow.call('POST', `${api}/${path}`, { run_id, ...body })).status]).toEqual([
      path,
      200,
    ]);
    expect(await readRun(mlflow, run_id)).toMatchObject({
      info: { run_name: 'kept' },
      data: { tags: [{ key: 'mlflow.runName', value: 'kept' }] },
    });
  }
  const unknown = await mlflow.call('POST', `${api}/set-tag`, { run_id: 'f'.repeat(32), ...empty });
  expect(unknown.status).toBe(404);
});

test('an end of 0 unsets the end of a run', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const update = async (body: object) =>
    (await mlflow.call('POST', `${api}/update`, { run_id, ...body })).body['run_info'];
  expect(await update({ status: 'FINISHED', end_time: 0 })).not.toHaveProperty('end_time');
  expect(await update({ end_time: 7 })).toMatchObject({ end_time: 7 });
  expect(await update({ end_time: 0 })).not.toHaveProperty('end_time');
  expect(await readRun(mlflow, run_id)).toMatchObject({ info: { status: 'FINISHED' } });
});
