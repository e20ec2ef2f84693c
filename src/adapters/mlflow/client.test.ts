import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { type MlflowClientOptions, openMlflowClient, type MlflowClient } from './client.ts';
import { isAbsent, MlflowFailure } from './failure.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A client of a server that answers as told. */
async function clientOf(
  answer: Answer,
  options: Partial<MlflowClientOptions> & { readonly prefix?: string } = {},
): Promise<MlflowClient> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const client = openMlflowClient({ url: `http://127.0.0.1:${port}${options.prefix ?? ''}`, ...options });
  return {
    ...client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function failureOf(asked: Promise<unknown>): Promise<MlflowFailure> {
  const error: unknown = await asked.then(
    () => undefined,
    (failed: unknown) => failed,
  );
  if (error instanceof MlflowFailure) return error;
  throw new TypeError(`no failure of MLflow: ${String(error)}`);
}

const echo: Answer = (request, response) => {
  void textOf(request).then((body) => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, body, ...headers }));
  });
};

test('a path lies below the prefix, and a name with several values is repeated', async () => {
  await using client = await clientOf(echo, { prefix: '/mlflow/' });
  expect(await client.get('/api/runs', { id: ['a', 'b c'], page: undefined, n: 1 })).toMatchObject({
    method: 'GET',
    url: '/mlflow/api/runs?id=a&id=b+c&n=1',
  });
});

test.each(['POST', 'PATCH', 'DELETE'] as const)('%s sends a body of JSON', async (method) => {
  await using client = await clientOf(echo);
  const name = method.toLowerCase() as 'post' | 'patch' | 'delete';
  expect(await client[name]('/api', { key: 'é' })).toMatchObject({
    method,
    body: '{"key":"é"}',
    'content-length': '12',
    'content-type': 'application/json',
  });
});

test.each([
  ['a token', { kind: 'token', token: 'abc' } as const, 'Bearer abc'],
  ['a password', { kind: 'password', username: 'a', password: 'é' } as const, 'Basic YTrDqQ=='],
])('%s goes with every request', async (_case, credentials, authorization) => {
  await using client = await clientOf(echo, { credentials });
  expect(await client.get('/api')).toMatchObject({ authorization });
});

test('credentials in the address are sent and not shown', async () => {
  await using client = openMlflowClient({ url: 'http://a:b%3A@127.0.0.1:9' });
  expect(client.url).toBe('http://127.0.0.1:9');
});

test('an address that is none is refused', () => {
  expect(() => openMlflowClient({ url: 'ftp://x' })).toThrow(PlatformError);
});

test('an error of MLflow keeps its code and says whether to try again', async () => {
  await using client = await clientOf((request, response) => {
    response.statusCode = request.url === '/busy' ? 503 : 404;
    response.setHeader('retry-after', '2');
    response.end('{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no such run"}');
  });
  const absent = await failureOf(client.get('/absent'));
  expect(absent).toMatchObject({ errorCode: 'RESOURCE_DOES_NOT_EXIST', httpStatus: 404, mayPass: false });
  expect(absent.message).toContain('no such run');
  expect(isAbsent(absent)).toBe(true);
  expect(await failureOf(client.get('/busy'))).toMatchObject({ mayPass: true, after: 2000 });
});

test.each([
  { httpStatus: 200, mayPass: false },
  { httpStatus: 502, mayPass: true },
])('a page with status $httpStatus is no answer of MLflow', async (facts) => {
  await using client = await clientOf((_request, response) => {
    response.statusCode = facts.httpStatus;
    response.end('<html>sign in</html>');
  });
  expect(await failureOf(client.get('/api'))).toMatchObject({ errorCode: undefined, ...facts });
});

test('nobody there, a silent server and a body cut short may pass', async () => {
  await using nobody = openMlflowClient({ url: 'http://127.0.0.1:9' });
  expect(await failureOf(nobody.get('/'))).toMatchObject({ httpStatus: undefined, mayPass: true });
  await using silent = await clientOf(() => {}, { idle: 20 });
  expect(await failureOf(silent.get('/'))).toMatchObject({ mayPass: true });
  await using cut = await clientOf((_request, response) => {
    response.setHeader('content-length', '100');
    response.write('half');
    setImmediate(() => response.destroy());
  });
  const { content } = await cut.read('/file');
  expect(await failureOf(textOf(content))).toMatchObject({ mayPass: true });
});

test('a file comes and goes as it is', async () => {
  const pieces = ['ab', 'cd'].map((text) => Buffer.from(text));
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  let came = '';
  await using client = await clientOf((request, response) => {
    void textOf(request).then((body) => {
      came = `${request.method} ${request.headers['content-length'] ?? request.headers['transfer-encoding']} ${body}`;
      response.end(request.method === 'GET' ? 'bytes' : '{}');
    });
  });
  await client.put('/a', content(), 4);
  expect(came).toBe('PUT 4 abcd');
  await client.put('/a', content());
  expect(came).toBe('PUT chunked abcd');
  const file = await client.read('/a');
  expect({ size: file.size, text: await textOf(file.content) }).toEqual({ size: 5, text: 'bytes' });
});

test('a fault of what is sent stays what it is', async () => {
  const fault = new PlatformError('ARTIFACT_NOT_FOUND', { field: 'path', value: 'a', remedy: 'None.' });
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a');
    throw fault;
  }
  await using client = await clientOf(echo);
  await expect(client.put('/a', content())).rejects.toBe(fault);
});
