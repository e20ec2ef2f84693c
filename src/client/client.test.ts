import { expect, test } from 'vitest';
import { routes } from '../api/routes.ts';
import { PlatformError } from '../kernel/errors.ts';
import { createClient } from './client.ts';

const url = 'http://127.0.0.1:4310';

/** A fetch that keeps what it was asked and returns the same response. */
function answering(body: unknown, status = 200): { readonly fetch: typeof fetch; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    asked,
    fetch: async (address, init) => {
      const request = new Request(address, init);
      const { method, headers } = request;
      const body = await request.text();
      asked.push({ method, url: request.url, body, authorization: headers.get('authorization') });
      return new Response(text, { status });
    },
  };
}

async function errorOf(promise: Promise<unknown>): Promise<PlatformError> {
  const error = await promise.then(() => undefined).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(PlatformError);
  return error as PlatformError;
}

test('has every operation of the route table', () => {
  const client = createClient('http://localhost');
  for (const name of Object.keys(routes)) expect(client).toHaveProperty(name, expect.any(Function));
});

test('fills the path, and sends the rest as the query of a GET', async () => {
  const { fetch, asked } = answering([]);
  await createClient(`${url}/`, { token: 'secret', fetch }).listRuns({ project: 'a/b c', limit: 20 });
  expect(asked).toEqual([
    {
      method: 'GET',
      url: `${url}/api/projects/a%2Fb%20c/runs?limit=20`,
      body: '',
      authorization: 'Bearer secret',
    },
  ]);
});

test('sends the rest as the body of a POST', async () => {
  const { fetch, asked } = answering({});
  await createClient(url, { fetch }).startRun({ project: 't20-score', by: 'person' });
  expect(asked).toEqual([
    {
      method: 'POST',
      url: `${url}/api/projects/t20-score/runs`,
      body: '{"by":"person"}',
      authorization: null,
    },
  ]);
});

test('the request alone is the body of a prediction', async () => {
  const { fetch, asked } = answering({});
  await createClient(url, { fetch }).predict({ endpoint: 't20-score', request: { overs: 12, venue: null } });
  expect(asked[0]).toMatchObject({ url: `${url}/predict/t20-score`, body: '{"overs":12,"venue":null}' });
});

test('throws what the server said', async () => {
  const detail = { field: 'overs', value: 99, remedy: 'Give 0 to 20.' };
  const { fetch } = answering({ error: { code: 'INPUT_INVALID', message: 'bad input', detail } }, 400);
  const error = await errorOf(createClient(url, { fetch }).predict({ endpoint: 't20-score', request: {} }));
  expect(error).toMatchObject({ code: 'INPUT_INVALID', status: 400, detail });
});

test('says that the server does not respond', async () => {
  const refusing: typeof fetch = () => Promise.reject(new TypeError('connect ECONNREFUSED'));
  const error = await errorOf(createClient(url, { fetch: refusing }).listProjects({}));
  expect(error).toMatchObject({
    code: 'NOT_READY',
    detail: { field: 'server', value: `${url}/api/projects` },
  });
});

test.each([
  [502, '<html>Bad gateway</html>'],
  [200, '<html>Welcome</html>'],
  [500, '{"oops":true}'],
])('says that a response %i %s is not of this server', async (status, text) => {
  const { fetch } = answering(text, status);
  const error = await errorOf(createClient(url, { fetch }).listProjects({}));
  expect(error).toMatchObject({
    code: 'INTERNAL',
    detail: { field: 'response', value: `${status} ${text}` },
  });
});

test('a call that was given up rejects with the reason, not with an error of the platform', async () => {
  const giveUp = new AbortController();
  const hanging: typeof fetch = (_address, init) =>
    new Promise((_resolve, reject) =>
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
    );
  const projects = createClient(url, { fetch: hanging }).listProjects({}, { signal: giveUp.signal });
  giveUp.abort();
  await expect(projects).rejects.toMatchObject({ name: 'AbortError' });
});
