import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMlflow, type MlflowResponse, type OpenMlflow } from './testing.fixture.ts';

const api = '/api/2.0/mlflow';

let mlflow: OpenMlflow;
let run = '';

beforeAll(async () => {
  mlflow = await openMlflow();
  const created = await mlflow.call('POST', `${api}/runs/create`, { experiment_id: '0' });
  run = (created.body['run'] as { readonly info: { readonly run_id: string } }).info.run_id;
  await mlflow.call('POST', `${api}/logged-models`, { experiment_id: '0', name: 'm' });
});
afterAll(() => mlflow[Symbol.asyncDispose]());

/** A body as text, so that its integers keep their digits. */
function post(path: string, text: string): Promise<MlflowResponse> {
  return mlflow.send({ method: 'POST', path: `${api}/${path}`, text, contentType: 'application/json' });
}

/** Every member of a request that is an int64 and stored. */
const stored: Readonly<Record<string, (integer: string) => Promise<MlflowResponse>>> = {
  'the step of a metric': (integer) =>
    post('runs/log-metric', `{"run_id":"${run}","key":"m","value":1,"timestamp":1,"step":${integer}}`),
  'the timestamp of a metric': (integer) =>
    post('runs/log-metric', `{"run_id":"${run}","key":"m","value":1,"timestamp":${integer}}`),
  'a step in a batch': (integer) =>
    post(
      'runs/log-batch',
      `{"run_id":"${run}","metrics":[{"key":"m","value":1,"timestamp":1,"step":${integer}}]}`,
    ),
  'a timestamp in a batch': (integer) =>
    post('runs/log-batch', `{"run_id":"${run}","metrics":[{"key":"m","value":1,"timestamp":${integer}}]}`),
  'the step of an output': (integer) =>
    post('runs/outputs', `{"run_id":"${run}","models":[{"model_id":"m-1","step":${integer}}]}`),
  'the start of a run': (integer) => post('runs/create', `{"experiment_id":"0","start_time":${integer}}`),
  'the end of a run': (integer) => post('runs/update', `{"run_id":"${run}","end_time":${integer}}`),
};

/** As a number, as a text, and as a double that no longer knows its digits. */
const tooLarge = [
  '9007199254740993',
  '"9007199254740993"',
  '1764446400123456789',
  '9007199254740992.0',
  '2e18',
];
const tooSmall = ['-9007199254740993', '-9223372036854775808', '"-9223372036854775808"'];
const noInteger = ['9223372036854775808', '-9223372036854775809', '1e300', '1.5', '"1e3"', 'NaN', 'Infinity'];

describe.each(Object.entries(stored))('%s', (_name, send) => {
  test.each([...tooLarge, ...tooSmall])('beyond 2^53 it is refused: %s', async (integer) => {
    const { status, text } = await send(integer);
    expect([status, text]).toEqual([
      400,
      expect.stringContaining('It must be from -9007199254740991 to 9007199254740991.'),
    ]);
  });

  test.each(noInteger)('what is no int64 is refused: %s', async (integer) => {
    expect((await send(integer)).status).toBe(400);
  });
});

test('the largest integers that are taken come back exactly, and the run stays readable', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const point = `{"key":"edge","value":1,"timestamp":${most},"step":-${most}}`;
  expect((await post('runs/log-batch', `{"run_id":"${run}","metrics":[${point}]}`)).status).toBe(200);
  const { text } = await mlflow.call('GET', `${api}/metrics/get-history?run_id=${run}&metric_key=edge`);
  expect(text).toContain(`"timestamp":${most},"step":-${most}`);
  const { status, body } = await mlflow.call('GET', `${api}/runs/get?run_id=${run}`);
  expect(status).toBe(200);
  expect(body['run']).toMatchObject({ data: { metrics: [{ key: 'edge', step: -most, timestamp: most }] } });
});

test('a range of steps may reach to the ends of int64', async () => {
  const query = `run_ids=${run}&metric_key=edge&start_step=-9223372036854775808&end_step=9223372036854775807`;
  const { status, text } = await mlflow.call('GET', `${api}/metrics/get-history-bulk-interval?${query}`);
  expect([status, text.includes('"key":"edge"')]).toEqual([200, true]);
});
