import { expect, test } from 'vitest';
import { newRunId } from '../../kernel/ids.ts';
import { openMlflow } from './testing.fixture.ts';

const models = '/api/2.0/mlflow/registered-models';
const versions = '/api/2.0/mlflow/model-versions';

test('a version without a run is found as one whose run is empty', async () => {
  await using mlflow = await openMlflow();
  const run = newRunId();
  await mlflow.call('POST', `${models}/create`, { name: 'm' });
  for (const run_id of [undefined, run, ''])
    await mlflow.call('POST', `${versions}/create`, { name: 'm', source: 's3://b/x', run_id });
  const found = async (filter: string): Promise<unknown> => {
    const { body } = await mlflow.call('GET', `${versions}/search?filter=${encodeURIComponent(filter)}`);
    const all = (body['model_versions'] ?? []) as unknown as readonly { readonly version: string }[];
    return all.map(({ version }) => version).toSorted();
  };
  for (const [filter, expected] of [
    ["run_id != 'x'", ['1', '2', '3']],
    ["run_id = ''", ['1', '3']],
    ["attribute.run_id = ''", ['1', '3']],
    ["run_id LIKE '%'", ['1', '2', '3']],
    ["run_id ILIKE '%'", ['1', '2', '3']],
    ["run_id LIKE ''", ['1', '3']],
    ["run_id != ''", ['2']],
    [`run_id = '${run}'`, ['2']],
    [`run_id != '${run}'`, ['1', '3']],
    [`run_id IN ('', '${run}')`, ['2']],
    ["run_id = 'x'", []],
    ["version_number = '2'", ['2']],
    ['version_number = "2"', ['2']],
    ["version_number = '02'", ['2']],
    ["version_number = '2.0'", ['2']],
    ["version_number != '2'", ['1', '3']],
    ["version_number > '1'", ['2', '3']],
    ["run_id = '' AND version_number >= '2'", ['3']],
  ] as const)
    expect([filter, await found(filter)]).toEqual([filter, expected]);
  for (const filter of ["version_number = 'x'", "version_number = ''", "version_number LIKE '1%'"]) {
    const { status } = await mlflow.call('GET', `${versions}/search?filter=${encodeURIComponent(filter)}`);
    expect([filter, status]).toEqual([filter, 400]);
  }
});

test('stages come in the order of their first version, in a search by name', async () => {
  await using mlflow = await openMlflow();
  await mlflow.call('POST', `${models}/create`, { name: 'm' });
  for (let creation = 0; creation < 4; creation += 1)
    await mlflow.call('POST', `${versions}/create`, { name: 'm', source: 's3://b/x' });
  await mlflow.call('POST', `${versions}/transition-stage`, { name: 'm', version: '3', stage: 'Production' });
  const numbers = (list: unknown): unknown =>
    (list as readonly { version: string }[]).map(({ version }) => version);
  const latest = async (body: object) =>
    numbers(
      (await mlflow.call('POST', `${models}/get-latest-versions`, { name: 'm', ...body })).body[
        'model_versions'
      ],
    );
  expect(await latest({})).toEqual(['4', '3']);
  expect(await latest({ stages: ['Production', 'None'] })).toEqual(['4', '3']);
  const read = await mlflow.call('GET', `${models}/get?name=m`);
  expect(numbers((read.body['registered_model'] as { latest_versions?: unknown }).latest_versions)).toEqual([
    '4',
    '3',
  ]);
  await mlflow.call('POST', `${versions}/transition-stage`, { name: 'm', version: '1', stage: 'Production' });
  expect(await latest({})).toEqual(['3', '4']);
  const found = await mlflow.call('GET', `${models}/search`);
  const [model] = found.body['registered_models'] as unknown as readonly { latest_versions?: unknown }[];
  expect(numbers(model?.latest_versions)).toEqual(['4', '3']);
  expect((await mlflow.call('GET', `${models}/alias?name=m&alias=latest`)).body).toMatchObject({
    model_version: { version: '4' },
  });
});

test.each([
  ['k', 'x'.repeat(100_001), "'value' exceeds the maximum length of 100000 characters"],
  ['k'.repeat(251), 'v', "'key' exceeds the maximum length of 250 characters"],
  ["k'; drop", 'v', `Invalid value "k'; drop" for parameter 'key' supplied: Names may only contain`],
  ['a/../b', 'v', "This name would resolve to 'b'"],
  ['..', 'v', 'Names may be treated as files'],
])('a tag with a wrong key or value is refused in the words of MLflow (%#)', async (key, value, message) => {
  await using mlflow = await openMlflow();
  await mlflow.call('POST', `${models}/create`, { name: 'm' });
  await mlflow.call('POST', `${versions}/create`, { name: 'm', source: 's3://b/x' });
  const tags = [{ key, value }];
  for (const [path, body] of [
    [`${models}/set-tag`, { name: 'm', key, value }],
    [`${versions}/set-tag`, { name: 'm', version: '1', key, value }],
    [`${models}/create`, { name: 'n', tags }],
    [`${versions}/create`, { name: 'm', source: 's3://b/x', tags }],
  ] as const)
    expect([path, await mlflow.call('POST', path, body)]).toEqual([
      path,
      expect.objectContaining({
        status: 400,
        text: expect.stringContaining(JSON.stringify(message).slice(1, -1)),
      }),
    ]);
});

test('a tag has a key of plain characters, and a value of 100,000 as people count them', async () => {
  await using mlflow = await openMlflow();
  await mlflow.call('POST', `${models}/create`, { name: 'm' });
  const set = async (key: string, value: string) =>
    (await mlflow.call('POST', `${models}/set-tag`, { name: 'm', key, value })).status;
  expect(await set('mlflow.prompt.is_prompt', 'x'.repeat(100_000))).toBe(200);
  expect(await set('k', '🏏'.repeat(100_000))).toBe(200);
  expect(await set('a b/c:d-é', '')).toBe(200);
  expect(await set('', '')).toBe(400);
  const long = await mlflow.call('DELETE', `${models}/delete-tag`, { name: 'm', key: 'k'.repeat(251) });
  expect(long.status).toBe(200);
});

test('a version that cannot be is not found, and what is no number is refused', async () => {
  await using mlflow = await openMlflow();
  await mlflow.call('POST', `${models}/create`, { name: 'm' });
  for (const [version, status] of [
    ['-1', 404],
    ['0', 404],
    ['99999999999999999999', 404],
    ['1.0', 400],
    ['1e0', 400],
    ['x', 400],
  ] as const) {
    const read = await mlflow.call('GET', `${versions}/get?name=m&version=${version}`);
    const alias = await mlflow.call('POST', `${models}/alias`, { name: 'm', alias: 'a', version });
    expect([version, read.status, alias.status]).toEqual([version, status, status]);
  }
  const tag = { name: 'none', version: '1', key: 'k', value: 'v' };
  expect(await mlflow.call('POST', `${versions}/set-tag`, tag)).toMatchObject({
    status: 404,
    body: { message: 'Model Version (name=none, version=1) not found' },
  });
});

test('an alias that cannot be is refused, set, read or removed', async () => {
  await using mlflow = await openMlflow();
  await mlflow.call('POST', `${models}/create`, { name: 'm' });
  for (const [alias, message] of [
    ['a b', "Invalid alias name: 'a b'."],
    ['a.b', "Invalid alias name: 'a.b'."],
    ['a'.repeat(256), "'Registered model alias name' exceeds the maximum length of 255 characters"],
  ] as const)
    for (const response of [
      await mlflow.call('POST', `${models}/alias`, { name: 'm', alias, version: '1' }),
      await mlflow.call('GET', `${models}/alias?name=m&alias=${encodeURIComponent(alias)}`),
      await mlflow.call('DELETE', `${models}/alias`, { name: 'm', alias }),
    ])
      expect(response).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining(message) as string },
      });
});

test('a model of a blank name is refused, and may be renamed to its own name', async () => {
  await using mlflow = await openMlflow();
  expect((await mlflow.call('POST', `${models}/create`, { name: ' ' })).body).toMatchObject({
    message: "Missing value for required parameter 'name'.",
  });
  await mlflow.call('POST', `${models}/create`, { name: 'm' });
  expect((await mlflow.call('POST', `${models}/rename`, { name: 'm', new_name: '  ' })).body).toMatchObject({
    message: "Missing value for required parameter 'new_name'.",
  });
  expect(await mlflow.call('POST', `${models}/rename`, { name: 'm', new_name: 'm' })).toMatchObject({
    status: 200,
    body: { registered_model: { name: 'm' } },
  });
});
