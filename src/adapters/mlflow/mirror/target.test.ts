import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Fault, MirrorTarget } from '../../../exchange/mirror/target.ts';
import type { Json } from '../../../kernel/json.ts';
import { openMlflowClient } from '../client.ts';
import { mlflowTarget } from './target.ts';

interface Asked {
  readonly request: string;
  readonly body: string;
}

interface FakeResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json | string;
}

interface TargetOfTest extends MirrorTarget {
  readonly asked: readonly Asked[];
}

/** A target whose server has the given responses. */
async function targetOf(respond: (request: string) => FakeResponse): Promise<TargetOfTest> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const line = `${request.method} ${request.url}`;
      asked.push({ request: line, body });
      const { status = 200, headers = {}, body: reason } = respond(line);
      response.writeHead(status, headers).end(typeof reason === 'string' ? reason : JSON.stringify(reason));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const target = mlflowTarget(openMlflowClient({ url: `http://127.0.0.1:${port}` }));
  return {
    ...target,
    asked,
    async [Symbol.asyncDispose]() {
      await target[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function faultOf(target: MirrorTarget): Promise<Fault | undefined> {
  try {
    await target.check();
    return undefined;
  } catch (error) {
    return target.faultOf(error);
  }
}

test.each([
  ['400', { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'no' } }, 'refused'],
  ['403', { status: 403, body: { error_code: 'PERMISSION_DENIED', message: 'no' } }, 'refused'],
  ['404', { status: 404, body: '<html>' }, 'refused'],
  ['501', { status: 501, body: {} }, 'refused'],
  ['401', { status: 401, body: 'sign in' }, 'away'],
  ['429', { status: 429, headers: { 'retry-after': '3' }, body: {} }, 'away'],
  ['503', { status: 503, body: {} }, 'away'],
  ['a redirection', { status: 302, headers: { location: '/login' }, body: '' }, 'away'],
  ['a page to sign in', { body: '<html>' }, 'away'],
  ['500', { status: 500, body: { error_code: 'INTERNAL_ERROR', message: 'no' } }, 'failed'],
] as const)('%s is a fault of the kind %s', async (_case, respond, kind) => {
  await using target = await targetOf(() => respond);
  expect(await faultOf(target)).toMatchObject({ kind });
});

test('a server that says when to come back is away for so long', async () => {
  await using target = await targetOf(() => ({ status: 429, headers: { 'retry-after': '3' }, body: {} }));
  expect(await faultOf(target)).toMatchObject({ kind: 'away', after: 3000 });
});

test('an unreachable server is away, and an error of this side is not its fault', async () => {
  const target = await targetOf(() => ({ body: {} }));
  await target[Symbol.asyncDispose]();
  expect(await faultOf(target)).toMatchObject({ kind: 'away' });
  expect(target.faultOf(new TypeError('ours'))).toBeUndefined();
});

test('NaN and infinities are sent by name, and a point with its model and dataset', async () => {
  await using target = await targetOf(() => ({ body: {} }));
  const at = { key: 'm', step: 1, timestamp: 2 };
  const metrics = [Number.NaN, Infinity, -Infinity, 0.1].map((value) => ({ ...at, value }));
  const about = { ...at, value: 1, modelId: 'm-1', datasetName: 'rows', datasetDigest: 'd' };
  await target.runs.log('r', { metrics: [...metrics, about], params: [], tags: [] });
  expect(JSON.parse(target.asked[0]?.body ?? '')).toEqual({
    run_id: 'r',
    metrics: [
      ...['NaN', 'Infinity', '-Infinity', 0.1].map((value) => ({ ...at, value })),
      { ...at, value: 1, model_id: 'm-1', dataset_name: 'rows', dataset_digest: 'd' },
    ],
    params: [],
    tags: [],
  });
});

test('a history is read to its last page', async () => {
  await using target = await targetOf((request) =>
    request.includes('page_token=t')
      ? { body: { metrics: [{ key: 'm', value: 'NaN', step: '2', timestamp: '5' }] } }
      : { body: { metrics: [{ key: 'm', value: 1, timestamp: 4 }], next_page_token: 't' } },
  );
  const points = [];
  for await (const point of target.runs.history('r', 'm')) points.push(point);
  expect(points).toEqual([
    { value: 1, step: 0, timestamp: 4 },
    { value: Number.NaN, step: 2, timestamp: 5 },
  ]);
});

test('only links that are not there yet are sent', async () => {
  const links = {
    inputs: {
      dataset_inputs: [{ dataset: { name: 'a', digest: '1' } }],
      model_inputs: [{ model_id: 'm-1' }],
    },
    outputs: { model_outputs: [{ model_id: 'm-2', step: '0' }] },
  };
  await using target = await targetOf((request) => ({
    body: request.startsWith('GET') ? { run: links } : {},
  }));
  const dataset = (name: string) => ({
    dataset: { name, digest: '1', sourceType: 't', source: 's' },
    tags: [],
  });
  const [first, second] = [dataset('a'), dataset('b')];
  await target.runs.link('r', {
    datasets: [first],
    modelInputs: ['m-1'],
    modelOutputs: [{ modelId: 'm-2', step: 0 }],
  });
  expect(target.asked).toHaveLength(1);
  await target.runs.link('r', {
    datasets: [first, second],
    modelInputs: [],
    modelOutputs: [{ modelId: 'm-3', step: 4 }],
  });
  expect(
    target.asked.slice(2).map(({ request, body }) => [request, JSON.parse(body) as unknown]),
  ).toMatchObject([
    ['POST /api/2.0/mlflow/runs/log-inputs', { datasets: [{ dataset: { name: 'b' } }] }],
    ['POST /api/2.0/mlflow/runs/outputs', { models: [{ model_id: 'm-3', step: 4 }] }],
  ]);
});

test('an experiment that is there is found by its name, also one that was created meanwhile', async () => {
  let isThere = false;
  await using target = await targetOf((request) => {
    if (request.startsWith('POST')) {
      isThere = true;
      return { status: 400, body: { error_code: 'RESOURCE_ALREADY_EXISTS', message: 'exists' } };
    }
    return isThere
      ? { body: { experiment: { experiment_id: '7' } } }
      : { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' } };
  });
  expect(await target.experiments.find('e')).toBeUndefined();
  expect(await target.experiments.create('e', [])).toBe('7');
  expect(await target.experiments.find('e')).toBe('7');
});

test('a version is found by its tag on any page', async () => {
  const version = (number: string, value: string) => ({ version: number, tags: [{ key: 'k', value }] });
  await using target = await targetOf((request) =>
    request.includes('page_token=t')
      ? { body: { model_versions: [version('3', 'x')] } }
      : { body: { model_versions: [{ version: '4' }, version('5', 'y')], next_page_token: 't' } },
  );
  expect(await target.registry.findVersion("it's", { key: 'k', value: 'x' })).toBe('3');
  expect(await target.registry.findVersion("it's", { key: 'k', value: 'z' })).toBeUndefined();
  expect(decodeURIComponent(target.asked[0]?.request ?? '')).toContain(`name+=+"it's"`);
});

test('a file goes to the folder that the server itself keeps, and to no other store', async () => {
  await using target = await targetOf(() => ({ body: {} }));
  const file = { size: 1, content: once('x') };
  await target.files.put('mlflow-artifacts:/1/r/artifacts', 'a b/ü#.txt', file);
  await target.files.delete(`${target.url}/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts`, 'a');
  expect(target.asked).toEqual([
    { request: 'PUT /api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/a%20b/%C3%BC%23.txt', body: 'x' },
    { request: 'DELETE /api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/a', body: '{}' },
  ]);
  for (const uri of ['s3://bucket/1', 'dbfs:/1', 'http://other/api/2.0/mlflow-artifacts/artifacts/1'])
    await expect(target.files.put(uri, 'a', file)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('deleting a missing entity and creating an existing one succeed', async () => {
  await using target = await targetOf((request) =>
    request.includes('/create')
      ? { status: 400, body: { error_code: 'RESOURCE_ALREADY_EXISTS', message: 'exists' } }
      : { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' } },
  );
  const version = { model: 'm', version: '1' };
  await target.registry.createModel('m', '', []);
  await target.registry.renameModel('m', 'n');
  await target.registry.deleteVersion(version);
  await target.registry.deleteAlias('m', 'a');
  await target.registry.deleteModel('m');
  await target.runs.deleteTag('r', 't');
  await expect(target.registry.setAlias(version, 'a')).rejects.toMatchObject({
    errorCode: 'RESOURCE_DOES_NOT_EXIST',
  });
});

test.each([
  ['a model', (target: MirrorTarget) => target.registry.renameModel('old', 'new'), 'registered-models/get'],
  [
    'an experiment',
    (target: MirrorTarget) => target.experiments.rename('7', 'new'),
    'experiments/get-by-name',
  ],
])(
  '%s that has its new name already counts as renamed; a name in use is refused',
  async (_case, rename, look) => {
    let isDone = true;
    await using target = await targetOf((request) => {
      if (!request.includes(look))
        return { status: 400, body: { error_code: 'RESOURCE_ALREADY_EXISTS', message: 'exists' } };
      const other = { registered_model: {}, experiment: { experiment_id: '8' } };
      if (!isDone) return { body: other };
      return look.startsWith('experiments')
        ? { body: { experiment: { experiment_id: '7' } } }
        : { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' } };
    });
    await rename(target);
    isDone = false;
    await expect(rename(target)).rejects.toMatchObject({ code: 'INPUT_INVALID', detail: { value: 'new' } });
  },
);

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
