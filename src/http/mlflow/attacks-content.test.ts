import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendRaw } from './raw-http.fixture.ts';
import { openMlflow, type OpenMlflow } from './testing.fixture.ts';

const script = '<script>alert(document.domain)</script>';

/** Files that a browser would run, or take for what they are not, if it were let. */
const files: Readonly<Record<string, string>> = {
  'x.html': `<!doctype html>${script}`,
  'x.HTM': `<!doctype html>${script}`,
  'x.xhtml': `<html xmlns="http://www.w3.org/1999/xhtml">${script}</html>`,
  'x.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}</svg>`,
  'x.xml': `<?xml version="1.0"?><?xml-stylesheet href="javascript:alert(1)"?><x/>`,
  'x.pdf': '%PDF-1.4 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>',
  'x.png': `PNG\r\n${script}`,
  'x.js': 'alert(1)',
  'x.json': `{"a":"${script}"}`,
  'x.swf': 'FWS movie',
  'x.mht': `Content-Type: text/html\n\n${script}`,
  'x.html.unknown': script,
  x: script,
  MLmodel: `flavors: !!js/function "function(){ throw new Error('ran') }"\ntoString: !!js/function "() => 1"\n`,
};

let mlflow: OpenMlflow;
let port = 0;
let run = '';
let model = '';

beforeAll(async () => {
  mlflow = await openMlflow();
  await mlflow.server.listen({ port: 0, host: '127.0.0.1' });
  port = (mlflow.server.server.address() as AddressInfo).port;
  const created = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  run = (created.body['run'] as { readonly info: { readonly run_id: string } }).info.run_id;
  const logged = await mlflow.call('POST', '/api/2.0/mlflow/logged-models', {
    experiment_id: '0',
    name: 'm',
  });
  model = (logged.body['model'] as { readonly info: { readonly model_id: string } }).info.model_id;
  await mlflow.call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'm' });
  const version = { name: 'm', source: `mlflow-artifacts:/0/${run}/artifacts`, run_id: run };
  expect((await mlflow.call('POST', '/api/2.0/mlflow/model-versions/create', version)).status).toBe(200);
  for (const [name, body] of Object.entries(files)) {
    const uploaded = await sendRaw(port, {
      method: 'POST',
      target: `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${run}&path=${name}`,
      headers: { 'content-type': 'text/html' },
      body,
    });
    expect([name, uploaded.status]).toEqual([name, 200]);
    const folder = `0/models/${model}/artifacts`;
    const target = `/api/2.0/mlflow-artifacts/artifacts/${folder}/${name}`;
    expect([name, (await sendRaw(port, { method: 'PUT', target, body })).status]).toEqual([name, 200]);
  }
});
afterAll(() => mlflow[Symbol.asyncDispose]());

/** Every way to read a file back. */
const ways: readonly (readonly [string, (name: string) => string])[] = [
  ...['/api/2.0', '/api/2.0/preview', '/ajax-api/2.0', '/api/3.0', '/ajax-api/3.0'].map(
    (prefix): readonly [string, (name: string) => string] => [
      `${prefix}/mlflow-artifacts`,
      (name) => `${prefix}/mlflow-artifacts/artifacts/0/${run}/artifacts/${name}`,
    ],
  ),
  ['/get-artifact', (name) => `/get-artifact?run_id=${run}&path=${name}`],
  ['/get-artifact by run_uuid', (name) => `/get-artifact?run_uuid=${run}&path=${name}`],
  ['/model-versions/get-artifact', (name) => `/model-versions/get-artifact?name=m&version=1&path=${name}`],
  [
    'files of a logged model',
    (name) => `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=${name}`,
  ],
];

describe.each(ways)('%s', (_way, addressOf) => {
  test('a file is saved and not shown, and runs nothing if it is shown all the same', async () => {
    for (const [name, body] of Object.entries(files)) {
      const target = addressOf(name);
      for (const headers of [{}, { accept: 'text/html' }, { range: 'bytes=0-3' }]) {
        const response = await sendRaw(port, { method: 'GET', target, headers });
        expect([target, [200, 206].includes(response.status)]).toEqual([target, true]);
        expect([target, response.headers]).toEqual([
          target,
          expect.objectContaining({
            'content-disposition': expect.stringMatching(/^attachment; filename=/),
            'x-content-type-options': 'nosniff',
            'content-security-policy': "sandbox; default-src 'none'",
          }),
        ]);
        expect([target, response.body.length]).toEqual([target, 'range' in headers ? 4 : body.length]);
      }
    }
  });
});

test('what a caller says of a file does not become a header of it', async () => {
  const target = `/api/2.0/mlflow-artifacts/artifacts/d/said.bin`;
  const headers = {
    'content-type': 'text/html',
    'content-disposition': 'inline; filename=x.html',
    'x-content-type-options': 'sniff',
  };
  expect((await sendRaw(port, { method: 'PUT', target, headers, body: script })).status).toBe(200);
  const response = await sendRaw(port, {
    method: 'GET',
    target: `${target}?response-content-type=text/html`,
  });
  expect(response.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename=said.bin',
    'x-content-type-options': 'nosniff',
  });
  expect([response.headers['content-encoding'], response.body]).toEqual([undefined, script]);
  const encoded = await sendRaw(port, {
    method: 'PUT',
    target,
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: 'other',
  });
  const kept = await sendRaw(port, { method: 'GET', target });
  expect([encoded.status, kept.headers['content-encoding'], kept.body]).toEqual([415, undefined, script]);
});

test.each([
  'a%22b.html',
  'a%27b.html',
  'a%3Bb.html',
  'a%2Cb.html',
  'a%5Cb.html',
  '%E2%80%AElmth.exe',
  'a%E2%80%8B.html',
  '%C3%BC.html',
  'a%0d%0aSet-Cookie:%20x=y',
  'a%0aX-Evil:%201',
  'a%00b',
])('the name %s stays inside its header', async (name) => {
  const target = `/api/2.0/mlflow-artifacts/artifacts/d/${name}`;
  const put = await sendRaw(port, { method: 'PUT', target, body: script });
  const { status, headers } = await sendRaw(port, { method: 'GET', target });
  expect(['x-evil' in headers, 'set-cookie' in headers]).toEqual([false, false]);
  const refused = /%0|%5C/i.test(name);
  expect([put.status, status]).toEqual(refused ? [400, 400] : [200, 200]);
  expect(headers['content-disposition'] ?? 'attachment; filename=refused').toMatch(
    /^attachment; filename=("(?:[ !#-[\]-~]|\\["\\])*"|[^ ",;]+)(; filename\*=UTF-8''[\w%.~!$&+^`|-]+)?$/,
  );
});

test('errors say what they say as JSON, whatever stands in them', async () => {
  const asked = [
    `/api/2.0/mlflow/runs/get?run_id=${encodeURIComponent(script)}`,
    `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${encodeURIComponent(script)}`,
    `/ajax-api/2.0/mlflow/registered-models/get?name=${encodeURIComponent(script)}`,
    `/get-artifact?run_id=${encodeURIComponent(script)}&path=x`,
    `/model-versions/get-artifact?name=${encodeURIComponent(script)}&version=1&path=x`,
    `/api/2.0/mlflow/${encodeURIComponent(script)}`,
    `/graphql?query=${encodeURIComponent(`{ ${script} }`)}`,
  ];
  for (const target of asked) {
    const { headers } = await sendRaw(port, { method: 'GET', target, headers: { accept: 'text/html' } });
    expect([target, headers['content-type'], headers['x-content-type-options']]).toEqual([
      target,
      expect.stringMatching(/^application\/json/),
      'nosniff',
    ]);
  }
});
