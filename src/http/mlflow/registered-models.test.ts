import { expect, test } from 'vitest';
import { sqlRegistryStore } from '../../adapters/sql/registry/registry-store.ts';
import { digestOf } from '../../kernel/digest.ts';
import { newRunId } from '../../kernel/ids.ts';
import { noteVersion } from './model-versions-create.ts';
import { type MlflowResponse, openMlflow, type OpenMlflow } from './testing.fixture.ts';

const prefixes = ['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'];
const models = '/api/2.0/mlflow/registered-models';
const versions = '/api/2.0/mlflow/model-versions';

test.each(prefixes)(
  'a source outside of a store is refused below %s, whatever tags the version has',
  async (prefix) => {
    await using mlflow = await openMlflow();
    const path = `${prefix}/mlflow/model-versions/create`;
    await mlflow.call('POST', `${prefix}/mlflow/registered-models/create`, { name: 'm' });
    const prompt = { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] };
    for (const source of [
      'file:///etc/',
      '/etc/passwd',
      '//proc/self/root',
      'mlflow-artifacts:/%252e%252e/x',
      'FILE:/etc',
    ])
      for (const tags of [{}, prompt, { run_id: '0'.repeat(32) }]) {
        const { status, body } = await mlflow.call('POST', path, { name: 'm', source, ...tags });
        expect({ status, code: body['error_code'] }).toEqual({
          status: 400,
          code: 'INVALID_PARAMETER_VALUE',
        });
        expect(body['message']).toContain(`Invalid model version source: '${source}'`);
      }
    const search = await mlflow.call('GET', `${prefix}/mlflow/model-versions/search`);
    expect(search.body).toEqual({});
  },
);

test('a local source is taken inside the folder of its run alone', async () => {
  await using mlflow = await openMlflow();
  const location = '/data/experiments/7';
  const creation = await mlflow.call('POST', '/api/2.0/mlflow/experiments/create', {
    name: 'e',
    artifact_location: location,
  });
  const { body } = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', creation.body);
  const { info } = body['run'] as {
    readonly info: { readonly run_id: string; readonly artifact_uri: string };
  };
  await create(mlflow, 'm');
  const register = (source: string): Promise<{ readonly status: number }> =>
    mlflow.call('POST', `${versions}/create`, { name: 'm', source, run_id: info.run_id });
  expect((await register(`${info.artifact_uri}/model`)).status).toBe(200);
  expect((await register(`${info.artifact_uri}/../../../etc`)).status).toBe(400);
  expect((await register('/data/experiments/7')).status).toBe(400);
});

test('a version of another version or of a logged model is downloaded from where that is', async () => {
  await using mlflow = await openMlflow();
  await create(mlflow, 'm');
  await mlflow.call('POST', `${versions}/create`, { name: 'm', source: 's3://b/k' });
  await mlflow.call('POST', `${models}/alias`, { name: 'm', alias: 'prod', version: '1' });
  for (const source of ['models:/m/1', 'models:/m@prod']) {
    const { body } = await mlflow.call('POST', `${versions}/create`, { name: 'm', source });
    expect(body['model_version']).toMatchObject({ source, status: 'READY' });
    const { version } = body['model_version'] as { readonly version: string };
    const uri = await mlflow.call('GET', `${versions}/get-download-uri?name=m&version=${version}`);
    expect(uri.body).toEqual({ artifact_uri: 's3://b/k' });
  }
  for (const source of ['models:/m/9', 'models:/none/1', 'models:/m@none', `models:/m-${'0'.repeat(32)}`]) {
    const { status, body } = await mlflow.call('POST', `${versions}/create`, { name: 'm', source });
    expect({ status, code: body['error_code'] }).toEqual({ status: 404, code: 'RESOURCE_DOES_NOT_EXIST' });
  }
});

test('a copy of what the pipeline made has its folder, its metrics and the run that trained it', async () => {
  await using mlflow = await openMlflow();
  const folder = digestOf('folder');
  const runId = newRunId();
  const creation = { model: 'm', runId, folder, metrics: { mae: 1.5 }, createdAt: 5 };
  await sqlRegistryStore(mlflow.database).register(creation);
  await create(mlflow, 'n');
  for (const run of [{}, { run_id: '0'.repeat(32) }])
    await mlflow.call('POST', `${versions}/create`, { name: 'n', source: 'models:/m/1', ...run });
  for (const version of [1, 2])
    expect(await sqlRegistryStore(mlflow.database).findVersion({ model: 'n', version })).toMatchObject({
      model: 'n',
      version,
      runId,
      folder,
      metrics: { mae: 1.5 },
    });
  const { body } = await mlflow.call('GET', `${versions}/get?name=n&version=2`);
  expect(body['model_version']).toMatchObject({
    source: 'models:/m/1',
    run_id: runId,
    model_metrics: [{ key: 'mae', value: 1.5 }],
  });
});

test('a logged model knows the versions that were made of it, and they its run', async () => {
  await using mlflow = await openMlflow();
  const experiment = await mlflow.call('POST', '/api/2.0/mlflow/experiments/create', {
    name: 'e',
    artifact_location: '/data/e',
  });
  const run = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', experiment.body);
  const { run_id } = (run.body['run'] as { readonly info: { readonly run_id: string } }).info;
  const logged = await mlflow.call('POST', '/api/2.0/mlflow/logged-models', {
    ...experiment.body,
    source_run_id: run_id,
  });
  const { info } = logged.body['model'] as {
    readonly info: { readonly model_id: string; readonly artifact_uri: string };
  };
  const { model_id, artifact_uri } = info;
  await create(mlflow, 'm');
  const register = (source: string, more: object): Promise<MlflowResponse> =>
    mlflow.call('POST', `${versions}/create`, { name: 'm', source, ...more });
  const versionsOf = async (): Promise<unknown> => {
    const { body } = await mlflow.call('GET', `/api/2.0/mlflow/logged-models/${model_id}`);
    const { tags = [] } = (body['model'] as { readonly info: { readonly tags?: readonly unknown[] } }).info;
    return tags;
  };
  const first = await register(artifact_uri, { model_id });
  expect(first.body['model_version']).toMatchObject({ version: '1', run_id, model_id });
  const tag = (value: string): object => ({ key: 'mlflow.modelVersions', value });
  expect(await versionsOf()).toEqual([tag('[{"name": "m", "version": 1}]')]);
  expect(
    (await register(`models:/${model_id}`, { model_id, run_id: 'x' })).body['model_version'],
  ).toMatchObject({
    version: '2',
    run_id: 'x',
  });
  expect(await versionsOf()).toEqual([tag('[{"name": "m", "version": 1}, {"name": "m", "version": 2}]')]);

  expect((await register(artifact_uri, {})).status, 'a path of this machine, of no model').toBe(400);
  expect((await register('/data/e/other', { model_id })).status).toBe(400);
  expect((await register('s3://b/k', { model_id: 'm-elsewhere' })).body['model_version']).toMatchObject({
    model_id: 'm-elsewhere',
  });
  const patch = { tags: [{ key: 'mlflow.modelVersions', value: 'mine' }] };
  await mlflow.call('PATCH', `/api/2.0/mlflow/logged-models/${model_id}/tags`, patch);
  await register(artifact_uri, { model_id });
  expect(await versionsOf(), 'what is no list is replaced').toEqual([tag('[{"name": "m", "version": 4}]')]);
});

test('versions of one logged model that come at one time are all noted, and a note that fails is no failed version', async () => {
  await using mlflow = await openMlflow();
  await create(mlflow, 'm');
  const logged = await mlflow.call('POST', '/api/2.0/mlflow/logged-models', {
    experiment_id: '0',
    name: 'l',
  });
  const { model_id, artifact_uri } = (
    logged.body['model'] as { readonly info: { readonly model_id: string; readonly artifact_uri: string } }
  ).info;
  const register = (): Promise<MlflowResponse> =>
    mlflow.call('POST', `${versions}/create`, { name: 'm', source: artifact_uri, model_id });
  await Promise.all([register(), register(), register()]);
  const tagOf = async (): Promise<string> => {
    const found = await mlflow.services.loggedModels.get(model_id);
    return found?.tags.find(({ key }) => key === 'mlflow.modelVersions')?.value ?? '';
  };
  for (const version of [1, 2, 3]) expect(await tagOf()).toContain(`{"name": "m", "version": ${version}}`);
  const { registry, log } = mlflow.services;
  const full = { ...registry.loggedModels, changeTag: () => Promise.reject(new Error('the disk is full')) };
  const warnings: string[] = [];
  const version = await registry.store.findVersion({ model: 'm', version: 1 });
  if (!version) throw new Error('no version');
  await noteVersion(version, {
    registry: { ...registry, loggedModels: full },
    log: { ...log, warn: (text) => void warnings.push(text) },
  });
  expect(warnings).toEqual(['a new version is not noted on its logged model']);
});

test('deleting and renaming a model notifies the followers of its aliases', async () => {
  await using mlflow = await openMlflow();
  const moves: string[] = [];
  mlflow.services.registry.store.onAliasMoved(({ model, alias, from, to, by }) =>
    moves.push(`${model}@${alias}: ${from ?? '-'} → ${to ?? '-'} by ${by}`),
  );
  await create(mlflow, 'm');
  await mlflow.call('POST', `${versions}/create`, { name: 'm', source: 's3://b/1' });
  await mlflow.call('POST', `${models}/alias`, { name: 'm', alias: 'prod', version: '1' });
  await mlflow.call('POST', `${models}/rename`, { name: 'm', new_name: 'n' });
  await mlflow.call('DELETE', `${models}/delete`, { name: 'n' });
  expect(moves.slice(1)).toEqual([
    'm@prod: 1 → - by renaming',
    'n@prod: - → 1 by renaming',
    'n@prod: 1 → - by a client of MLflow',
  ]);
});

const names = Array.from({ length: 9 }, (_, index) => `model ${index}+é`);

test.each([
  { order: 'name ASC', expected: names },
  { order: 'name DESC', expected: names.toReversed() },
])('models come page by page by $order, each once', async ({ order, expected }) => {
  await using mlflow = await openMlflow();
  for (const name of names) await create(mlflow, name);
  const found: string[] = [];
  for (let token: unknown = ''; token !== undefined;) {
    const query = new URLSearchParams({ max_results: '2', order_by: order, filter: "name ILIKE 'MODEL%'" });
    if (typeof token === 'string' && token) query.set('page_token', token);
    const { body } = await mlflow.call('GET', `${models}/search?${query.toString()}`);
    const page = body['registered_models'] as readonly { readonly name: string }[];
    found.push(...page.map(({ name }) => name));
    token = body['next_page_token'];
  }
  expect(found).toEqual(expected);
});

test.each([
  ['max_results=0', "for parameter 'max_results'"],
  ['max_results=1001', `Invalid value "1001" for parameter 'max_results'`],
  ['page_token=x', 'Invalid page token'],
  [`filter=${encodeURIComponent("name = 'x' OR 1=1 --")}`, 'Invalid clause'],
  [`order_by=${encodeURIComponent('name ASC, x')}`, 'order_by'],
  [`order_by=${encodeURIComponent('name; DROP TABLE runs')}`, ''],
])('a search with %s is refused', async (query, why) => {
  await using mlflow = await openMlflow();
  const { status, body } = await mlflow.call('GET', `${models}/search?${query}`);
  expect({ status, code: body['error_code'] }).toEqual({ status: 400, code: 'INVALID_PARAMETER_VALUE' });
  expect(body['message']).toContain(why);
});

test('values with quotes, percent signs and underscores mean themselves', async () => {
  await using mlflow = await openMlflow();
  for (const name of [`a"b`, 'a_b', 'a%b', 'axb', 'a\\b']) await create(mlflow, name);
  const found = async (filter: string): Promise<readonly string[]> => {
    const { body } = await mlflow.call(
      'GET',
      `${models}/search?${new URLSearchParams({ filter }).toString()}`,
    );
    return ((body['registered_models'] ?? []) as readonly { readonly name: string }[]).map(
      ({ name }) => name,
    );
  };
  expect(await found(`name = 'a"b'`)).toEqual([`a"b`]);
  expect(await found("name = 'a_b'")).toEqual(['a_b']);
  expect(await found("name LIKE 'a_b'")).toHaveLength(5);
  expect(await found("name LIKE 'a\\b'")).toEqual(['a\\b']);
  expect(await found("name LIKE 'A%'")).toEqual([]);
});

test('moving an alias by hand notifies its followers', async () => {
  await using mlflow = await openMlflow();
  const moves: string[] = [];
  mlflow.services.registry.store.onAliasMoved(({ model, alias, from, to }) =>
    moves.push(`${model}@${alias}: ${from ?? '-'} → ${to ?? '-'}`),
  );
  await create(mlflow, 'm');
  for (const source of ['s3://b/1', 's3://b/2'])
    await mlflow.call('POST', `${versions}/create`, { name: 'm', source });
  for (const version of ['1', '2', '2'])
    await mlflow.call('POST', `${models}/alias`, { name: 'm', alias: 'prod', version });
  await mlflow.call('DELETE', `${models}/alias?name=m&alias=prod`);
  await mlflow.call('POST', `${models}/alias`, { name: 'm', alias: 'prod', version: '1' });
  await mlflow.call('DELETE', `${versions}/delete`, { name: 'm', version: '1' });
  expect(moves).toEqual([
    'm@prod: - → 1',
    'm@prod: 1 → 2',
    'm@prod: 2 → -',
    'm@prod: - → 1',
    'm@prod: 1 → -',
  ]);
});

test('latest is the newest version, and 404 is only said where clients expect it', async () => {
  await using mlflow = await openMlflow();
  await create(mlflow, 'm');
  const alias = async (name: string): Promise<unknown> => {
    const { status, body } = await mlflow.call('GET', `${models}/alias?name=m&alias=${name}`);
    return status === 200
      ? (body['model_version'] as { readonly version: string }).version
      : [status, body['message']];
  };
  expect(await alias('latest')).toEqual([400, 'Registered model alias latest not found.']);
  for (const source of ['s3://b/1', 's3://b/2'])
    await mlflow.call('POST', `${versions}/create`, { name: 'm', source });
  await mlflow.call('POST', `${versions}/transition-stage`, { name: 'm', version: '2', stage: 'ARCHIVED' });
  expect(await alias('LATEST')).toBe('2');
  expect(await alias('__proto__')).toEqual([400, 'Registered model alias __proto__ not found.']);
  const archive = { name: 'm', version: '1', stage: 'Archived', archive_existing_versions: true };
  expect((await mlflow.call('POST', `${versions}/transition-stage`, archive)).status).toBe(400);
  const missing = await mlflow.call('PATCH', `${versions}/update`, {
    name: 'm',
    version: '7',
    description: 'd',
  });
  expect(missing).toMatchObject({
    status: 404,
    body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'Model Version (name=m, version=7) not found' },
  });
});

async function create(mlflow: OpenMlflow, name: string): Promise<void> {
  expect((await mlflow.call('POST', `${models}/create`, { name })).status).toBe(200);
}
