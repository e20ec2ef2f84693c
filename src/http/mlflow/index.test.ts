import fastify from 'fastify';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { silentLog } from '../../kernel/log.ts';
import { addMlflow } from './index.ts';
import { serverInfoRawEndpoints } from './server-info.ts';
import { testResetEndpoints } from './test-reset.ts';
import { openMlflow } from './testing.fixture.ts';
import type { RawEndpoint } from './wire/raw-endpoint.ts';
import { registerEndpoints } from './wire/register.ts';

test('tells that it lives, and the version of the API', async () => {
  await using mlflow = await openMlflow();
  expect(await mlflow.call('GET', '/health')).toMatchObject({ status: 200, text: 'OK' });
  expect(await mlflow.call('GET', '/version')).toMatchObject({ status: 200, text: '3.12.0' });
  for (const prefix of ['/api/3.0', '/ajax-api/3.0'])
    expect(await mlflow.call('GET', `${prefix}/mlflow/server-info`)).toMatchObject({
      status: 200,
      body: {
        store_type: 'SqlStore',
        workspaces_enabled: false,
        multipart_uploads_enabled: false,
        multipart_downloads_enabled: false,
      },
    });
  expect(await mlflow.call('GET', '/ajax-api/3.0/mlflow/ui-telemetry')).toMatchObject({
    body: { disable_ui_telemetry: true },
  });
  expect(await mlflow.call('POST', '/ajax-api/3.0/mlflow/ui-telemetry', { records: [] })).toMatchObject({
    status: 200,
    body: { status: 'disabled' },
  });
});

test('a store that takes and gives files itself is told of', async () => {
  await using mlflow = await openMlflow();
  const { services } = mlflow;
  const never = async (): Promise<never> => expect.unreachable();
  const direct = { download: never, upload: never, part: never };
  await using server = fastify();
  await addMlflow(server, { ...services, artifacts: { ...services.artifacts, direct } });
  expect((await server.inject('/api/3.0/mlflow/server-info')).json()).toMatchObject({
    multipart_uploads_enabled: true,
    multipart_downloads_enabled: true,
  });
});

test('what a clients logs below one prefix is read below every other', async () => {
  await using mlflow = await openMlflow();
  const created = await mlflow.call('POST', '/api/2.0/mlflow/experiments/create', { name: 'a b' });
  for (const prefix of ['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'])
    for (const name of ['a%20b', 'a+b']) {
      const { body } = await mlflow.call(
        'GET',
        `${prefix}/mlflow/experiments/get-by-name?experiment_name=${name}`,
      );
      expect(body).toMatchObject({ experiment: { name: 'a b', ...created.body } });
    }
});

test('the store is emptied from outside only where the services can', async () => {
  let resets = 0;
  const reset = async (): Promise<void> => {
    resets++;
  };
  const statusWith = async (testEndpoints: readonly RawEndpoint<object>[]): Promise<number> => {
    await using server = fastify();
    const rawEndpoints = [...serverInfoRawEndpoints, ...testEndpoints];
    await registerEndpoints(server, { endpoints: [], rawEndpoints, services: {}, log: silentLog });
    return (await server.inject({ method: 'POST', url: '/test/reset' })).statusCode;
  };
  expect(await statusWith([])).toBe(404);
  expect(await statusWith(testResetEndpoints(reset))).toBe(200);
  expect(resets).toBe(1);
});

async function graphql(
  { call }: Pick<Awaited<ReturnType<typeof openMlflow>>, 'call'>,
  query: string,
  variables: JsonObject = {},
): Promise<JsonObject> {
  return (await call('POST', '/graphql', { query, variables })).body;
}

test('the pages of MLflow get a run with its experiment, its versions and its points by one query', async () => {
  await using mlflow = await openMlflow();
  const post = async (path: string, body: Json): Promise<JsonObject> =>
    (await mlflow.call('POST', `/api/2.0/mlflow/${path}`, body)).body;
  const { experiment_id } = await post('experiments/create', { name: 'e' });
  const created = (await post('runs/create', { experiment_id: experiment_id ?? null, start_time: 5 })) as {
    readonly run: { readonly info: { readonly run_id: string } };
  };
  const { run_id } = created.run.info;
  await post('runs/log-batch', {
    run_id,
    metrics: [
      { key: 'm', value: 1.5, timestamp: 1, step: 0 },
      { key: 'm', value: 'NaN', timestamp: 2, step: 1 },
    ],
  });
  await post('registered-models/create', { name: 'model' });
  await post('model-versions/create', { name: 'model', source: 's3://b/k', run_id });
  const query = `query q($run: String!) {
    mlflowGetRun(input: { runId: $run }) {
      run { info { runId startTime status } experiment { name } modelVersions { name version } data { metrics { value step } } }
    }
    mlflowGetMetricHistoryBulkInterval(input: { runIds: [$run], metricKey: "m", maxResults: 10 }) {
      metrics { value step timestamp }
    }
  }`;
  expect(await graphql(mlflow, query, { run: run_id })).toEqual({
    data: {
      mlflowGetRun: {
        run: {
          info: { runId: run_id, startTime: '5', status: 'RUNNING' },
          experiment: { name: 'e' },
          modelVersions: [{ name: 'model', version: '1' }],
          data: { metrics: [{ value: null, step: '1' }] },
        },
      },
      mlflowGetMetricHistoryBulkInterval: {
        metrics: [
          { value: 1.5, step: '0', timestamp: '1' },
          { value: null, step: '1', timestamp: '2' },
        ],
      },
    },
    errors: null,
  });
  const search =
    '{ mlflowSearchRuns(input: { experimentIds: ["1"], filter: "metrics.m >" }) { runs { info { runId } } } }';
  expect(await graphql(mlflow, search)).toEqual({
    data: { mlflowSearchRuns: null },
    errors: ["Invalid clause(s) in filter string: 'metrics.m', '>'"],
  });
});

test('a GraphQL request must say that it is JSON, be JSON, and hold a query', async () => {
  await using mlflow = await openMlflow();
  const query = { method: 'POST', path: '/graphql', text: '{"query": "{ test { output } }"}' } as const;
  expect(await mlflow.send({ ...query, contentType: 'application/json' })).toMatchObject({ status: 200 });
  expect(await mlflow.send({ ...query, contentType: 'text/plain' })).toMatchObject({
    status: 400,
    body: { message: "Bad Request. Content-Type must be one of ['application/json']." },
  });
  expect(await mlflow.call('POST', '/graphql', 'no json')).toMatchObject({ status: 400 });
  expect(await mlflow.call('POST', '/graphql', {})).toMatchObject({ status: 400 });
  expect(await mlflow.call('GET', '/graphql?query=%7Btest%7Boutput%7D%7D')).toMatchObject({
    body: { data: { test: { output: null } }, errors: null },
  });
});
