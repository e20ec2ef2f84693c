import { expect, test } from 'vitest';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const api = '/api/2.0/mlflow';

test('a history without a limit is answered whole, with one page by page', async () => {
  await using mlflow = await openMlflow();
  const run = await runWithSteps(mlflow, 5);
  const path = `${api}/metrics/get-history?run_id=${run}&metric_key=m`;
  const whole = await mlflow.call('GET', path);
  expect(whole.body['metrics']).toHaveLength(5);
  expect(whole.body['next_page_token']).toBeUndefined();
  const first = await mlflow.call('GET', `${path}&max_results=3`);
  const token = encodeURIComponent(first.body['next_page_token'] as string);
  const second = await mlflow.call('GET', `${path}&max_results=3&page_token=${token}`);
  expect([first, second].flatMap(({ body }) => body['metrics'])).toEqual(whole.body['metrics']);
  expect(second.body['next_page_token']).toBeUndefined();
});

test('a key with spaces and slashes is found', async () => {
  await using mlflow = await openMlflow();
  const run = await runWithSteps(mlflow, 1, 'val/my loss');
  const path = `${api}/metrics/get-history?run_id=${run}&metric_key=val%2Fmy+loss`;
  expect((await mlflow.call('GET', path)).body['metrics']).toHaveLength(1);
});

test('histories of several runs come in the order of their ids, however they are asked for', async () => {
  await using mlflow = await openMlflow();
  const runs = [await runWithSteps(mlflow, 2), await runWithSteps(mlflow, 2), await runWithSteps(mlflow, 2)];
  const path = '/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m';
  for (const asked of [runs, runs.toReversed()]) {
    const { body } = await mlflow.call('GET', `${path}&run_id=${asked.join('&run_id=')}`);
    expect((body['metrics'] as { run_id: string }[]).map(({ run_id }) => run_id)).toEqual(
      runs.toSorted().flatMap((id) => [id, id]),
    );
  }
});

test('a sample of several runs has their first and last steps', async () => {
  await using mlflow = await openMlflow();
  const [long, short] = [await runWithSteps(mlflow, 50), await runWithSteps(mlflow, 2)];
  const path = '/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval';
  const { body } = await mlflow.call(
    'GET',
    `${path}?run_ids=${long}&run_ids=${short}&metric_key=m&max_results=5`,
  );
  const points = body['metrics'] as { run_id: string; step: number }[];
  const stepsOf = (run: string) => points.filter(({ run_id }) => run_id === run).map(({ step }) => step);
  expect([stepsOf(long), stepsOf(short)]).toEqual([
    [0, 1, 10, 20, 30, 40, 49],
    [0, 1],
  ]);
  const part = await mlflow.call('GET', `${path}?run_ids=${long}&metric_key=m&start_step=7&end_step=9`);
  expect((part.body['metrics'] as { step: number }[]).map(({ step }) => step)).toEqual([7, 8, 9]);
});

test.each([
  ['get-history-bulk?metric_key=m', 'GetMetricHistoryBulk request must specify at least one run_id.'],
  ['get-history-bulk?run_id=a', 'GetMetricHistoryBulk request must specify a metric_key.'],
  [
    `get-history-bulk?metric_key=m${'&run_id=a'.repeat(101)}`,
    'GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received 101 run_ids.',
  ],
  ['get-history-bulk-interval?metric_key=m', "Missing value for required parameter 'run_ids'."],
  ['get-history-bulk-interval?run_ids=a', "Missing value for required parameter 'metric_key'."],
  [
    `get-history-bulk-interval?metric_key=m${'&run_ids=a'.repeat(101)}`,
    'GetMetricHistoryBulkInterval request must specify at most 100 run_ids.',
  ],
  [
    'get-history-bulk-interval?run_ids=a&metric_key=m&start_step=1',
    'If either start step or end step are specified, both must be specified.',
  ],
  [
    'get-history-bulk-interval?run_ids=a&metric_key=m&start_step=2&end_step=1',
    'end_step must be greater than start_step',
  ],
  [
    'get-history-bulk-interval?run_ids=a&metric_key=m&max_results=0',
    'max_results must be between 1 and 2500',
  ],
  [
    'get-history-bulk-interval?run_ids=a&metric_key=m&max_results=2501',
    'max_results must be between 1 and 2500',
  ],
])('%s is refused', async (path, message) => {
  await using mlflow = await openMlflow();
  expect(await mlflow.call('GET', `/ajax-api/2.0/mlflow/metrics/${path}`)).toMatchObject({
    status: 400,
    body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining(message) },
  });
});

async function runWithSteps(mlflow: OpenMlflow, count: number, key = 'm'): Promise<string> {
  const { body } = await mlflow.call('POST', `${api}/runs/create`, { experiment_id: '0' });
  const { run_id } = (body as { run: { info: { run_id: string } } }).run.info;
  const metrics = Array.from({ length: count }, (_, step) => ({ key, value: step, timestamp: step, step }));
  await mlflow.call('POST', `${api}/runs/log-batch`, { run_id, metrics });
  return run_id;
}
