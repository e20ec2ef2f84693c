import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { modelyard, startModelyard, temporaryFolder } from './product.ts';

test('a server for others does not start without a token', async () => {
  await using state = await temporaryFolder();
  const { code, err } = await modelyard([
    'server',
    '--host',
    '0.0.0.0',
    '--port',
    '0',
    '--state',
    state.path,
  ]);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('MODELYARD_ADMIN_TOKEN') });
});

test('it serves MLflow clients that send the token, and shuts down on request', async () => {
  await using state = await temporaryFolder();
  const env = { MODELYARD_ADMIN_TOKEN: 'a-long-secret' };
  const server = startModelyard(['server', '--port', '0', '--state', state.path], { env });
  const listening = JSON.parse(await server.line(/"listening"/)) as { readonly url: string };
  const ask = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${listening.url}/api/2.0/mlflow/experiments/get?experiment_id=0`, { headers });

  const refused = await ask({});
  expect([refused.status, await refused.json()]).toEqual([
    401,
    expect.objectContaining({ error_code: 'UNAUTHENTICATED' }),
  ]);
  const password = Buffer.from('ada:a-long-secret').toString('base64');
  const response = await ask({ authorization: `Basic ${password}` });
  expect(await response.json()).toMatchObject({ experiment: { name: 'Default' } });
  expect((await fetch(`${listening.url}/health`)).status).toBe(200);

  server.kill('SIGTERM');
  expect(await server.finished).toMatchObject({ code: 0 });
});

test('without a reader of its output it keeps serving, and commands beside it find it until it is stopped', async () => {
  await using state = await temporaryFolder();
  const server = startModelyard(['server', '--json', '--port', '0', '--state', state.path], {
    closeOut: true,
  });
  const { url } = JSON.parse(await server.line(/"listening"/)) as { readonly url: string };
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const runs = await modelyard(['runs', '--state', state.path], { cwd: state.path });
  expect(runs).toMatchObject({ code: 0, err: '' });
  expect(await readdir(state.path)).toContain('server.json');
  server.kill('SIGTERM');
  expect(await server.finished).toMatchObject({ code: 0, err: expect.stringContaining('"stopping"') });
  expect(await readdir(state.path)).not.toContain('server.json');
});

test('a request can reset the server only if it was started for that', async () => {
  await using state = await temporaryFolder();
  const at = ['server', '--port', '0', '--state', state.path];
  for (const [reset, status, experiments] of [
    ['0', 404, 2],
    ['1', 200, 1],
  ] as const) {
    const server = startModelyard(at, { env: { MODELYARD_TEST_RESET: reset } });
    const { url } = JSON.parse(await server.line(/"listening"/)) as { readonly url: string };
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ name: `made ${reset}` });
    await fetch(`${url}/api/2.0/mlflow/experiments/create`, { method: 'POST', headers, body });
    const artifact = `${url}/api/2.0/mlflow-artifacts/artifacts/0/a.txt`;
    await fetch(artifact, { method: 'PUT', body: 'bytes' });
    expect((await fetch(`${url}/test/reset`, { method: 'POST' })).status).toBe(status);
    expect((await fetch(artifact)).status).toBe(reset === '1' ? 404 : 200);
    const found = await fetch(`${url}/api/2.0/mlflow/experiments/search?max_results=10`);
    expect(((await found.json()) as { experiments: unknown[] }).experiments.length).toBe(experiments);
    server.kill('SIGTERM');
    await server.finished;
  }
});
