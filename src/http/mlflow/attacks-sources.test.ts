import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const prefixes = ['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'];
const secret = 'canary: alive';

let mlflow: OpenMlflow;
let canary = '';

beforeAll(async () => {
  mlflow = await openMlflow();
  canary = join(mlflow.folder, 'canary');
  await writeFile(canary, secret);
  await mlflow.call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'm' });
});
afterAll(() => mlflow[Symbol.asyncDispose]());

/** What a version may not be made of, whatever else is said of it. */
const wrongSources = [
  'file:///etc/',
  'file:/etc/passwd',
  'file:etc/passwd',
  'FILE:///etc',
  'FiLe://localhost/etc',
  'file:\\..\\..\\x',
  '//proc/self/root',
  '/etc',
  '/',
  '.',
  '..',
  '../x',
  '~/x',
  './x',
  ':/etc',
  'C:/x',
  'C:\\x',
  '\\\\host\\share',
  'javascript:alert(1)',
  'data:text/html,x',
  'javascript://h/%0aalert(1)',
  'jar:file:///etc!/x',
  's3:/b/models/../../x',
  's3://b/models/%2e%2e/x',
  's3://b/models/%252e%252e/x',
  's3://b/models/%25252e%25252e/x',
  's3://b/models/..%2f..%2fx',
  's3://b/models/x\u0000.txt',
  's3://b/models/x%00.txt',
  's3://b/models\r\nHost: x',
  's3://b/%c0%ae%c0%ae/x',
  'http:///?/../../../../etc/',
  'http:///#/../../../etc/',
  'http://host#/../../etc/',
  'http://h/x;../../etc',
  'http://h/x?y=../../etc',
  'mlflow-artifacts:/../../etc',
  'mlflow-artifacts://h:1/../../x',
  'mlflow-artifacts:/%2e%2e/x',
  'mlflow-artifacts:/a/./b',
  'dbfs:/../x',
  'runs:/../../x',
  'models:/../x',
  'models:/m/1/../../x',
  `s3://b/${'x'.repeat(5000)}`,
  ` file:///etc`,
  '\tfile:///etc',
];

/** What callers said to get past the check elsewhere. */
const excuses: readonly object[] = [
  {},
  { tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] },
  { tags: [{ key: 'mlflow.prompt.text', value: 'x' }] },
  { run_id: 'a'.repeat(32) },
  { run_id: '../../x', run_link: 'file:///etc' },
  { model_id: 'm-1' },
];

describe.each(prefixes)('%s', (prefix) => {
  test('no version is made of a path on this machine or a way upwards, with whatever excuse', async () => {
    for (const source of wrongSources)
      for (const excuse of excuses) {
        const { status } = await mlflow.call('POST', `${prefix}/mlflow/model-versions/create`, {
          name: 'm',
          source,
          ...excuse,
        });
        expect([source, excuse, status]).toEqual([source, excuse, 400]);
      }
    const { body } = await mlflow.call('GET', `${prefix}/mlflow/model-versions/search`);
    expect(body).toEqual({});
  });

  test('no experiment keeps its artifacts at an address with a way upwards, a query or a fragment', async () => {
    for (const artifact_location of [
      'http:///?/../../../../etc/',
      'http:///#/../../../etc/',
      'http://host#/../../etc/',
      's3://b/x?y',
      's3://b/x#y',
      's3://b/../x',
      's3://b/%2e%2e/x',
      's3://b/%252e%252e/x',
      's3://b/x\u0000',
      's3://b/x\r\ny',
      'mlflow-artifacts:/../x',
      'mlflow-artifacts:/x;../../etc',
      'mlflow-artifacts:/..\\x',
      'FILE:///etc/..',
      ':/etc',
      'javascript:alert(1)',
      `s3://b/${'x'.repeat(1_000_000)}`,
    ]) {
      const { status } = await mlflow.call('POST', `${prefix}/mlflow/experiments/create`, {
        name: `${prefix} ${artifact_location.slice(0, 100)}`,
        artifact_location,
      });
      expect([artifact_location.slice(0, 100), status]).toEqual([artifact_location.slice(0, 100), 400]);
    }
  });

  test('what lies where an experiment says, beside the store, is neither listed nor sent', async () => {
    const location = pathToFileURL(mlflow.folder).href;
    const creation = await mlflow.call('POST', `${prefix}/mlflow/experiments/create`, {
      name: `beside ${prefix}`,
      artifact_location: location,
    });
    const created = await mlflow.call('POST', `${prefix}/mlflow/runs/create`, {
      experiment_id: creation.body['experiment_id'],
    });
    const { run_id } = (created.body['run'] as { readonly info: { readonly run_id: string } }).info;
    const version = await mlflow.call('POST', `${prefix}/mlflow/model-versions/create`, {
      name: 'm',
      source: `${location}/${creation.body['experiment_id'] as string}`,
      run_id,
    });
    const number = (version.body['model_version'] as { readonly version?: string } | undefined)?.version;
    for (const path of ['canary', '../canary', '..%2fcanary', 'artifacts', ''])
      for (const target of [
        `${prefix}/mlflow/artifacts/list?run_id=${run_id}&path=${path}`,
        `/get-artifact?run_uuid=${run_id}&path=${path}`,
        `/get-artifact?run_id=${run_id}&path=${path}`,
        `/model-versions/get-artifact?name=m&version=${number ?? 1}&path=${path}`,
        `/ajax-api/2.0/mlflow/get-trace-artifact?run_id=${run_id}&path=${path}`,
      ]) {
        const response = await mlflow.call('GET', target);
        expect([target, response.status >= 400, response.text.includes(secret)]).toEqual([
          target,
          true,
          false,
        ]);
      }
  });
});

test.each(prefixes)('below %s no webhook goes to an address that is not public', async (prefix) => {
  const events = [{ entity: 'MODEL_VERSION', action: 'CREATED' }];
  const webhooks = `${prefix}/mlflow/webhooks`;
  const creation = await mlflow.call('POST', webhooks, {
    name: 'good',
    url: 'https://example.com/x',
    events,
  });
  const { webhook_id: id } = creation.body['webhook'] as { readonly webhook_id: string };
  for (const url of [
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::ffff:169.254.169.254]/',
    'https://2852039166/',
    'https://0251.0376.0251.0376/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://x.localhost./',
    'https://[fd00::1]/',
    'https://user:secret@example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
  ]) {
    const { status } = await mlflow.call('POST', webhooks, { name: 'w', url, events });
    const changed = await mlflow.call('PATCH', `${webhooks}/${id}`, { url });
    expect([url, status, changed.status]).toEqual([url, 400, 400]);
  }
  await mlflow.call('DELETE', `${webhooks}/${id}`);
});

test('an address on the network that an experiment or a version names is not asked by the server', async () => {
  const asked: string[] = [];
  const target = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(secret);
  });
  await new Promise<void>((listening) => target.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void target.close());
  const location = `http://127.0.0.1:${(target.address() as AddressInfo).port}/store`;
  const creation = await mlflow.call('POST', '/api/2.0/mlflow/experiments/create', {
    name: 'on the network',
    artifact_location: location,
  });
  const created = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', {
    experiment_id: creation.body['experiment_id'],
  });
  const { run_id } = (created.body['run'] as { readonly info: { readonly run_id: string } }).info;
  await mlflow.call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'networked' });
  const version = { name: 'networked', source: location, run_id };
  expect((await mlflow.call('POST', '/api/2.0/mlflow/model-versions/create', version)).status).toBe(200);
  for (const path of [
    `/api/2.0/mlflow/artifacts/list?run_id=${run_id}`,
    `/get-artifact?run_id=${run_id}&path=x`,
    '/model-versions/get-artifact?name=networked&version=1&path=x',
    `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${run_id}&path=x`,
  ])
    for (const method of ['GET', 'POST'] as const) {
      const response = await mlflow.call(method, path, method === 'POST' ? {} : undefined);
      expect([path, response.status >= 400, response.text.includes(secret)]).toEqual([path, true, false]);
    }
  expect(asked).toEqual([]);
});
