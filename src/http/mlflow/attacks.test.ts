import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RawResponse, type RawRequest, sendRaw } from './raw-http.fixture.ts';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const prefixes = ['/api/2.0', '/api/3.0', '/ajax-api/2.0', '/ajax-api/3.0', '/api/2.0/preview'];
const secret = 'canary: alive';

/** Paths that leave the artifacts, or would in some reading of them; as they stand in an address. */
const escapes = [
  '../x',
  '../canary',
  '../../canary',
  '../../../canary',
  '..\\x',
  '..%5ccanary',
  '%2e%2e/',
  '%2e%2e/canary',
  '%2e%2e%2fcanary',
  '..%2f..%2fcanary',
  '%252e%252e%252f',
  '%252E%252E%252F%252E%252E%252Fcanary',
  '%25252e%25252e%25252fcanary',
  '..%c0%afcanary',
  '%c0%ae%c0%ae/canary',
  '....//canary',
  '//abs',
  '%2fabs',
  '%2f%2fabs',
  '/etc/passwd',
  'C:/x',
  'C:%5cx',
  'c%3a/x',
  '%5c%5chost%5cshare',
  'a/../../canary',
  'a%00.txt',
  'a%3fb',
  'a%3F/../../canary',
  'a%23b',
  'a%23/../../canary',
  'a;/../../canary',
  'file:/etc/passwd',
  'FILE:%2f%2f%2fetc%2fpasswd',
  'a%0d%0ab',
  `${'n'.repeat(4096)}`,
  'a//b',
  '..',
];

/** Folders by the long way: a list has them, and nothing else does. */
const dotted = ['a/./x', './x', '.'];

/** Names that look odd and stay where they are. */
const harmless = ['a;b', '~/x', 'CON', 'trailing.', 'trailing%20', 'caf%C3%A9', 'cafe%CC%81', '%2541'];

interface Target {
  readonly name: string;
  readonly requestOf: (path: string) => RawRequest;
  readonly lists?: true;
}

let mlflow: OpenMlflow;
let port = 0;
let run = '';
let model = '';

beforeAll(async () => {
  mlflow = await openMlflow();
  await mlflow.server.listen({ port: 0, host: '127.0.0.1' });
  port = (mlflow.server.server.address() as AddressInfo).port;
  for (const folder of ['.', 'artifacts', 'artifacts/files'])
    await writeFile(join(mlflow.folder, folder, 'canary'), secret);
  const created = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  run = (created.body['run'] as { info: { run_id: string } }).info.run_id;
  const logged = await mlflow.call('POST', '/api/2.0/mlflow/logged-models', {
    experiment_id: '0',
    name: 'm',
  });
  model = (logged.body['model'] as { info: { model_id: string } }).info.model_id;
  await mlflow.call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'm' });
  const version = { name: 'm', source: `mlflow-artifacts:/0/${run}/artifacts/m`, run_id: run };
  expect((await mlflow.call('POST', '/api/2.0/mlflow/model-versions/create', version)).status).toBe(200);
});

afterAll(() => mlflow[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json' };

function proxiedTargets(prefix: string): readonly Target[] {
  const artifacts = `${prefix}/mlflow-artifacts/artifacts`;
  const parts = `${prefix}/mlflow-artifacts/mpu`;
  const part = { upload_id: '0'.repeat(32), parts: [{ part_number: 1, etag: 'x' }] };
  return [
    { name: 'GET a file', requestOf: (path) => ({ method: 'GET', target: `${artifacts}/${path}` }) },
    {
      name: 'PUT a file',
      requestOf: (path) => ({ method: 'PUT', target: `${artifacts}/${path}`, body: 'changed' }),
    },
    { name: 'DELETE a file', requestOf: (path) => ({ method: 'DELETE', target: `${artifacts}/${path}` }) },
    {
      name: 'list',
      requestOf: (path) => ({ method: 'GET', target: `${artifacts}?path=${path}` }),
      lists: true,
    },
    {
      name: 'presigned',
      requestOf: (path) => ({ method: 'GET', target: `${prefix}/mlflow-artifacts/presigned/${path}` }),
    },
    ...['create', 'complete', 'abort'].flatMap((step): readonly Target[] => [
      {
        name: `mpu/${step}, path in the address`,
        requestOf: (path) => ({
          method: 'POST',
          target: `${parts}/${step}/${path}`,
          headers: json,
          body: JSON.stringify({ path: 'x', ...part }),
        }),
      },
    ]),
    {
      name: 'mpu/part',
      requestOf: (path) => ({
        method: 'PUT',
        target: `${parts}/part/${'0'.repeat(32)}/1/${path}`,
        body: 'changed',
      }),
    },
  ];
}

function otherTargets(): readonly Target[] {
  const get = (name: string, address: () => string): Target => ({
    name,
    requestOf: (path) => ({ method: 'GET', target: `${address()}${path}` }),
  });
  const list = (name: string, address: () => string): Target => ({ ...get(name, address), lists: true });
  return [
    ...['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'].map((prefix) =>
      list(`${prefix} artifacts/list`, () => `${prefix}/mlflow/artifacts/list?run_id=${run}&path=`),
    ),
    get('get-artifact', () => `/get-artifact?run_id=${run}&path=`),
    get('get-artifact by run_uuid', () => `/get-artifact?run_uuid=${run}&path=`),
    get('model-versions/get-artifact', () => '/model-versions/get-artifact?name=m&version=1&path='),
    list(
      'logged-models directories',
      () => `/api/2.0/mlflow/logged-models/${model}/artifacts/directories?artifact_directory_path=`,
    ),
    get(
      'logged-models files',
      () => `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=`,
    ),
    {
      name: 'upload-artifact',
      requestOf: (path) => ({
        method: 'POST',
        target: `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${run}&path=${path}`,
        body: 'changed',
      }),
    },
  ];
}

/** Nothing outside of the artifacts was shown, changed, made or deleted. */
async function expectUnharmed(response: RawResponse): Promise<void> {
  expect(response.body).not.toContain(secret);
  for (const folder of ['.', 'artifacts'])
    expect(await readFile(join(mlflow.folder, folder, 'canary'), 'utf8')).toBe(secret);
  expect((await readdir(join(mlflow.folder, 'artifacts'))).toSorted()).toEqual([
    'canary',
    'files',
    'tmp',
    'uploads',
  ]);
}

/** What an address cannot hold goes as a query alone. */
const isAddress = (path: string): boolean => !/[\\\s]/.test(path);

describe.each(prefixes)('%s', (prefix) => {
  test.each(proxiedTargets(prefix))(
    '$name refuses every path that leaves the artifacts',
    async ({ requestOf }) => {
      for (const path of escapes.filter(isAddress)) {
        const response = await sendRaw(port, requestOf(path));
        expect([path, [400, 404, 414].includes(response.status), response.status]).toEqual([
          path,
          true,
          response.status,
        ]);
        await expectUnharmed(response);
      }
    },
  );
});

test.each(otherTargets())('$name refuses every path that leaves the artifacts', async ({ requestOf }) => {
  for (const path of escapes.filter(isAddress)) {
    const response = await sendRaw(port, requestOf(path));
    expect([path, response.status, response.body.slice(0, 200)]).toEqual([path, 400, expect.any(String)]);
    await expectUnharmed(response);
  }
});

test.each([...proxiedTargets('/api/2.0'), ...otherTargets()])(
  '$name takes a dot for the folder itself where it lists, and nowhere else',
  async ({ requestOf, lists = false }) => {
    for (const path of dotted) {
      const response = await sendRaw(port, requestOf(path));
      expect([path, response.status === 200]).toEqual([path, lists]);
      await expectUnharmed(response);
    }
  },
);

/** The same paths where they are no part of an address: as they stand, and as an address would mean them. */
const inBodies = [...new Set(escapes.flatMap((path) => [path, decoded(path)]))];

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

test.each(['presigned-upload-url', 'presigned-download-url'])(
  '%s gives no address for a path that leaves the artifacts, below any prefix',
  async (name) => {
    for (const prefix of ['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'])
      for (const path of inBodies) {
        const response = await mlflow.call('POST', `${prefix}/mlflow/artifacts/${name}`, {
          run_id: run,
          path,
        });
        expect([prefix, path, response.status]).toEqual([prefix, path, 400]);
        await expectUnharmed({ ...response, headers: {}, body: response.text });
      }
  },
);

test('GraphQL lists no folder that leaves the artifacts', async () => {
  const query =
    'query q($run: String!, $path: String!) { mlflowListArtifacts(input: { runId: $run, path: $path }) { rootUri files { path } } }';
  for (const path of inBodies) {
    const response = await mlflow.call('POST', '/graphql', { query, variables: { run, path } });
    expect([path, response.body['data']]).toEqual([path, { mlflowListArtifacts: null }]);
    await expectUnharmed({ ...response, headers: {}, body: response.text });
  }
});

test('a fragment in an address is refused, and does not shorten a path', async () => {
  const target = `${prefixes[0]}/mlflow-artifacts/artifacts`;
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const response = await sendRaw(port, { method, target: `${target}/canary#/../../x`, body: '' });
    expect([method, response.status]).toEqual([method, 400]);
  }
  expect(await readFile(join(mlflow.folder, 'artifacts/files/canary'), 'utf8')).toBe(secret);
});

test.each(harmless)('%s is a name like any other', async (path) => {
  const target = `${prefixes[0]}/mlflow-artifacts/artifacts/odd/${path}`;
  expect((await sendRaw(port, { method: 'PUT', target, body: path })).status).toBe(200);
  const got = await sendRaw(port, { method: 'GET', target });
  expect([got.status, got.body]).toEqual([200, path]);
  await expectUnharmed(got);
});

test('the file name of an upload in parts names no folder, whatever the caller has it in', async () => {
  for (const path of ['/etc/x', '..\\..\\x', 'C:\\temp\\x', '../../x', 'file:///etc/x']) {
    const target = `${prefixes[0]}/mlflow-artifacts/mpu/create/d`;
    const response = await sendRaw(port, {
      method: 'POST',
      target,
      headers: json,
      body: JSON.stringify({ path }),
    });
    expect([path, response.status]).toEqual([path, 200]);
    expect(response.body).toMatch(/mpu\/part\/[0-9a-f]{32}\/1\/d\/x"/);
  }
  for (const path of ['..', '/tmp/..', 'a\0b', '.', 'x#', 'x?', '/']) {
    const target = `${prefixes[0]}/mlflow-artifacts/mpu/create/d`;
    const response = await sendRaw(port, {
      method: 'POST',
      target,
      headers: json,
      body: JSON.stringify({ path }),
    });
    expect([path, response.status]).toEqual([path, 400]);
  }
});

test('a link among the artifacts is not followed by any verb', async () => {
  await symlink(join(mlflow.folder, 'canary'), join(mlflow.folder, 'artifacts/files/link'));
  await symlink(mlflow.folder, join(mlflow.folder, 'artifacts/files/linked'));
  for (const name of ['link', 'linked/canary']) {
    const target = `${prefixes[0]}/mlflow-artifacts/artifacts/${name}`;
    expect((await sendRaw(port, { method: 'GET', target })).status).toBe(404);
    expect((await sendRaw(port, { method: 'PUT', target, body: 'changed' })).status).toBe(400);
    await expectUnharmed(await sendRaw(port, { method: 'DELETE', target }));
  }
  const listed = await sendRaw(port, {
    method: 'GET',
    target: `${prefixes[0]}/mlflow-artifacts/artifacts?path=linked`,
  });
  expect(listed.body).toBe('{}');
});

test.each([
  'http:///?/../../../../etc/',
  'http:///#/../../../etc/',
  'http://host#/../../etc/',
  'mlflow-artifacts:/../../etc',
  'mlflow-artifacts://host:1/../../etc',
  'mlflow-artifacts:/x/%2e%2e/%252e%252e/etc',
  'mlflow-artifacts:/x;../../etc',
  'FILE:///etc/..',
  ':/etc',
  'javascript:alert(1)',
])('an experiment does not keep its artifacts at %s', async (artifact_location) => {
  const { status } = await mlflow.call('POST', '/api/2.0/mlflow/experiments/create', {
    name: `at ${artifact_location}`,
    artifact_location,
  });
  expect(status).toBe(400);
});

test.each(['file:///etc', 's3://bucket/models', 'http://127.0.0.1:1/secret', 'ftp://host/x', '/etc'])(
  'what an experiment says to keep at %s is not read by the server',
  async (artifact_location) => {
    const { body } = await mlflow.call('POST', '/api/2.0/mlflow/experiments/create', {
      name: `elsewhere ${artifact_location}`,
      artifact_location,
    });
    const created = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', {
      experiment_id: body['experiment_id'],
    });
    const { run_id } = (created.body['run'] as { info: { run_id: string } }).info;
    for (const target of [
      `/api/2.0/mlflow/artifacts/list?run_id=${run_id}`,
      `/api/2.0/mlflow/artifacts/list?run_id=${run_id}&path=passwd`,
      `/get-artifact?run_id=${run_id}&path=passwd`,
    ])
      expect([target, (await sendRaw(port, { method: 'GET', target })).status]).toEqual([target, 400]);
  },
);

test.each([
  { source: 'file:///etc/' },
  { source: '//proc/self/root' },
  { source: 'file:\\..\\..\\x' },
  { source: 'mlflow-artifacts:/../../etc' },
  { source: '/etc' },
  { source: 'file:///etc/', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] },
])('a version is not registered from $source', async (version) => {
  const { status } = await mlflow.call('POST', '/api/2.0/mlflow/model-versions/create', {
    name: 'm',
    ...version,
  });
  expect(status).toBe(400);
});

test('a version whose source got past every check is checked again when it is read', async () => {
  const { sql, transaction } = mlflow.database;
  const row = { model: 'm', version: 99, source: 'file:///etc', metrics: '{}', created_at: 1, updated_at: 1 };
  const insert = sql.insertInto('model_versions').values({ ...row, run_id: null, folder: null });
  await transaction((open) => open.run([insert]));
  for (const [source, path] of [
    ['file:///etc', 'passwd'],
    ['mlflow-artifacts:/../..', 'canary'],
    ['mlflow-artifacts:/%2e%2e', 'canary'],
    ['//proc/self/root', 'etc/passwd'],
  ] as const) {
    const update = sql.updateTable('model_versions').set({ source }).where('version', '=', 99);
    await transaction((open) => open.run([update]));
    const target = `/model-versions/get-artifact?name=m&version=99&path=${path}`;
    expect([source, (await sendRaw(port, { method: 'GET', target })).status]).toEqual([source, 400]);
  }
});

test('a file name cannot write headers', async () => {
  const target = `${prefixes[0]}/mlflow-artifacts/artifacts/d/${encodeURIComponent('a";x=y\u202e.html')}`;
  await sendRaw(port, { method: 'PUT', target, body: '<script>' });
  const { headers } = await sendRaw(port, { method: 'GET', target });
  expect(headers['content-disposition']).toBe(
    `attachment; filename="a\\";x=y_.html"; filename*=UTF-8''a%22%3Bx%3Dy%E2%80%AE.html`,
  );
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
});
