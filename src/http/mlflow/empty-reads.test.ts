import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

let mlflow: OpenMlflow;

beforeAll(async () => {
  mlflow = await openMlflow();
});
afterAll(() => mlflow[Symbol.asyncDispose]());

const locations = [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } }];

test.each<[request: string, body: object | undefined, response: object]>([
  ['POST 3.0/mlflow/traces/search', { locations, max_results: 10 }, {}],
  ['POST 3.0/mlflow/traces/search', { locations: [] }, {}],
  ['POST 3.0/mlflow/traces/metrics', { experiment_ids: ['0'], view_type: 'TRACES' }, {}],
  ['POST 3.0/mlflow/traces/batchGetInfos', { trace_ids: ['a'] }, {}],
  ['GET 3.0/mlflow/traces/batchGet?trace_ids=a', undefined, {}],
  ['GET 2.0/mlflow/traces?experiment_ids=0', undefined, {}],
  ['GET 3.0/mlflow/datasets/search', undefined, {}],
  ['POST 3.0/mlflow/datasets/search', { experiment_ids: ['0'], max_results: 10 }, {}],
  ['GET 3.0/mlflow/datasets/a/records', undefined, { records: '[]' }],
  ['GET 3.0/mlflow/datasets/a/experiment-ids', undefined, {}],
  ['GET 3.0/mlflow/gateway/endpoints/list', undefined, {}],
  ['GET 3.0/mlflow/gateway/endpoints/bindings/list', undefined, {}],
  ['GET 3.0/mlflow/gateway/model-definitions/list', undefined, {}],
  ['GET 3.0/mlflow/gateway/secrets/list', undefined, {}],
  ['GET 3.0/mlflow/gateway/guardrails/list', undefined, {}],
  ['GET 3.0/mlflow/gateway/budgets/list', undefined, {}],
  ['GET 3.0/mlflow/gateway/budgets/windows', undefined, {}],
  ['GET 3.0/mlflow/scorers/list?experiment_id=0', undefined, {}],
  ['GET 3.0/mlflow/scorers/online-configs?scorer_ids=a', undefined, { configs: [] }],
  ['POST 3.0/mlflow/issues/search', { experiment_id: '0' }, { next_page_token: '' }],
  ['POST 3.0/mlflow/prompt-optimization/jobs/search', { experiment_id: '0' }, {}],
])('%s finds nothing, in the shape of MLflow 3.12', async (request, body, response) => {
  const [method, path] = request.split(' ') as ['GET' | 'POST', string];
  for (const prefix of ['/api', '/ajax-api'])
    expect(await mlflow.call(method, `${prefix}/${path}`, body)).toMatchObject({
      status: 200,
      body: response,
    });
});

test.each<[method: 'GET' | 'POST', path: string, response: object]>([
  ['GET', '3.0/mlflow/assistant/config', { providers: {}, projects: {} }],
  ['GET', '2.0/mlflow/gateway-proxy', { endpoints: [] }],
  ['GET', '2.0/mlflow/gateway-proxy?gateway_path=api/2.0/endpoints/', { endpoints: [] }],
  ['GET', '3.0/mlflow/gateway/supported-providers', { providers: [] }],
  ['GET', '3.0/mlflow/gateway/supported-models', { models: [] }],
  ['GET', '3.0/mlflow/gateway/secrets/config', { secrets_available: false }],
  ['POST', '3.0/jobs/search', { jobs: [] }],
])("%s %s is there for MLflow's pages alone", async (method, path, response) => {
  const body = method === 'POST' ? {} : undefined;
  expect(await mlflow.call(method, `/ajax-api/${path}`, body)).toMatchObject({ status: 200, body: response });
  expect((await mlflow.call(method, `/api/${path}`, body)).status).toBe(404);
});

test.each([
  ['3.0/mlflow/traces/tr-1', "Trace with ID 'tr-1' not found."],
  ['3.0/mlflow/traces/get?trace_id=tr-1', 'Trace with ID tr-1 is not found.'],
  ['3.0/mlflow/datasets/d-1', "Evaluation dataset with id 'd-1' not found"],
])('there is nothing at %s', async (path, message) => {
  expect(await mlflow.call('GET', `/api/${path}`)).toMatchObject({
    status: 404,
    body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message },
  });
});

test.each([
  ['POST', '3.0/mlflow/traces/search', 'locations'],
  ['POST', '3.0/mlflow/traces/metrics', 'experiment_ids'],
  ['GET', '3.0/mlflow/scorers/list', 'experiment_id'],
] as const)('%s %s without its required field is refused', async (method, path, field) => {
  const response = await mlflow.call(method, `/api/${path}`, method === 'POST' ? {} : undefined);
  expect(response).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining(`Missing value for required parameter '${field}'`) as string },
  });
});

test.each([
  ['POST', '3.0/mlflow/traces', 'traces'],
  ['POST', '3.0/mlflow/traces/delete-traces', 'traces'],
  ['PATCH', '3.0/mlflow/traces/a/tags', 'traces'],
  ['DELETE', '3.0/mlflow/traces/a/tags', 'traces'],
  ['POST', '3.0/mlflow/datasets/create', 'evaluation datasets'],
  ['DELETE', '3.0/mlflow/datasets/a', 'evaluation datasets'],
  ['POST', '3.0/mlflow/gateway/endpoints/create', 'gateway'],
  ['POST', '3.0/mlflow/gateway/secrets/create', 'gateway'],
  ['POST', '3.0/mlflow/scorers/register', 'scorers'],
  ['POST', '3.0/mlflow/issues', 'issues'],
  ['POST', '3.0/mlflow/prompt-optimization/jobs', 'optimization of prompts'],
  ['PATCH', '3.0/mlflow/jobs/cancel/a', 'jobs'],
] as const)('the write %s %s is not supported', async (method, path, name) => {
  for (const prefix of ['/api', '/ajax-api'])
    expect(await mlflow.call(method, `${prefix}/${path}`, {})).toMatchObject({
      status: 404,
      body: {
        error_code: 'ENDPOINT_NOT_FOUND',
        message: expect.stringContaining(`is not supported: Modelyard has no ${name}.`) as string,
      },
    });
});
