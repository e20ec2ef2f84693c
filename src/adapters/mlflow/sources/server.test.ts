import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { FileOwner } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { textIn } from './fields.ts';
import { allOf, openServerSource as open } from './fake-server.fixture.ts';

const api = '/api/2.0/mlflow';
const id = 'a'.repeat(32);
const info = {
  run_id: id,
  experiment_id: '1',
  run_name: 'n',
  user_id: 'ann',
  status: 'KILLED',
  start_time: 5,
  end_time: 6,
  artifact_uri: 's3://b/a',
  lifecycle_stage: 'deleted',
};

test('experiments of all pages, deleted ones too', async () => {
  await using opened = await open({
    [`POST ${api}/experiments/search`]: ({ page_token, view_type }) =>
      page_token === 'next'
        ? { experiments: [{ experiment_id: '2', name: 'two', lifecycle_stage: 'deleted', creation_time: 3 }] }
        : view_type === 'ALL'
          ? {
              experiments: [{ experiment_id: '0', name: 'Default', tags: [{ key: 'k', value: 'v' }] }],
              next_page_token: 'next',
            }
          : undefined,
  });
  expect(await allOf(opened.source.experiments())).toMatchObject([
    { id: '0', name: 'Default', lifecycle: 'active', createdAt: 0, tags: [{ key: 'k', value: 'v' }] },
    { id: '2', name: 'two', lifecycle: 'deleted', createdAt: 3, updatedAt: 3 },
  ]);
});

test('a run has the links that a search leaves out', async () => {
  const data = {
    metrics: [
      { key: 'm', value: 'NaN', timestamp: '7', step: 1 },
      { key: 'n', value: 0.5, timestamp: 8 },
    ],
    params: [{ key: 'p', value: '' }],
    tags: [
      { key: 'mlflow.runName', value: 'tagged' },
      { key: 'mlflow.source.name', value: 'train.py' },
    ],
  };
  const dataset = { name: 'd', digest: 'x', source_type: 'local', source: '{}' };
  const inputs = { dataset_inputs: [{ dataset, tags: [] }], model_inputs: [{ model_id: 'm-1' }] };
  const outputs = { model_outputs: [{ model_id: 'm-2', step: 3 }] };
  await using opened = await open({
    [`POST ${api}/runs/search`]: ({ run_view_type }) =>
      run_view_type === 'ALL' ? { runs: [{ info, data }] } : undefined,
    [`GET ${api}/runs/get`]: () => ({ run: { info, data, inputs, outputs } }),
  });
  expect(await allOf(opened.source.runs('1'))).toEqual([
    {
      info: {
        id,
        experimentId: '1',
        name: 'tagged',
        user: 'ann',
        status: 'KILLED',
        startedAt: 5,
        endedAt: 6,
        artifactUri: 's3://b/a',
        lifecycle: 'deleted',
      },
      sourceType: 'UNKNOWN',
      sourceName: 'train.py',
      deletedAt: undefined,
      metrics: [
        { key: 'm', value: Number.NaN, timestamp: 7, step: 1 },
        { key: 'n', value: 0.5, timestamp: 8, step: 0 },
      ],
      params: [{ key: 'p', value: '' }],
      tags: data.tags,
      datasets: [{ dataset: { name: 'd', digest: 'x', sourceType: 'local', source: '{}' }, tags: [] }],
      modelInputs: ['m-1'],
      modelOutputs: [{ modelId: 'm-2', step: 3 }],
    },
  ]);
});

test('a run that was deleted since the search is read from the search', async () => {
  await using opened = await open({ [`POST ${api}/runs/search`]: () => ({ runs: [{ info, data: {} }] }) });
  expect(await allOf(opened.source.runs('1'))).toMatchObject([{ info: { id, name: 'n' }, modelInputs: [] }]);
});

test('points of every metric come in pages', async () => {
  await using opened = await open({
    [`POST ${api}/runs/search`]: () => ({
      runs: [
        {
          info,
          data: {
            metrics: [
              { key: 'm', value: 1 },
              { key: 'k', value: 1 },
            ],
          },
        },
      ],
    }),
    [`GET ${api}/metrics/get-history`]: ({ metric_key: key = '', page_token }) =>
      key === 'm' && page_token === undefined
        ? { metrics: [{ key, value: '-Infinity', timestamp: 1, step: 2 }], next_page_token: 'next' }
        : { metrics: [{ key, value: 2, timestamp: 3, step: 4 }] },
  });
  const [run] = await allOf(opened.source.runs('1'));
  const pages = run ? await allOf(opened.source.points(run)) : [];
  expect(pages).toEqual([
    [{ key: 'm', value: -Infinity, timestamp: 1, step: 2 }],
    [{ key: 'm', value: 2, timestamp: 3, step: 4 }],
    [{ key: 'k', value: 2, timestamp: 3, step: 4 }],
  ]);
  expect(opened.asked.find(({ input }) => input['metric_key'] === 'm')?.input).toMatchObject({
    max_results: '25000',
  });
});

test('logged models are read with their points, and a server of MLflow 2 has none', async () => {
  const model = {
    info: {
      model_id: 'm-1',
      experiment_id: '1',
      name: 'lm',
      creation_timestamp_ms: 3,
      last_updated_timestamp_ms: 4,
      artifact_uri: 'mlflow-artifacts:/1/models/m-1/artifacts',
      status: 'LOGGED_MODEL_UPLOAD_FAILED',
      status_message: 'broken',
      source_run_id: id,
      tags: [{ key: 't', value: 'u' }],
    },
    data: {
      params: [{ key: 'p', value: '1' }],
      metrics: [
        { key: 'm', value: 1, timestamp: 5, step: 6, run_id: id, dataset_name: 'd', dataset_digest: 'x' },
      ],
    },
  };
  await using opened = await open({ [`POST ${api}/logged-models/search`]: () => ({ models: [model] }) });
  expect(await allOf(opened.source.loggedModels('1'))).toEqual([
    {
      id: 'm-1',
      experimentId: '1',
      name: 'lm',
      artifactUri: 'mlflow-artifacts:/1/models/m-1/artifacts',
      createdAt: 3,
      updatedAt: 4,
      status: 'FAILED',
      lifecycle: 'active',
      statusMessage: 'broken',
      modelType: '',
      sourceRunId: id,
      params: [{ key: 'p', value: '1' }],
      tags: [{ key: 't', value: 'u' }],
      metrics: [
        { key: 'm', value: 1, timestamp: 5, step: 6, runId: id, datasetName: 'd', datasetDigest: 'x' },
      ],
    },
  ]);
  await using older = await open({});
  expect(await allOf(older.source.loggedModels('1'))).toEqual([]);
});

test('models come once, prompts too, with their versions', async () => {
  const isOfPrompts = (input: JsonObject): boolean => textIn(input, 'filter').includes('is_prompt');
  const named = (name: string): JsonObject => ({ name, creation_timestamp: 1, description: 'd' });
  await using opened = await open({
    [`GET ${api}/registered-models/search`]: (input) => ({
      registered_models: isOfPrompts(input)
        ? [named("it's"), named('both')]
        : [
            {
              ...named('both'),
              aliases: [{ alias: 'prod', version: '3' }],
              tags: [{ key: 'k', value: 'v' }],
            },
          ],
    }),
    [`GET ${api}/model-versions/search`]: (input) => ({
      model_versions: isOfPrompts(input)
        ? []
        : [
            {
              ...named("it's"),
              version: '3',
              source: 'models:/both/1',
              current_stage: 'Staging',
              run_id: '',
            },
          ],
    }),
    [`GET ${api}/model-versions/get-download-uri`]: () => ({ artifact_uri: 's3://b/m' }),
  });
  expect(await allOf(opened.source.models())).toMatchObject([
    { name: 'both', aliases: { prod: 3 }, tags: { k: 'v' }, createdAt: 1, updatedAt: 1 },
    { name: "it's", aliases: {} },
  ]);
  expect(await allOf(opened.source.versions("it's"))).toMatchObject([
    {
      version: 3,
      source: 'models:/both/1',
      storage: 's3://b/m',
      stage: 'Staging',
      runId: undefined,
      status: 'READY',
    },
  ]);
  expect(opened.asked.some(({ input }) => input['filter'] === `name="it's"`)).toBe(true);
});

const owner: FileOwner = { kind: 'run', id, experimentId: '1', uri: 's3://b/a' };

test.each([
  [owner, `${api}/artifacts/list`, '/get-artifact'],
  [
    { ...owner, kind: 'logged model', id: 'm-1' } as const,
    `${api}/logged-models/m-1/artifacts/directories`,
    '/ajax-api/2.0/mlflow/logged-models/m-1/artifacts/files',
  ],
])('files of a $kind are listed at every depth, and read', async (one, list, read) => {
  await using opened = await open({
    [`GET ${list}`]: ({ path, artifact_directory_path: folder = path }) =>
      folder === undefined
        ? {
            files: [
              { path: 'dir', is_dir: true },
              { path: 'a.txt', is_dir: false, file_size: 3 },
            ],
          }
        : { files: [{ path: 'dir/b c.txt', is_dir: false, file_size: '4' }] },
    [`GET ${read}`]: (input) => `bytes of ${textIn(input, 'path')}${textIn(input, 'artifact_file_path')}`,
  });
  const found = await opened.source.files(one);
  const files = found.kind === 'available' ? await allOf(found.files) : [];
  expect(files).toMatchObject([
    { path: 'a.txt', size: 3 },
    { path: 'dir/b c.txt', size: 4 },
  ]);
  const last = files.at(-1);
  expect(last && 'open' in last ? await text(await last.open()) : '').toBe('bytes of dir/b c.txt');
});

test('files that the server refuses stay where they are', async () => {
  await using opened = await open({
    [`GET ${api}/artifacts/list`]: () => ({ status: 403, code: 'PERMISSION_DENIED' }),
  });
  expect(await opened.source.files(owner)).toEqual({
    kind: 'unavailable',
    reason: 'the server responds with 403 PERMISSION_DENIED; they stay in s3://b',
  });
});

test.each([
  [404, 'ARTIFACT_NOT_FOUND', 0],
  [500, 'ARTIFACT_NOT_FOUND', 2],
  [503, 'PEER_FAILED', 2],
])('a file with response %d is %s', async (status, code, tries) => {
  await using opened = await open({
    [`GET ${api}/artifacts/list`]: () => ({ files: [{ path: 'a', is_dir: false }] }),
    'GET /get-artifact': () => ({ status, code: 'X' }),
  });
  const found = await opened.source.files(owner);
  const [file] = found.kind === 'available' ? await allOf(found.files) : [];
  await expect(file && 'open' in file ? file.open() : undefined).rejects.toMatchObject({ code });
  expect(opened.waits).toHaveLength(tries);
});

test('a passing failure is retried after a growing wait', async () => {
  let times = 0;
  await using opened = await open({
    [`POST ${api}/experiments/search`]: () =>
      (times += 1) < 3 ? { status: 503, code: 'TEMPORARILY_UNAVAILABLE' } : { experiments: [] },
  });
  expect(await allOf(opened.source.experiments())).toEqual([]);
  expect(opened.waits).toEqual([250, 500]);
});

test('what no import supports is reported', async () => {
  await using opened = await open(
    {
      'POST /api/3.0/mlflow/traces/search': () => ({ traces: [{}] }),
      [`GET ${api}/webhooks`]: () => ({ webhooks: [{}] }),
    },
    { hasUsers: true },
  );
  expect((await allOf(opened.source.unsupported(['1']))).map(({ what }) => what)).toEqual([
    'traces',
    'webhooks',
    'users and permissions',
  ]);
  await using older = await open({ [`GET ${api}/traces`]: () => ({ traces: [{}] }) });
  expect((await allOf(older.source.unsupported(['1']))).map(({ what }) => what)).toEqual(['traces']);
  await using none = await open({});
  expect(await allOf(none.source.unsupported(['1']))).toEqual([]);
});
