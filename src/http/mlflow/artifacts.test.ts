import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { InjectOptions } from 'light-my-request';
import { expect, onTestFinished, test } from 'vitest';
import { sqlRegistryStore } from '../../adapters/sql/registry/registry-store.ts';
import { sqlTrackingStores } from '../../adapters/sql/tracking/tracking-stores.ts';
import { saveDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { RunId } from '../../kernel/ids.ts';
import { sendRaw } from './raw-http.fixture.ts';
import { openServer } from '../native/server.fixture.ts';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const proxied = '/api/2.0/mlflow-artifacts/artifacts';

async function open(): Promise<OpenMlflow> {
  const mlflow = await openMlflow();
  onTestFinished(() => mlflow[Symbol.asyncDispose]());
  return mlflow;
}

async function send({ server }: OpenMlflow, options: InjectOptions) {
  const { statusCode: status, headers, body, rawPayload } = await server.inject(options);
  return { status, headers, body, bytes: rawPayload };
}

type Content = string | Buffer | Readable;

const put = (
  mlflow: OpenMlflow,
  path: string,
  content: Content | readonly [Content, Readonly<Record<string, string>>],
) => {
  const [payload, headers] = Array.isArray(content) ? content : [content, {}];
  return send(mlflow, { method: 'PUT', url: `${proxied}/${path}`, payload, headers });
};

async function newRun({ call }: OpenMlflow): Promise<{ readonly id: string; readonly root: string }> {
  const { body } = await call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 });
  const { info } = body['run'] as {
    readonly info: { readonly run_id: string; readonly artifact_uri: string };
  };
  return { id: info.run_id, root: info.artifact_uri.replace('mlflow-artifacts:/', '') };
}

async function listen({ server }: OpenMlflow): Promise<number> {
  await server.listen({ port: 0, host: '127.0.0.1' });
  return (server.server.address() as AddressInfo).port;
}

test('a file goes in and out as it is, whatever its type and however it is sent', async () => {
  const mlflow = await open();
  const bytes = randomBytes(300_000);
  const streamed = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
  expect(await put(mlflow, 'd/model.bin', streamed)).toMatchObject({ status: 200, body: '{}' });
  const got = await send(mlflow, { method: 'GET', url: `${proxied}/d/model.bin` });
  expect(got.status).toBe(200);
  expect(Buffer.compare(got.bytes, bytes)).toBe(0);
  expect(got.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': '300000',
    'content-disposition': 'attachment; filename=model.bin',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
  for (const type of [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  ])
    expect((await put(mlflow, 'd/a.json', ['not {json', { 'content-type': type }])).status).toBe(200);
  expect((await send(mlflow, { method: 'GET', url: `${proxied}/d/a.json` })).body).toBe('not {json');
  expect((await put(mlflow, 'd/empty', '')).status).toBe(200);
  expect((await send(mlflow, { method: 'GET', url: `${proxied}/d/empty` })).body).toBe('');
});

test('names with spaces, percent signs and other scripts keep them', async () => {
  const mlflow = await open();
  for (const name of ['a b+c.txt', '100%.txt', 'a%20b.txt', 'वज़न 🏏.txt', 'quote".txt', "it's;1.txt"]) {
    const path = `d/${encodeURIComponent(name)}`;
    expect([name, (await put(mlflow, path, name)).status]).toEqual([name, 200]);
    const got = await send(mlflow, { method: 'GET', url: `${proxied}/${path}` });
    expect(got.bytes.toString()).toBe(name);
    expect(got.headers['content-disposition']).toMatch(/^attachment; filename[=*][\x20-\x7e]+$/);
  }
  const listed = await mlflow.call('GET', `${proxied}?path=d`);
  expect((listed.body['files'] as readonly { path: string }[]).map(({ path }) => path)).toContain(
    'a%20b.txt',
  );
});

test('a part of a file, an unchanged file, and one that changed meanwhile', async () => {
  const mlflow = await open();
  await put(mlflow, 'score.txt', '0123456789');
  const get = (headers: Readonly<Record<string, string>>) =>
    send(mlflow, { method: 'GET', url: `${proxied}/score.txt`, headers });
  expect(await get({ range: 'bytes=2-4' })).toMatchObject({
    status: 206,
    body: '234',
    headers: { 'content-range': 'bytes 2-4/10', 'content-length': '3' },
  });
  expect(await get({ range: 'bytes=7-' })).toMatchObject({ status: 206, body: '789' });
  expect(await get({ range: 'bytes=-2' })).toMatchObject({ status: 206, body: '89' });
  expect(await get({ range: 'bytes=0-999' })).toMatchObject({ status: 206, body: '0123456789' });
  expect(await get({ range: 'bytes=10-' })).toMatchObject({
    status: 416,
    headers: { 'content-range': 'bytes */10' },
  });
  for (const range of ['bytes=4-2', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,3-4'])
    expect(await get({ range })).toMatchObject({ status: 200, body: '0123456789' });
  const tag = String((await get({})).headers['etag']);
  expect(await get({ 'if-none-match': `"x", ${tag}` })).toMatchObject({ status: 304, body: '' });
  expect(await get({ range: 'bytes=0-0', 'if-range': tag })).toMatchObject({ status: 206, body: '0' });
  expect(await get({ range: 'bytes=0-0', 'if-range': '"old"' })).toMatchObject({ status: 200 });
  await put(mlflow, 'score.txt', 'abcdefghij');
  expect(await get({ 'if-none-match': tag })).toMatchObject({ status: 200, body: 'abcdefghij' });
  const head = await send(mlflow, { method: 'HEAD', url: `${proxied}/score.txt` });
  expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '10' } });
});

test.each([
  ['MLmodel', 'text/plain'],
  ['mlproject', 'text/plain'],
  ['conda.yaml', 'text/plain'],
  ['train.py', 'text/plain'],
  ['metrics.json', 'text/plain'],
  ['plot.PNG', 'image/png'],
  ['page.html', 'text/html'],
  ['drawing.svg', 'image/svg+xml'],
  ['model', 'application/octet-stream'],
  ['model.unknown', 'application/octet-stream'],
])('%s is sent as %s, to be saved and never shown', async (name, type) => {
  const mlflow = await open();
  await put(mlflow, `d/${name}`, '<script>alert(1)</script>');
  const { headers } = await send(mlflow, { method: 'GET', url: `${proxied}/d/${name}` });
  expect(headers).toMatchObject({
    'content-type': type,
    'content-disposition': `attachment; filename=${name}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
});

test('a promised digest is held to', async () => {
  const mlflow = await open();
  const digestOf = (text: string): string =>
    `sha-256=:${createHash('sha256').update(text).digest('base64')}:`;
  expect((await put(mlflow, 'a', ['six', { 'content-digest': digestOf('six') }])).status).toBe(200);
  const wrong = await put(mlflow, 'a', ['sixes', { 'content-digest': digestOf('fours') }]);
  expect(wrong.status).toBe(400);
  expect((await send(mlflow, { method: 'GET', url: `${proxied}/a` })).body).toBe('six');
});

test('a body that is cut off leaves no file, and one that waits for 100 Continue is taken', async () => {
  const mlflow = await open();
  const port = await listen(mlflow);
  await sendRaw(port, {
    method: 'PUT',
    target: `${proxied}/cut`,
    headers: { 'content-length': '100' },
    body: 'half',
    cutOff: true,
  });
  expect((await sendRaw(port, { method: 'GET', target: `${proxied}/cut` })).status).toBe(404);
  await expect.poll(() => readdir(join(mlflow.folder, 'artifacts/tmp'))).toEqual([]);
  const chunked = await sendRaw(port, {
    method: 'PUT',
    target: `${proxied}/chunked`,
    headers: { 'transfer-encoding': 'chunked', expect: '100-continue' },
    body: '4\r\nsix \r\n4\r\nfour\r\n0\r\n\r\n',
  });
  expect(chunked.status).toBe(100);
  expect((await sendRaw(port, { method: 'GET', target: `${proxied}/chunked` })).body).toBe('six four');
});

test('folders are listed and deleted, below the store and below a run', async () => {
  const mlflow = await open();
  const { id, root } = await newRun(mlflow);
  for (const name of ['d/a.txt', 'd/e/b.txt', 'c.txt']) await put(mlflow, `${root}/${name}`, name);
  const listStore = async (path: string) => (await mlflow.call('GET', `${proxied}?path=${path}`)).body;
  expect(await listStore(root)).toEqual({
    files: [
      { path: 'c.txt', is_dir: false, file_size: 5 },
      { path: 'd', is_dir: true },
    ],
  });
  const listRun = async (query: string) =>
    (await mlflow.call('GET', `/api/2.0/mlflow/artifacts/list?run_id=${id}${query}`)).body;
  const rootUri = `mlflow-artifacts:/${root}`;
  expect(await listRun('&path=d')).toEqual({
    root_uri: rootUri,
    files: [
      { path: 'd/a.txt', is_dir: false, file_size: 7 },
      { path: 'd/e', is_dir: true },
    ],
  });
  expect(await listRun('&path=c.txt')).toEqual({ root_uri: rootUri });
  expect(await listRun('&path=none')).toEqual({ root_uri: rootUri });
  expect((await mlflow.call('DELETE', `${proxied}/${root}/d`)).body).toEqual({});
  expect(await listRun('')).toEqual({
    root_uri: rootUri,
    files: [{ path: 'c.txt', is_dir: false, file_size: 5 }],
  });
  expect((await mlflow.call('GET', '/api/2.0/mlflow/artifacts/list?run_id=none')).body).toMatchObject({
    error_code: 'RESOURCE_DOES_NOT_EXIST',
    message: 'Run with id=none not found',
  });
  expect((await mlflow.call('GET', '/api/2.0/mlflow/artifacts/list?path=d')).body).toMatchObject({
    message: expect.stringContaining("Missing value for required parameter 'run_id'."),
  });
});

test('an upload in parts goes through the addresses that it is given', async () => {
  const mlflow = await open();
  const { root } = await newRun(mlflow);
  const port = await listen(mlflow);
  const base = `http://localhost:${port}`;
  const authorization = 'Basic dTpw';
  const post = async (path: string, body: object) => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
  };
  const begun = await post(`/api/2.0/mlflow-artifacts/mpu/create/${root}/d`, {
    path: '/tmp/somewhere/large file.bin',
    num_parts: 3,
  });
  const credentials = begun.body['credentials'] as readonly {
    readonly url: string;
    readonly part_number: number;
    readonly headers: Readonly<Record<string, string>>;
  }[];
  expect(credentials.map(({ part_number }) => part_number)).toEqual([1, 2, 3]);
  const contents = [randomBytes(70_000), randomBytes(70_000), Buffer.from('end')];
  const parts = await Promise.all(
    credentials.map(async ({ url, part_number, headers }) => {
      expect(url.startsWith(base)).toBe(true);
      expect(headers).toEqual({ Authorization: authorization });
      const body = contents[part_number - 1] ?? Buffer.alloc(0);
      const response = await fetch(url, { method: 'PUT', body, headers });
      expect(response.status).toBe(200);
      return { part_number, etag: response.headers.get('etag'), url };
    }),
  );
  const complete = { path: 'large file.bin', upload_id: begun.body['upload_id'], parts };
  expect(await post(`/api/2.0/mlflow-artifacts/mpu/complete/${root}/d`, complete)).toEqual({
    status: 200,
    body: {},
  });
  const got = await fetch(`${base}${proxied}/${root}/d/large%20file.bin`);
  expect(Buffer.compare(Buffer.from(await got.arrayBuffer()), Buffer.concat(contents))).toBe(0);
  expect((await post(`/api/2.0/mlflow-artifacts/mpu/complete/${root}/d`, complete)).status).toBe(404);
  const another = await post(`/api/2.0/mlflow-artifacts/mpu/create/${root}`, { path: 'x' });
  expect(another.body['credentials']).toHaveLength(1);
  const abort = { path: 'x', upload_id: another.body['upload_id'] };
  expect((await post(`/api/2.0/mlflow-artifacts/mpu/abort/${root}`, abort)).status).toBe(200);
  expect(await readdir(join(mlflow.folder, 'artifacts/uploads'))).toEqual([]);
  for (const num_parts of [-1, 10_001])
    expect(
      (await post(`/api/2.0/mlflow-artifacts/mpu/create/${root}`, { path: 'x', num_parts })).status,
    ).toBe(400);
});

test.each([
  ['a trusted proxy that speaks https', { proxies: ['127.0.0.1'] }, 'https://localhost/'],
  ['a caller that is no trusted proxy', {}, 'http://localhost/'],
  [
    'any caller of a server with a public address',
    { publicUrl: 'https://ml.example.org' },
    'https://ml.example.org/',
  ],
])('the addresses of parts fit %s', async (_who, options, origin) => {
  const mlflow = await open();
  const server = await openServer({ mlflow: mlflow.services, ...options });
  onTestFinished(() => server.close());
  const post = (action: string, payload: object) =>
    server.inject({
      method: 'POST',
      url: `/api/2.0/mlflow-artifacts/mpu/${action}/0`,
      headers: { host: 'localhost', 'x-forwarded-proto': 'https' },
      payload,
    });
  const begun = (await post('create', { path: 'y', num_parts: 1 })).json<{
    readonly upload_id: string;
    readonly credentials: readonly { readonly url: string }[];
  }>();
  const { upload_id } = begun;
  expect(begun.credentials.map(({ url }) => url)).toEqual([
    `${origin}api/2.0/mlflow-artifacts/mpu/part/${upload_id}/1/0/y`,
  ]);
  expect((await post('abort', { path: 'y', upload_id })).statusCode).toBe(200);
});

test('the UI uploads up to 10 MB into a run', async () => {
  const mlflow = await open();
  const { id } = await newRun(mlflow);
  const upload = (query: string, payload: string | Buffer, prefix = '/ajax-api/2.0') =>
    send(mlflow, { method: 'POST', url: `${prefix}/mlflow/upload-artifact?${query}`, payload });
  expect(await upload(`run_uuid=${id}&path=t/table.json`, '{}')).toMatchObject({ status: 200, body: '{}' });
  const get = await send(mlflow, { method: 'GET', url: `/get-artifact?run_id=${id}&path=t/table.json` });
  expect(get).toMatchObject({ status: 200, body: '{}' });
  expect((await upload(`path=x`, '{}')).body).toContain('Request must specify run_uuid.');
  expect((await upload(`run_uuid=${id}`, '{}')).body).toContain('Request must specify path.');
  expect((await upload(`run_uuid=${id}&path=x`, '')).body).toContain('Request must specify data.');
  const large = await upload(`run_uuid=${id}&path=x`, Buffer.alloc((10 << 20) + 1));
  expect(large.status).toBe(400);
  expect(large.body).toContain('Artifact size is too large. Max size is 10MB.');
  expect((await upload(`run_uuid=${id}&path=x`, '{}', '/api/2.0')).status).toBe(404);
});

test('a store of this machine gives no addresses past the server', async () => {
  const mlflow = await open();
  const { id } = await newRun(mlflow);
  const notHere = { status: 501, body: { error_code: 'NOT_IMPLEMENTED' } };
  expect(await mlflow.call('GET', '/api/2.0/mlflow-artifacts/presigned/1/x')).toMatchObject(notHere);
  for (const way of ['upload', 'download']) {
    const path = `/api/2.0/mlflow/artifacts/presigned-${way}-url`;
    expect(await mlflow.call('POST', path, { run_id: id, path: 'x' })).toMatchObject(notHere);
    expect(await mlflow.call('POST', path, { path: 'x' })).toMatchObject({ status: 400 });
  }
});

/** What the pipeline leaves: a run with a trained model, registered as a version. */
async function trained(mlflow: OpenMlflow): Promise<{ readonly run: RunId; readonly folder: Digest }> {
  const { blobs, database } = mlflow;
  const tracking = sqlTrackingStores(database);
  const files = [];
  for (const name of ['MLmodel', 'data/model.json']) files.push({ name, ...(await blobs.put(`of ${name}`)) });
  const folder = await saveDataset({ kind: 'files', files }, blobs);
  const facts = await saveDataset({ kind: 'value', value: 1 }, blobs);
  const { id: experimentId } = await tracking.experiments.ensure('t20', 1);
  const run = 'ab'.repeat(16) as RunId;
  await tracking.runs.create({ id: run, experimentId, name: 'brisk-heron', startedAt: 1 });
  await tracking.tasks.saveDatasets(run, [
    { direction: 'output', name: 'model', digest: folder, task: 'score/train' },
    { direction: 'output', name: 'report', digest: facts, task: 'score/evaluate' },
    { direction: 'input', name: 'rows', digest: folder, task: 'score/split' },
  ]);
  await sqlRegistryStore(database).register({
    model: 'score',
    runId: run,
    folder,
    metrics: {},
    createdAt: 1,
  });
  return { run, folder };
}

test('what our pipeline trained is read by any client, of the run, of the version and by its digest', async () => {
  const mlflow = await open();
  const { run, folder } = await trained(mlflow);
  const listed = await mlflow.call('GET', `/api/2.0/mlflow/artifacts/list?run_id=${run}`);
  expect(listed.body).toMatchObject({ files: [{ path: 'model', is_dir: true }] });
  const root = (listed.body['root_uri'] as string).replace('mlflow-artifacts:/', '');
  const inside = await mlflow.call('GET', `${proxied}?path=${root}/model`);
  expect(inside.body).toEqual({
    files: [
      { path: 'MLmodel', is_dir: false, file_size: 10 },
      { path: 'data', is_dir: true },
    ],
  });
  const uri = await mlflow.call(
    'GET',
    '/api/2.0/mlflow/model-versions/get-download-uri?name=score&version=1',
  );
  expect(uri.body).toEqual({ artifact_uri: `mlflow-artifacts:/modelyard/${folder}` });
  for (const url of [
    `${proxied}/${root}/model/data/model.json`,
    `${proxied}/modelyard/${folder}/data/model.json`,
    `/get-artifact?run_id=${run}&path=model/data/model.json`,
    '/model-versions/get-artifact?name=score&version=1&path=data/model.json',
  ])
    expect(await send(mlflow, { method: 'GET', url, headers: { range: 'bytes=3-' } })).toMatchObject({
      status: 206,
      body: 'data/model.json',
    });
  expect((await mlflow.call('GET', `${proxied}?path=modelyard/${folder}/data`)).body).toEqual({
    files: [{ path: 'model.json', is_dir: false, file_size: 18 }],
  });
});

test('what our pipeline wrote is not written to or deleted, and other blobs are not shown', async () => {
  const mlflow = await open();
  const { run, folder } = await trained(mlflow);
  const { digest: secret } = await mlflow.blobs.put('secret rows');
  const { body } = await mlflow.call('GET', `/api/2.0/mlflow/artifacts/list?run_id=${run}`);
  const root = (body['root_uri'] as string).replace('mlflow-artifacts:/', '');
  for (const path of [
    `modelyard/${folder}/MLmodel`,
    `modelyard/x`,
    `${root}/model/MLmodel`,
    `${root}/model`,
  ]) {
    expect([path, (await put(mlflow, path, 'changed')).status]).toEqual([path, 400]);
    expect([path, (await mlflow.call('DELETE', `${proxied}/${path}`)).status]).toEqual([path, 400]);
  }
  expect((await put(mlflow, `${root}/notes.txt`, 'mine')).status).toBe(200);
  const listed = await mlflow.call('GET', `${proxied}?path=${root}`);
  expect(listed.body).toMatchObject({ files: [{ path: 'model' }, { path: 'notes.txt' }] });
  for (const path of [
    `modelyard/${secret}`,
    `modelyard/${secret}/x`,
    'modelyard',
    `modelyard/${'0'.repeat(64)}/x`,
  ]) {
    expect([path, (await mlflow.call('GET', `${proxied}/${path}`)).status]).toEqual([path, 404]);
    expect([path, (await mlflow.call('GET', `${proxied}?path=${path}`)).body]).toEqual([path, {}]);
  }
});
