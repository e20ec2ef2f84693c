import { expect, test } from 'vitest';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const api = '/api/2.0/mlflow/experiments';

test('the experiment Default is there before anyone makes one', async () => {
  await using mlflow = await openMlflow();
  const { body } = await mlflow.call('GET', `${api}/get?experiment_id=0`);
  expect(body).toMatchObject({
    experiment: { experiment_id: '0', name: 'Default', lifecycle_stage: 'active' },
  });
});

test.each<[what: string, body: object, message: string]>([
  ['a blank name', { name: '  ' }, "Invalid experiment name: '  '"],
  ['a long name', { name: 'x'.repeat(501) }, "'name' exceeds the maximum length of 500 characters"],
  ['a run as location', { name: 'e', artifact_location: 'runs:/1' }, 'cannot be a runs:/ URI'],
  [
    'a location that climbs',
    { name: 'e', artifact_location: 'http:///?/../../etc/' },
    'Invalid query string',
  ],
  [
    'a tag whose name is a path',
    { name: 'e', tags: [{ key: 'a/../b', value: '' }] },
    'Invalid value "a/../b" for parameter \'tags[0].key\' supplied',
  ],
  [
    'a tag that is too long',
    { name: 'e', tags: [{ key: 'a', value: 'x'.repeat(20_001) }] },
    "'tags[0].value' exceeds the maximum length of 20000 characters",
  ],
])('an experiment with %s is refused', async (_what, body, message) => {
  await using mlflow = await openMlflow();
  const response = await mlflow.call('POST', `${api}/create`, body);
  expect(response).toMatchObject({
    status: 400,
    body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(message) },
  });
});

test('five hundred characters are counted as people count them', async () => {
  await using mlflow = await openMlflow();
  expect((await mlflow.call('POST', `${api}/create`, { name: '🏏'.repeat(500) })).status).toBe(200);
});

test('a tag is set and deleted, and not in an experiment that is deleted', async () => {
  await using mlflow = await openMlflow();
  const tag = { experiment_id: '0', key: 'k', value: 'v' };
  await expectOk(mlflow, 'set-experiment-tag', tag);
  expect((await mlflow.call('GET', `${api}/get?experiment_id=0`)).body).toMatchObject({
    experiment: { tags: [{ key: 'k', value: 'v' }] },
  });
  await expectOk(mlflow, 'delete-experiment-tag', { experiment_id: '0', key: 'k' });
  expect(
    await mlflow.call('POST', `${api}/delete-experiment-tag`, { experiment_id: '0', key: 'k' }),
  ).toMatchObject({
    status: 404,
    body: { message: 'No tag with name: k in experiment with id 0' },
  });
  await expectOk(mlflow, 'delete', { experiment_id: '0' });
  expect(await mlflow.call('POST', `${api}/set-experiment-tag`, tag)).toMatchObject({
    status: 400,
    body: { message: "The experiment 0 must be in the 'active' state. Current state is deleted." },
  });
});

test('a search goes page by page, by query as by body', async () => {
  await using mlflow = await openMlflow();
  await expectOk(mlflow, 'create', { name: 'second one' });
  const first = await mlflow.call('GET', `${api}/search?max_results=1&order_by=name`);
  expect(first.body).toMatchObject({ experiments: [{ name: 'Default' }] });
  const token = first.body['next_page_token'] as string;
  const second = await mlflow.call('POST', `${api}/search`, {
    max_results: 1,
    order_by: ['name'],
    page_token: token,
  });
  expect(second.body).toMatchObject({ experiments: [{ name: 'second one' }] });
  expect(second.body['next_page_token']).toBeUndefined();
  const named = encodeURIComponent("name ILIKE '%ONE'").replaceAll('%20', '+');
  const found = await mlflow.call('GET', `${api}/search?max_results=5&filter=${named}`);
  expect(found.body['experiments']).toMatchObject([{ name: 'second one' }]);
});

test.each([
  ['abc', 'INVALID_PARAMETER_VALUE'],
  ['987', 'RESOURCE_DOES_NOT_EXIST'],
])('no experiment has the id %s', async (id, error_code) => {
  await using mlflow = await openMlflow();
  const writes = ['delete', 'restore', 'update', 'set-experiment-tag'];
  for (const path of writes) {
    const body = { experiment_id: id, new_name: 'n', key: 'k', value: 'v' };
    expect((await mlflow.call('POST', `${api}/${path}`, body)).body).toMatchObject({ error_code });
  }
});

test('the datasets of one to twenty experiments are told', async () => {
  await using mlflow = await openMlflow();
  const path = '/ajax-api/2.0/mlflow/experiments/search-datasets';
  expect((await mlflow.call('POST', path, { experiment_ids: ['0'] })).body).toEqual({});
  for (const count of [0, 21])
    expect(await mlflow.call('POST', path, { experiment_ids: Array(count).fill('0') })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('SearchDatasets request') },
    });
});

async function expectOk(mlflow: OpenMlflow, path: string, body: object): Promise<void> {
  expect(await mlflow.call('POST', `${api}/${path}`, body)).toMatchObject({ status: 200 });
}

test('a tag that is set has 5,000 characters at most, as people count them', async () => {
  await using mlflow = await openMlflow();
  const tag = { experiment_id: '0', key: 'k' };
  await expectOk(mlflow, 'set-experiment-tag', { ...tag, value: '🏏'.repeat(5000) });
  expect(
    await mlflow.call('POST', `${api}/set-experiment-tag`, { ...tag, value: 'x'.repeat(5001) }),
  ).toMatchObject({
    status: 400,
    body: { message: "'value' exceeds the maximum length of 5000 characters" },
  });
});

test.each(['foo', 'azureml', 'lakefs', 'minio', 'hf', 'mysql', 'gopher', 'x+y'])(
  'artifacts may lie in a store of any scheme, which the server does not open: %s://',
  async (scheme) => {
    await using mlflow = await openMlflow();
    const location = `${scheme}://store/x`;
    const creation = await mlflow.call('POST', `${api}/create`, { name: 'e', artifact_location: location });
    const { experiment_id } = creation.body;
    const created = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id });
    const { run_id, artifact_uri } = (
      created.body['run'] as { readonly info: { readonly run_id: string; readonly artifact_uri: string } }
    ).info;
    expect(artifact_uri).toBe(`${location}/${run_id}/artifacts`);
    await mlflow.call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'm' });
    const version = { name: 'm', source: `${scheme}://x`, run_id };
    expect(await mlflow.call('POST', '/api/2.0/mlflow/model-versions/create', version)).toMatchObject({
      status: 200,
      body: { model_version: { source: `${scheme}://x` } },
    });
    for (const path of [
      `/api/2.0/mlflow/artifacts/list?run_id=${run_id}`,
      `/get-artifact?run_id=${run_id}&path=x`,
      '/model-versions/get-artifact?name=m&version=1&path=x',
    ])
      expect(await mlflow.call('GET', path)).toMatchObject({
        status: 400,
        text: expect.stringContaining('read them where they are'),
      });
  },
);
